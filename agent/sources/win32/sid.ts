/** A security identifier from its bytes: revision, count, six bytes of authority, then sub-authorities. `S-1-5-32-544`. */
export function decodeSid(bytes: Buffer): string {
  const count = bytes.readUInt8(1);
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}

/** The accounts in TOKEN_GROUPS: a count, then pointer and attributes each. `base` is where the bytes lay in memory. */
export function decodeTokenGroups(bytes: Buffer, base: bigint): string[] {
  return Array.from({ length: bytes.readUInt32LE(0) }, (_, index) =>
    decodeSid(bytes.subarray(offsetOf(bytes.readBigUInt64LE(8 + 16 * index), base))),
  );
}

/** The account in TOKEN_USER. */
export function decodeTokenUser(bytes: Buffer, base: bigint): string {
  return decodeSid(bytes.subarray(offsetOf(bytes.readBigUInt64LE(0), base)));
}

function offsetOf(pointer: bigint, base: bigint): number {
  if (pointer < base) throw new RangeError('pointer outside of its buffer');
  return Number(pointer - base);
}
