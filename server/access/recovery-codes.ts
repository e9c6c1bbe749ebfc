import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** How many one gets at a time. */
const codes = 10;

/** Codes to write down, each good once: 60 random bits in Crockford's base32, `7K3F-9Q2M-X4TB`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: codes }, () => {
    const letters = [...randomBytes(12)].map((byte) => alphabet[byte & 31]).join('');
    return (letters.match(/.{4}/g) ?? []).join('-');
  });
}

/** A code as it was typed, in the one spelling that is digested; undefined when it cannot be one. */
export function readRecoveryCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(letters)) return undefined;
  return (letters.match(/.{4}/g) ?? []).join('-');
}
