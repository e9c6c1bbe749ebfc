import { type Native, room } from './native.ts';
import { closeHandle } from './token.ts';

const driveTypes = { removable: 2, fixed: 3 };
const control = { queryProperty: 0x2d1400, checkVerify: 0x2d0800, isWritable: 0x70024 };
const readOnlyVolume = 0x80000;
const writeProtected = 19;
/** ERROR_NOT_READY, ERROR_MEDIA_CHANGED, ERROR_NO_MEDIA_IN_DRIVE: a slot without a card. */
const noMedium = new Set([21, 1110, 1112]);

/** The head of STORAGE_DEVICE_DESCRIPTOR. Its serial number lies beyond and is never asked for. */
export function decodeStorageDevice(bytes: Buffer): { removableMedia: boolean; busType: number } {
  return { removableMedia: bytes.readUInt8(10) !== 0, busType: bytes.readUInt32LE(28) };
}

/** Drive letters of the bit mask GetLogicalDrives answers. */
export function driveLetters(mask: number): string[] {
  return Array.from({ length: 26 }, (_, bit) => bit)
    .filter((bit) => mask & (1 << bit))
    .map((bit) => `${String.fromCharCode(65 + bit)}:`);
}

interface Control {
  /** 0 = done, else the error number. */
  readonly error: number;
  readonly output: Buffer;
}

function deviceControl(
  native: Native,
  device: bigint,
  code: number,
  input: Buffer | null,
  size: number,
): Control {
  const output = room(Math.max(size, 8));
  const done = native.call(
    'kernel32',
    'int DeviceIoControl(uintptr_t device, uint32 code, void *input, uint32 inputSize, void *output, uint32 outputSize, void *returned, void *overlapped)',
    device,
    code,
    input,
    input?.length ?? 0,
    size === 0 ? null : output,
    size,
    room(),
    null,
  );
  return { error: done === 0 ? native.lastError() || 0x1f : 0, output };
}

function isReadOnlyVolume(native: Native, letter: string): boolean {
  const flags = room();
  const answer = native.call(
    'kernel32',
    'int GetVolumeInformationW(str16 root, void *name, uint32 nameSize, void *serial, void *length, void *flags, void *system, uint32 systemSize)',
    `${letter}\\`,
    null,
    0,
    null,
    null,
    flags,
    null,
    0,
  );
  return answer !== 0 && (flags.readUInt32LE(0) & readOnlyVolume) !== 0;
}

/** One drive. What its driver does not tell is left out, never guessed; a medium counts as ready unless the slot is empty. */
function readDrive(native: Native, letter: string, driveType: number) {
  const device = BigInt.asUintN(
    64,
    BigInt(
      native.call(
        'kernel32',
        'intptr_t CreateFileW(str16 name, uint32 access, uint32 share, void *security, uint32 disposition, uint32 flags, void *template)',
        // No access right at all: enough for these questions, and granted to any user.
        `\\\\.\\${letter}`,
        0,
        3,
        null,
        3,
        0,
        null,
      ),
    ),
  );
  if (device === 0xffffffffffffffffn) {
    return { letter, driveType, ready: !noMedium.has(native.lastError()) };
  }
  try {
    const property = deviceControl(native, device, control.queryProperty, room(12), 36);
    const verify = deviceControl(native, device, control.checkVerify, null, 0);
    const writable = deviceControl(native, device, control.isWritable, null, 0);
    return {
      letter,
      driveType,
      ...(property.error === 0 && decodeStorageDevice(property.output)),
      readOnly: writable.error === writeProtected || isReadOnlyVolume(native, letter),
      ready: !noMedium.has(verify.error),
    };
  } finally {
    closeHandle(native, device);
  }
}

/** W09: local disks with a drive letter, network and optical drives left out. */
export function logicalDrives(native: Native) {
  const path = room(520);
  native.call('kernel32', 'uint32 GetSystemWindowsDirectoryW(void *buffer, uint32 size)', path, 260);
  const mask = Number(native.call('kernel32', 'uint32 GetLogicalDrives()'));
  const drives = driveLetters(mask).flatMap((letter) => {
    const type = Number(native.call('kernel32', 'uint32 GetDriveTypeW(str16 root)', `${letter}\\`));
    return type === driveTypes.removable || type === driveTypes.fixed
      ? [readDrive(native, letter, type)]
      : [];
  });
  return { systemDrive: path.toString('utf16le', 0, 4).toUpperCase(), drives };
}
