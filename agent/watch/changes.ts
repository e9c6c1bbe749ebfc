import type { Signal } from './signal.ts';

/** How often the cheap question "has something changed?" is asked where the system does not say so by itself. */
const everyMs = 5_000;

/**
 * Calls `changed` when something may have been mounted. Linux: the mount table, read every five seconds. macOS: `diskutil activity`.
 * Windows: drive letters and the media behind them, asked for every five seconds, because an announcement of their arrival goes to
 * windows only and a service has none. What is mounted for less than five seconds may be missed on Linux and Windows.
 */
export async function watchForMedia(changed: () => void): Promise<Signal> {
  if (process.platform === 'darwin') {
    const { watchDisks } = await import('./darwin.ts');
    return watchDisks(changed);
  }
  return watchSignature(await signature(), everyMs, changed);
}

async function signature(): Promise<() => string> {
  if (process.platform !== 'win32') return (await import('./linux.ts')).mountSignature;
  const { openNative } = await import('../sources/win32/native.ts');
  const { volumeSignature } = await import('../sources/win32/volumes.ts');
  const native = await openNative();
  return () => volumeSignature(native);
}

/** Calls `changed` when the text is another one than last time. What cannot be read is another text. */
export function watchSignature(read: () => string, intervalMs: number, changed: () => void): Signal {
  const safely = () => {
    try {
      return read();
    } catch {
      return '';
    }
  };
  let last = safely();
  const timer = setInterval(() => {
    const now = safely();
    if (now === last) return;
    last = now;
    changed();
  }, intervalMs);
  return { stop: () => clearInterval(timer) };
}
