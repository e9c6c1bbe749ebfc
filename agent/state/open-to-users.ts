import { dirname } from 'node:path';
import { serviceDirectory } from './directory.ts';

/**
 * Windows knows no modes: a file of the service's folder, which is for the system and administrators only, is opened to the people of
 * this computer by its own list of rights. Nothing happens elsewhere. Where it cannot be done, staff see less, and nothing breaks.
 */
export async function openToUsers(path: string): Promise<void> {
  if (process.platform !== 'win32' || dirname(path) !== serviceDirectory()) return;
  try {
    const [{ openNative }, { openFileToUsers }] = await Promise.all([
      import('../sources/win32/native.ts'),
      import('../sources/win32/permissions.ts'),
    ]);
    openFileToUsers(await openNative(), path);
  } catch {
    // Wrong rights are too strict here, never too loose.
  }
}
