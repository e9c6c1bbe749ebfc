import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { SourceError } from '../probe.ts';

/** No documented file is larger; a larger one is somebody's trap. */
const maxFileBytes = 4 * 1024 * 1024;
const maxEntries = 20_000;
/** Files that hold a password: that they exist is all anybody asks, and not a byte of them is read. */
const onlyExistence: ReadonlySet<string> = new Set(['/etc/kcpassword']);

/**
 * The bytes of a regular file, or of one of the kernel's pretended ones. Throws SourceError: missing (ENOENT), denied (EACCES),
 * failed for anything else, a directory, a pipe or a file over 4 MiB among them.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    // O_NONBLOCK: a named pipe in the place of a file must not hold the agent up.
    const flags = process.platform === 'win32' ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK;
    const handle = await open(path, flags);
    try {
      const about = await handle.stat();
      if (onlyExistence.has(path)) return new Uint8Array();
      if (!about.isFile()) throw new SourceError('failed', 'not a regular file', 'EINVAL');
      if (about.size > maxFileBytes) throw new SourceError('failed', 'the file is too large', 'too-large');
      const buffer = Buffer.alloc(Math.max(about.size, 65_536) + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
        if (length === buffer.length) throw new SourceError('failed', 'the file is too large', 'too-large');
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error);
  }
}

/** Names in a directory, in ASCII order, never `.` and `..`. Throws SourceError like readBytes. */
export async function readEntries(path: string): Promise<readonly string[]> {
  try {
    const names = await readdir(path);
    if (names.length > maxEntries) throw new SourceError('failed', 'the directory is too large', 'too-large');
    return names.toSorted();
  } catch (error) {
    throw fileError(error);
  }
}

function fileError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new SourceError('missing', 'no such file', 'ENOENT');
  if (code === 'EACCES' || code === 'EPERM')
    return new SourceError('denied', 'no right to read the file', 'EACCES');
  return new SourceError('failed', 'the file could not be read', code);
}
