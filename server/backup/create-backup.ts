import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { type Verification, verifyHeads } from '../ingest/verify-evidence.ts';
import { TransferFailed, withContents } from '../storage/transfer.ts';
import type { TableTotal } from '../storage/transfer-pieces.ts';
import { type Archive, readArchive, writeArchive } from './archive.ts';
import { readKeyFiles } from './key-files.ts';
import { type Opener, type Seal, SealError } from './sealing.ts';

export interface Backup {
  readonly tables: readonly TableTotal[];
  readonly rows: number;
  /** What the last report of every device and the audit log proved, at the same moment; undefined on an older database. */
  readonly evidence: Verification | undefined;
}

/**
 * Writes everything the collector holds at this moment into a new file, while it goes on serving; reads it back, and only then
 * gives it its name. Throws SealError where the file is there already, and whatever reading or writing threw.
 */
export async function createBackup(given: {
  readonly databaseUrl: string;
  readonly dataFolder: string;
  readonly to: string;
  readonly seal: Seal;
  readonly at: Date;
  progress?(rows: number, of: number): void;
}): Promise<Backup> {
  const { to, seal } = given;
  if (existsSync(to)) throw new SealError(`${to} is there already`);
  const part = `${to}.part`;
  try {
    const made = await withContents(given.databaseUrl, async (contents) => {
      const tables: TableTotal[] = [];
      const lines = writeArchive(contents, readKeyFiles(given.dataFolder), given.at, {
        progress: (rows) => given.progress?.(rows, contents.rows),
        total: (total) => tables.push(total),
      });
      await pipeline(
        Readable.from(lines, { objectMode: false }),
        createZstdCompress(),
        async function* (compressed) {
          yield* await seal.close(webStream(compressed as AsyncIterable<Uint8Array>));
        },
        createWriteStream(part, { mode: 0o600, flush: true }),
      );
      const evidence = contents.evidence && (await verifyHeads(contents.evidence));
      return { tables, rows: contents.rows, evidence };
    });
    await comparePart(part, seal.opener, made.tables);
    await rename(part, to);
    await flushFolder(dirname(to));
    return made;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Opens a sealed archive as far as its head. Throws SealError, TransferFailed. */
export async function openArchive(path: string, opener: Opener): Promise<Archive> {
  const sealed = createReadStream(path);
  try {
    await new Promise((resolve, reject) => {
      sealed.once('open', resolve);
      sealed.once('error', reject);
    });
  } catch (error) {
    throw new SealError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const opened = await opener(webStream(sealed));
  return readArchive(plainOf(opened));
}

const webStream = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  Readable.toWeb(Readable.from(bytes, { objectMode: false })) as ReadableStream<Uint8Array>;

async function* plainOf(opened: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* Readable.fromWeb(opened as WebStream).compose(createZstdDecompress()) as AsyncIterable<Uint8Array>;
  } catch {
    throw new TransferFailed('the backup is damaged');
  }
}

/** What lies in the file is what was read from the database. */
async function comparePart(part: string, opener: Opener, tables: readonly TableTotal[]): Promise<void> {
  const archive = await openArchive(part, opener);
  const found: TableTotal[] = [];
  for await (const piece of archive.pieces()) if ('digest' in piece) found.push(piece);
  if (JSON.stringify(found) !== JSON.stringify(tables)) {
    throw new TransferFailed('what was written is not what was read: the disk is not to be trusted');
  }
}

/** A name is only on the disk when its folder is; Windows sees to that by itself. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
