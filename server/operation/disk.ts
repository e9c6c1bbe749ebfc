import { statfs } from 'node:fs/promises';

/** Less than this, and the collector says that it is not ready: a report could not be kept. */
export const leastFreeBytes = 64 * 1024 * 1024;

/** Room left where a folder lies, for this account. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
