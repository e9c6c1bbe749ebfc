import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { CollectorKey } from './collector-key.ts';

/** Keeps small secrets so that the database alone is worth nothing to whoever copies it. */
export interface Sealer {
  /** The text encrypted for one purpose and one owner; it cannot be opened for any other. */
  seal(purpose: string, owner: string, text: string): string;
  /** What was sealed; undefined when it was not sealed here, or for something else. */
  open(purpose: string, owner: string, sealed: string): string | undefined;
  /** A digest nobody can compute, or find the text behind, without the collector's key. */
  digest(purpose: string, owner: string, text: string): Buffer;
}

/**
 * Its two keys are derived (HKDF-SHA-256, RFC 5869) from the collector's key file: whoever backs that file up with the database
 * can restore both, and whoever has only one of them can read nothing. AES-256-GCM and HMAC-SHA-256.
 */
export function sealerOf({ privateKey }: CollectorKey): Sealer {
  const material = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const keys = Buffer.from(hkdfSync('sha256', material, '', 'muster sealing 1', 64));
  const encryption = keys.subarray(0, 32);
  const authentication = keys.subarray(32);
  const contextOf = (purpose: string, owner: string) => Buffer.from(JSON.stringify([purpose, owner]));
  return {
    seal(purpose, owner, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', encryption, nonce).setAAD(contextOf(purpose, owner));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(purpose, owner, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 28) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(0, 12))
        .setAAD(contextOf(purpose, owner))
        .setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
    digest: (purpose, owner, text) =>
      createHmac('sha256', authentication)
        .update(JSON.stringify([purpose, owner, text]))
        .digest(),
  };
}
