import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The key of what is known about people is not there, or is not a key. Nothing can be read without it. */
export class NoPeopleKey extends Error {
  override readonly name = 'NoPeopleKey';
}

/** Seals what is said about people: AES-256-GCM, bound to the place it is kept in, so that nothing can be moved to another. */
export interface Seal {
  close(place: string, value: unknown): Buffer;
  /** Throws where it was changed, moved, or sealed with another key. */
  open(place: string, sealed: Uint8Array): unknown;
}

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

export function sealWith(key: Uint8Array): Seal {
  return {
    close(place, value) {
      const iv = randomBytes(ivBytes);
      const closing = createCipheriv(cipher, key, iv).setAAD(Buffer.from(place));
      const text = Buffer.concat([closing.update(JSON.stringify(value), 'utf8'), closing.final()]);
      return Buffer.concat([iv, closing.getAuthTag(), text]);
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed);
      const opening = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      const text = Buffer.concat([opening.update(bytes.subarray(ivBytes + tagBytes)), opening.final()]);
      return JSON.parse(text.toString('utf8')) as unknown;
    },
  };
}

/**
 * The key in a file that only this account may read; made where there is none and nothing was sealed before. Throws NoPeopleKey.
 */
export function peopleKey(path: string, mayCreate: boolean): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (!mayCreate) {
      throw new NoPeopleKey(
        'the key of what is known about people is missing; restore people.key from the backup',
      );
    }
    return createKey(path);
  }
  const key = Buffer.from(text, 'base64url');
  if (key.length !== 32) throw new NoPeopleKey('people.key holds no key; restore it from the backup');
  return key;
}

/** Of several collectors that start at once one makes the key, and all of them use that one. */
function createKey(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return peopleKey(path, false);
}
