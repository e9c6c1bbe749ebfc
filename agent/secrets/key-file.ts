import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, removeFile, writeWhole } from '../state/file.ts';
import type { SecretStore } from './store.ts';

/** The file is open to others, so what it holds is no secret any more. */
export class ExposedKey extends Error {
  override readonly name = 'ExposedKey';
}

/**
 * A file with mode 0600 in the directory of the state: for services, which have no keychain, and for desktops without one.
 * Reading throws ExposedKey when somebody opened it to others.
 */
export function keyFile(directory: string): SecretStore {
  const path = join(directory, 'device-key');
  return {
    home: 'file',
    description: `a file only this account can read (${path})`,
    async read() {
      const secret = await readIfThere(path);
      if (secret === undefined) return undefined;
      if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
        throw new ExposedKey(
          `${path} can be read by others; enroll this machine again, or, if you are sure nobody did: chmod 600 ${path}`,
        );
      }
      return secret.trim();
    },
    async write(secret) {
      await writeWhole(path, `${secret}\n`, 0o600);
    },
    async remove() {
      await removeFile(path);
    },
  };
}
