import { type Sources, unparseable } from '../../probe.ts';
import { readable } from './settled.ts';
import { flag, integer, object, text } from './values.ts';

/** A drive letter of this machine. */
export interface Drive {
  /** `C:` */
  readonly letter: string;
  /** unknown = its driver does not tell what it hangs on. */
  readonly kind: 'system' | 'internal' | 'removable' | 'unknown';
  /** undefined = not told. */
  readonly readOnly: boolean | undefined;
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

const usb = 7;
const driveType = { removable: 2, fixed: 3 } as const;

type Fields = Readonly<Record<string, unknown>>;

function kindOf(drive: Fields, type: number, what: string): Drive['kind'] {
  if (type === driveType.removable) return 'removable';
  const busType = readable(() => integer(drive['busType'], what, 0, 255));
  const removableMedia = readable(() => flag(drive['removableMedia'], what));
  if (busType === usb || removableMedia === true) return 'removable';
  return busType === undefined || removableMedia === undefined ? 'unknown' : 'internal';
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
    const type = integer(drive['driveType'], what, 0, 6);
    if (type !== driveType.removable && type !== driveType.fixed) continue;
    const letter = driveLetter(drive['letter'], what);
    drives.push({
      letter,
      kind: letter === system ? 'system' : kindOf(drive, type, what),
      readOnly: readable(() => flag(drive['readOnly'], what)),
      ready: flag(drive['ready'], what),
    });
  }
  if (!drives.some(({ kind }) => kind === 'system')) throw unparseable(what);
  return { system, drives };
}
