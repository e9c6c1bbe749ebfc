import { existsSync, mkdirSync, readFile as readWithCallback } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openToUsers } from './open-to-users.ts';

// Loaded when something is written: a check only reads, and fs/promises brings streams and readline along.
const filePromises = () => import('node:fs/promises');
const readFile = promisify(readWithCallback);

/** Readable by everyone on the machine: what staff may look up themselves. Secrets ask for 0o600. */
const openToAll = 0o644;

/** Makes the directory of the state where it is missing: its files say themselves who may read them. */
export function makeStateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
}

/**
 * Replaces a file so that a crash at any moment leaves the old one or the new one whole: written beside it, flushed, renamed,
 * and the directory flushed too.
 */
export async function writeWhole(path: string, content: string, mode = openToAll): Promise<void> {
  makeStateDirectory(dirname(path));
  const { open, rename, rm } = await filePromises();
  const temporary = `${path}.${process.pid}.new`;
  try {
    const handle = await open(temporary, 'w', mode);
    try {
      // The mode given to open is cut by the caller's umask, and an old file left by a crash keeps its own.
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode === openToAll) await openToUsers(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushDirectory(dirname(path));
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a file for good, as far as the disk allows; nothing happens when there is none. */
export async function removeFile(path: string): Promise<void> {
  const { rm } = await filePromises();
  await rm(path, { force: true });
  await flushDirectory(dirname(path));
}

/** What the name of a file that was set aside goes on with. */
const brokenSuffix = '.broken-';

/**
 * Moves a broken file out of the way without deleting it, says so on stderr, and returns its new name: it may hold evidence, and
 * somebody may still want to know what broke it.
 */
export async function setAside(path: string, now: Date): Promise<string> {
  const { access, rename } = await filePromises();
  const first = `${path}${brokenSuffix}${now.toISOString().replaceAll(':', '').slice(0, 17)}`;
  let kept = first;
  const isTaken = () =>
    access(kept).then(
      () => true,
      () => false,
    );
  for (let number = 2; await isTaken(); number += 1) kept = `${first}-${number}`;
  await rename(path, kept);
  await flushDirectory(dirname(path));
  process.stderr.write(`agent: ${basename(path)} was damaged; it is kept as ${kept}\n`);
  return kept;
}

/** As writeWhole; a file that is there and makes no sense is set aside first. */
export async function replaceState(
  path: string,
  content: string,
  { makesSense, mode }: { makesSense: () => boolean; mode?: number },
): Promise<void> {
  if (existsSync(path) && !makesSense()) await setAside(path, new Date());
  await writeWhole(path, content, mode);
}

async function flushDirectory(directory: string): Promise<void> {
  // Windows has no handle for a directory; NTFS logs the rename itself.
  if (process.platform === 'win32') return;
  const { open } = await filePromises();
  const handle = await open(join(directory, '.'), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
