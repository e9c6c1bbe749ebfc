import { expectSuccess, type Native, pointerIn, room } from './native.ts';

/** SYSTEM_POWER_CAPABILITIES: 76 bytes, mostly one-byte flags. */
export function decodePowerCapabilities(bytes: Buffer) {
  return {
    AoAc: bytes.readUInt8(20) !== 0,
    SystemS3: bytes.readUInt8(5) !== 0,
    SystemBatteriesPresent: bytes.readUInt8(30) !== 0,
  };
}

/** W04: Modern Standby, S3 sleep, batteries. */
export function powerCapabilities(native: Native) {
  const capabilities = room(76);
  expectSuccess(
    native.call(
      'powrprof',
      'uint32 CallNtPowerInformation(int level, void *input, uint32 inputSize, void *output, uint32 outputSize)',
      4,
      null,
      0,
      capabilities,
      76,
    ),
  );
  return decodePowerCapabilities(capabilities);
}

/** A GUID as Windows keeps it: the first three groups little-endian. Throws RangeError on anything else. */
export function guidBytes(text: string): Buffer {
  const plain = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.replaceAll('-', '') : '';
  if (plain === '') throw new RangeError('not a GUID');
  const bytes = Buffer.from(plain, 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** W05: a setting of the active power plan, on mains (`AC`) or battery (`DC`). */
export function powerValue(native: Native, current: 'AC' | 'DC', subgroup: string, setting: string) {
  const scheme = room();
  expectSuccess(
    native.call('powrprof', 'uint32 PowerGetActiveScheme(void *root, void *scheme)', null, scheme),
  );
  const value = room();
  try {
    expectSuccess(
      native.call(
        'powrprof',
        `uint32 PowerRead${current}ValueIndex(void *root, uintptr_t scheme, void *subgroup, void *setting, void *value)`,
        null,
        pointerIn(scheme),
        guidBytes(subgroup),
        guidBytes(setting),
        value,
      ),
    );
  } finally {
    native.call('kernel32', 'uintptr_t LocalFree(uintptr_t memory)', pointerIn(scheme));
  }
  return { value: value.readUInt32LE(0) };
}
