import { randomBytes } from 'node:crypto';

/** UUIDv7: ordered by time, so that an index over them grows at its end. */
export function newId(now: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A pseudonym of a device or a person: 40 random bits, never made from anything of either. `D-7K3F9Q2M`, `P-7K3F9Q2M`. */
export function newLabel(kind: 'D' | 'P' = 'D'): string {
  return `${kind}-${[...randomBytes(8)].map((byte) => crockford[byte & 31]).join('')}`;
}

/** A secret to hand out: 32 random bytes in base64url. Only its digest is ever kept. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
