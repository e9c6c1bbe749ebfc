import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { serviceDirectory } from '../state/directory.ts';
import { keyFile } from './key-file.ts';
import { keychain } from './keychain.ts';
import type { SecretStore } from './store.ts';

/** Two agents of one account, each with its own state, must not share a key. */
const accountOf = (directory: string) =>
  `device-key-${createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16)}`;

/**
 * On Windows a keychain is one account's: what an administrator puts into theirs, the service never sees. The folder of the service's
 * state is for the system and administrators only.
 */
const hasKeychain = (directory: string) => process.platform !== 'win32' || directory !== serviceDirectory();

/**
 * The place for a new device key: the operating system's keychain where one works for this account, tried by writing and reading
 * back, else a file that only this account can read.
 */
export async function storeForNewKey(directory: string): Promise<SecretStore> {
  if (hasKeychain(directory)) {
    const chain = await keychain(accountOf(directory));
    if (chain !== undefined && (await works(chain))) return chain;
  }
  return keyFile(directory);
}

/** Whichever place holds the device key; undefined when none does. The file wins: it is there only when no keychain worked. */
export async function storeOfKey(directory: string): Promise<SecretStore | undefined> {
  const file = keyFile(directory);
  if ((await file.read()) !== undefined) return file;
  const chain = await keychain(accountOf(directory));
  if (chain !== undefined && (await chain.read()) !== undefined) return chain;
  return undefined;
}

async function works(store: SecretStore): Promise<boolean> {
  try {
    const before = await store.read();
    if (before !== undefined) return true;
    const probe = 'muster: is this keychain usable';
    await store.write(probe);
    const same = (await store.read()) === probe;
    await store.remove();
    return same;
  } catch {
    return false;
  }
}
