/** One file of an archive. */
export interface TarFile {
  /** At most 100 bytes of ASCII, with `/` between folders. */
  readonly path: string;
  readonly body: Uint8Array;
}

const block = 512;

/**
 * Plain files as a tar archive (POSIX.1-1988 ustar), readable by every tar there is. The same files give the same bytes: owner, mode and
 * time are fixed. Throws where a path does not fit.
 */
export function tar(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = [];
  for (const { path, body } of files) {
    if (!/^[\x21-\x7e]{1,100}$/.test(path)) throw new Error('a path that fits no tar header');
    const header = Buffer.alloc(block);
    const field = (text: string, at: number) => header.write(text, at, 'ascii');
    const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
    field(path, 0);
    field(octal(0o644, 8), 100);
    field(octal(0, 8), 108);
    field(octal(0, 8), 116);
    field(octal(body.length, 12), 124);
    field(octal(0, 12), 136);
    field('        ', 148);
    field('0', 156);
    field('ustar\x0000', 257);
    field(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    parts.push(header, Buffer.from(body), Buffer.alloc((block - (body.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** The files of such an archive, in order. Throws where it is cut off or no archive of plain files. */
export function untar(archive: Buffer): readonly TarFile[] {
  const files: TarFile[] = [];
  let at = 0;
  while (at + block <= archive.length && archive[at] !== 0) {
    const header = archive.subarray(at, at + block);
    const text = (from: number, length: number) =>
      header.toString('latin1', from, from + length).split('\0')[0] ?? '';
    const size = Number.parseInt(text(124, 12), 8);
    const type = text(156, 1);
    const end = at + block + size;
    if (!Number.isInteger(size) || end > archive.length || (type !== '0' && type !== '')) {
      throw new Error('no archive of plain files, or one that was cut off');
    }
    files.push({ path: text(0, 100), body: archive.subarray(at + block, end) });
    at = end + ((block - (size % block)) % block);
  }
  if (at + 2 * block > archive.length || archive[at] !== 0) {
    throw new Error('no archive of plain files, or one that was cut off');
  }
  return files;
}
