import { driveLetters } from './drives.ts';
import { type Native, room } from './native.ts';

const removable = 2;

/** The serial number Windows gave the volume when it was formatted; undefined for a slot without a medium. Any user. */
export function volumeSerial(native: Native, letter: string): string | undefined {
  const serial = room();
  const answer = native.call(
    'kernel32',
    'int GetVolumeInformationW(str16 root, void *name, uint32 nameSize, void *serial, void *length, void *flags, void *system, uint32 systemSize)',
    `${letter}\\`,
    null,
    0,
    serial,
    null,
    null,
    null,
    0,
  );
  return answer === 0 ? undefined : serial.readUInt32LE(0).toString(16).padStart(8, '0');
}

/**
 * A text that changes when a drive letter comes or goes, or when a medium is put into a slot that keeps its letter. Costs a few
 * calls and wakes no disk: only drives that Windows itself calls removable are asked for their volume.
 */
export function volumeSignature(native: Native): string {
  const mask = Number(native.call('kernel32', 'uint32 GetLogicalDrives()'));
  return driveLetters(mask)
    .map((letter) => {
      const type = Number(native.call('kernel32', 'uint32 GetDriveTypeW(str16 root)', `${letter}\\`));
      return type === removable ? `${letter}${volumeSerial(native, letter) ?? ''}` : letter;
    })
    .join(' ');
}
