import {
  close as closeFile,
  constants,
  fstat,
  readdir as listFolder,
  open as openFile,
  read as readFile,
} from 'node:fs';
import { promisify } from 'node:util';
import { SourceError } from '../probe.ts';

// Not fs/promises: it brings streams and readline along, two MiB that a check has no use for.
const [open, close, stat, read, readdir] = [
  promisify(openFile),
  promisify(closeFile),
  promisify(fstat),
  promisify(readFile),
  promisify(listFolder),
];

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
      const about = await stat(handle);
      if (onlyExistence.has(path)) return new Uint8Array();
      if (!about.isFile()) throw new SourceError('failed', 'not a regular file', 'EINVAL');
      if (about.size > maxFileBytes) throw new SourceError('failed', 'the file is too large', 'too-large');
      return await readToEnd(handle, about.size);
    } finally {
      await close(handle);
    }
  } catch (error) {
    throw fileError(error);
  }
}

/** The kernel's pretended files say they are empty: what they hold shows only by reading on. */
async function readToEnd(handle: number, size: number): Promise<Uint8Array> {
  let buffer = Buffer.alloc(Math.max(size + 1, 4_096));
  let length = 0;
  for (;;) {
    const { bytesRead } = await read(handle, buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > maxFileBytes) throw new SourceError('failed', 'the file is too large', 'too-large');
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
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
