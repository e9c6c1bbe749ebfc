import { type Sources, unparseable } from '../../probe.ts';
import { flag, integer, object, text } from './values.ts';

/** A drive letter of this machine. */
export interface Drive {
  /** `C:` */
  readonly letter: string;
  readonly kind: 'system' | 'internal' | 'removable';
  readonly readOnly: boolean;
  /** There is a medium in it, and its file system is mounted. */
  readonly ready: boolean;
}

const letterForm = /^[A-Z]:$/;

/** A drive letter as `C:`, or SourceError. Volumes may have none, then it is null. */
export function driveLetter(value: unknown, what: string): string {
  const letter = text(value, what).toUpperCase().replace(/\\$/, '');
  if (!letterForm.test(letter)) throw unparseable(what);
  return letter;
}

/**
 * Fixed and removable drives with a letter, from GetLogicalDrives and the storage descriptor of each. A drive is removable
 * when Windows calls it so, when it hangs on USB, or when its medium comes out; soldered eMMC (bus type SD or MMC, medium
 * fixed) is internal. The system drive is never removable.
 */
export async function readDrives(sources: Sources): Promise<{ system: string; drives: readonly Drive[] }> {
  const what = 'GetLogicalDrives';
  const answer = object(await sources.win32(what, []), what);
  const system = driveLetter(answer['systemDrive'], what);
  if (!Array.isArray(answer['drives'])) throw unparseable(what);
  const drives: Drive[] = [];
  for (const item of answer['drives']) {
    const drive = object(item, what);
    const driveType = integer(drive['driveType'], what, 0, 6);
    if (driveType !== 2 && driveType !== 3) continue;
    const letter = driveLetter(drive['letter'], what);
    const removable =
      driveType === 2 || integer(drive['busType'], what, 0, 255) === 7 || flag(drive['removableMedia'], what);
    drives.push({
      letter,
      kind: letter === system ? 'system' : removable ? 'removable' : 'internal',
      readOnly: flag(drive['readOnly'], what),
      ready: flag(drive['ready'], what),
    });
  }
  if (!drives.some(({ kind }) => kind === 'system')) throw unparseable(what);
  return { system, drives };
}
