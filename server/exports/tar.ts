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
    field('0', 156);
    field('ustar\x0000', 257);
    field(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, Buffer.from(body), Buffer.alloc((block - (body.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/**
 * The files of such an archive, in order. Read so closely that every tar unpacks the same: throws where it is cut off, no archive of plain
 * files, says a name or a length in a way that can be read differently, or holds anything behind its end.
 */
export function untar(archive: Buffer): readonly TarFile[] {
  const refused = () => new Error('no archive of plain files, or one that was cut off');
  const files: TarFile[] = [];
  let at = 0;
  for (;;) {
    const header = archive.subarray(at, at + block);
    if (header.length < block) throw refused();
    if (isBlank(header)) break;
    const text = (from: number, length: number) =>
      header.toString('latin1', from, from + length).split('\0')[0] ?? '';
    const length = text(124, 12).trimEnd();
    const size = Number.parseInt(length, 8);
    const type = text(156, 1);
    const end = at + block + size;
    if (
      !/^[0-7]+$/.test(length) ||
      end > archive.length ||
      (type !== '0' && type !== '') ||
      Number.parseInt(text(148, 8), 8) !== checksumOf(header) ||
      // What comes before the name, for some tars: it would be unpacked to another place.
      !isBlank(header.subarray(prefixAt))
    ) {
      throw refused();
    }
    files.push({ path: text(0, 100), body: archive.subarray(at + block, end) });
    at = end + ((block - (size % block)) % block);
  }
  if (at + 2 * block > archive.length || !isBlank(archive.subarray(at))) throw refused();
  return files;
}

const prefixAt = 345;

const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0);

/** The sum of a header's bytes, its own place counted as blanks. */
const checksumOf = (header: Buffer) =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
