import { absentAsUndefined, type Person, type Sources } from '../probe.ts';
import { isSharedName } from '../readings/shared-names.ts';
import type { PowerShellOptions } from './powershell.ts';
import { codeError } from './recording.ts';
import { registrySource } from './registry.ts';
import { win32Source } from './win32/index.ts';
import { openNative, room } from './win32/native.ts';
import { personInSession } from './win32/sessions.ts';
import { isTokenElevated } from './win32/token.ts';

const profileList = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';

/** The doors only Windows has, and the way from a recording's stand-ins to real paths. */
export interface WindowsSources extends Pick<Sources, 'registry' | 'wmi' | 'powershell' | 'win32'> {
  /**
   * Puts the real folder in for `%PROFILE:<SID>%` and `%ProgramData%`; text without them comes back as it is. Throws SourceError
   * ENOENT when that person has no profile here.
   */
  expand(text: string): Promise<string>;
}

export interface WindowsOptions extends Pick<PowerShellOptions, 'runCommand' | 'osVersion'> {}

/** The registry, native calls, and one PowerShell process that starts at the first query that needs it. */
export function windowsSources(options: WindowsOptions): WindowsSources {
  const registry = registrySource();
  let shell: Promise<Pick<Sources, 'wmi' | 'powershell'>> | undefined;
  const openShell = () => {
    shell ??= import('./powershell.ts').then(({ powershellSource }) =>
      powershellSource({ ...options, systemDirectory }),
    );
    return shell;
  };
  return {
    registry,
    win32: win32Source(),
    wmi: async (query, namespace) => (await openShell()).wmi(query, namespace),
    powershell: async (name) => (await openShell()).powershell(name),
    expand: (text) => expandPath(text, registry),
  };
}

/**
 * The person at the screen, under a stand-in (`generic` where the real name is a shared one); null when nobody is, or when Windows
 * does not say. Never throws.
 */
export async function personAtScreen(): Promise<Person | null> {
  try {
    const person = personInSession(await openNative());
    return person && { ...person, name: isSharedName(person.name) ? 'generic' : 'user' };
  } catch {
    return null;
  }
}

/** Whether the agent runs as the system or with an administrator's full token; false when Windows does not say. Never throws. */
export async function isElevated(): Promise<boolean> {
  try {
    return isTokenElevated(await openNative());
  } catch {
    return false;
  }
}

/** `C:\Windows\System32` as the system has it: the environment is the caller's and may say anything. */
export async function systemDirectory(): Promise<string> {
  return directory('uint32 GetSystemDirectoryW(void *buffer, uint32 size)');
}

async function directory(prototype: string): Promise<string> {
  const path = room(520);
  const length = Number((await openNative()).call('kernel32', prototype, path, 260));
  return path.toString('utf16le', 0, 2 * length);
}

/** Replaces stand-ins by what the registry's list of profiles says; see `WindowsSources.expand`. */
export async function expandPath(
  text: string,
  registry: Sources['registry'],
  windowsDirectory: () => Promise<string> = () =>
    directory('uint32 GetSystemWindowsDirectoryW(void *buffer, uint32 size)'),
): Promise<string> {
  const standIn = /%(?:PROFILE:(?<sid>S-[0-9-]+)|ProgramData)%/i.exec(text);
  if (standIn === null) return text;
  const sid = standIn.groups?.['sid'];
  const key = await absentAsUndefined(registry(sid === undefined ? profileList : `${profileList}\\${sid}`));
  const folder = key?.value(sid === undefined ? 'ProgramData' : 'ProfileImagePath')?.data;
  if (typeof folder !== 'string' || folder === '') throw codeError('ENOENT');
  const windows = await windowsDirectory();
  const real = folder
    .replace(/%SystemDrive%/i, () => windows.slice(0, 2))
    .replace(/%SystemRoot%/i, () => windows);
  return text.slice(0, standIn.index) + real + text.slice(standIn.index + standIn[0].length);
}
