import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawPublicKey } from './keys.ts';

/** What the collector signs policies with; every enrolled device has pinned its public half. */
export interface CollectorKey {
  readonly privateKey: KeyObject;
  /** Raw 32 bytes in base64url. */
  readonly publicKey: string;
}

const fileName = 'collector-key.pem';

/** There is no key yet, or none that can be read: the collector has not been set up here. */
export class NoCollectorKey extends Error {
  override readonly name = 'NoCollectorKey';
}

/** Makes the key once; where there is one already, that one is kept. Only this account may read it. */
export function createCollectorKey(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  try {
    writeFileSync(join(folder, fileName), pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Reads the key. Throws NoCollectorKey. */
export function readCollectorKey(folder: string): CollectorKey {
  let pem: Buffer;
  try {
    pem = readFileSync(join(folder, fileName));
  } catch {
    throw new NoCollectorKey(`no ${fileName} in ${folder}`);
  }
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: rawPublicKey(createPublicKey(privateKey)).toString('base64url') };
}
