import type { Sources } from '../probe.ts';
import type { Medium } from '../readings/medium.ts';
import type { SeenMedium } from '../state/media.ts';
import { identityOf } from './identity.ts';

/**
 * The removable media mounted now, each with what identifies it on this machine, and how many could not be told. Throws SourceError
 * where nothing could be listed.
 */
export async function lookAtMedia(
  sources: Sources,
): Promise<{ readonly media: readonly SeenMedium[]; readonly complete: boolean }> {
  const { media, complete } = await read(sources);
  const seen = await Promise.all(
    media.map(async ({ device, encrypted, writable }) => ({
      ...(await identityOf(sources, device)),
      encrypted,
      writable,
    })),
  );
  return { media: seen, complete };
}

async function read(
  sources: Sources,
): Promise<{ readonly media: readonly Medium[]; readonly complete: boolean }> {
  if (sources.platform === 'linux') {
    const { readMedia } = await import('../readings/linux/media.ts');
    return { media: await readMedia(sources), complete: true };
  }
  const { readMedia } =
    sources.platform === 'darwin'
      ? await import('../readings/darwin/media.ts')
      : await import('../readings/win32/media.ts');
  const { media, failure } = await readMedia(sources);
  return { media, complete: failure === undefined };
}
