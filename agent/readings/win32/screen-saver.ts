import type { Sources } from '../../probe.ts';
import { readSettings, type Settings } from './registry.ts';
import { never } from './values.ts';

/** How a person's screen saver is set. */
export interface ScreenSaver {
  /** Seconds without input until it runs; null = it does not run: switched off, no time, or no saver chosen. */
  readonly seconds: number | null;
  /** A password is asked when it ends. */
  readonly secure: boolean;
  /** All that matters is set by policy. */
  readonly byPolicy: boolean;
}

/**
 * The four values of a person's screen saver, each from policy over the person's own setting. A fresh profile has it switched
 * on but no saver chosen: nothing runs, nothing locks.
 */
export async function readScreenSaver(sources: Sources, sid: string): Promise<ScreenSaver> {
  const policy = await readSettings(
    sources,
    `HKU\\${sid}\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop`,
  );
  const own = await readSettings(sources, `HKU\\${sid}\\Control Panel\\Desktop`);
  const set = <T>(read: (settings: Settings) => T | undefined) => read(policy) ?? read(own);
  const active = set((settings) => settings.digits('ScreenSaveActive', 1)) === 1;
  const secure = set((settings) => settings.digits('ScreenSaverIsSecure', 1)) === 1;
  const timeout = set((settings) => settings.digits('ScreenSaveTimeOut')) ?? 0;
  const program = set((settings) => settings.string('SCRNSAVE.EXE')) ?? '';
  const runs = active && timeout > 0 && program !== '' && program.toLowerCase() !== '(none)';
  return {
    seconds: runs ? timeout : null,
    secure,
    byPolicy: policy.has('ScreenSaveTimeOut') && policy.has('ScreenSaverIsSecure'),
  };
}

const defaultGraceSeconds = 5;

/** Seconds between the start of the saver and the password; Windows gives 5 where nothing is set. */
export async function readSaverGrace(sources: Sources): Promise<number> {
  const winlogon = await readSettings(
    sources,
    'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
  );
  const name = 'ScreenSaverGracePeriod';
  // Security templates write it as text, administrators' guides as a number; Windows takes both.
  const value = winlogon.key?.value(name)?.type === 'REG_SZ' ? winlogon.digits(name) : winlogon.dword(name);
  return value ?? defaultGraceSeconds;
}

/**
 * On Modern Standby: seconds between the dark display and the password, as chosen in Sign-in options. Not set = at once;
 * null = never.
 */
export async function readDelayLock(sources: Sources, sid: string): Promise<number | null> {
  const own = await readSettings(sources, `HKU\\${sid}\\Control Panel\\Desktop`);
  const seconds = own.dword('DelayLockInterval') ?? 0;
  return seconds === never ? null : seconds;
}
