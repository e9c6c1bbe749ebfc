import { readEntries } from './files.ts';

/**
 * A folder as probes see it: its names, but of a `.ssh` folder only the kind of each private key, because the names of keys tell
 * about people and places. Throws SourceError.
 */
export async function readListed(path: string): Promise<readonly string[]> {
  if (/[\\/]\.ssh$/.test(path)) return (await import('./ssh-keys.ts')).readPrivateKeys(path);
  return readEntries(path);
}
