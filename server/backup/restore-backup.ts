import { existsSync, linkSync, mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Verification, verifyHeads } from '../ingest/verify-evidence.ts';
import { sqlitePath } from '../storage/address.ts';
import { peopleAddress } from '../storage/people/database.ts';
import { type Filling, fillDatabase, NotEmpty, refuseFilled, type Shapes } from '../storage/transfer.ts';
import type { Part, Piece, TableTotal } from '../storage/transfer-pieces.ts';
import { flushFolder, openArchive } from './create-backup.ts';
import { refuseOtherKeys, writeKeyFiles } from './key-files.ts';
import type { Opener } from './sealing.ts';

export interface Restored {
  readonly madeAt: Date;
  readonly tables: readonly TableTotal[];
  readonly rows: number;
  /** What the last report of every device and the audit log prove, where they lie now. */
  readonly evidence: Verification;
}

/** Whoever was signed in when the backup was made signs in again. */
const forgotten = ['sessions', 'sign_in_steps', 'failed_attempts'] as const;

/**
 * Puts a backup into an empty place: database, keys and certificate. Everything is compared and verified before it counts; until
 * then there is nothing. Throws NotEmpty, OtherKey, SealError, TransferFailed, NewerDatabase.
 */
export async function restoreBackup(given: {
  readonly databaseUrl: string;
  readonly dataFolder: string;
  readonly from: string;
  readonly opener: Opener;
  readonly at: Date;
  progress?(rows: number, of: number): void;
}): Promise<Restored> {
  const { dataFolder, at } = given;
  await refuseFilledPlace(given.databaseUrl);
  const archive = await openArchive(given.from, given.opener);
  refuseOtherKeys(dataFolder, archive.files);
  let evidence: Verification | undefined;
  const tables = await fillPlace(given.databaseUrl, {
    shapes: archive.shapes,
    pieces: archive.pieces(),
    progress: (rows) => given.progress?.(rows, archive.rows),
    forget: forgotten,
    note: {
      event: {
        organization: null,
        actor: 'console',
        action: 'backup.restore',
        subject: '',
        detail: { madeAt: archive.createdAt.toISOString() },
      },
      at,
    },
    async check(stored) {
      evidence = await verifyHeads(stored);
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
      writeKeyFiles(dataFolder, archive.files);
    },
  });
  if (evidence === undefined) throw new Error('nothing was verified');
  return { madeAt: archive.createdAt, tables, rows: archive.rows, evidence };
}

/** Throws NotEmpty where a collector's database is already. */
async function refuseFilledPlace(address: string): Promise<void> {
  const path = sqlitePath(address);
  if (path === undefined) await refuseFilled('collector', address);
  else if (existsSync(path)) {
    throw new NotEmpty(`${path} is there already; nothing is put over a database`);
  }
}

interface PlaceFilling extends Omit<Filling, 'part' | 'shape'> {
  readonly shapes: Shapes;
}

/**
 * Fills the databases of a collector that is not there yet. What is known about people comes first: without the other database it is
 * nothing, and an attempt that is made again finds it in place. Throws NotEmpty and what `fillDatabase` throws.
 */
export async function fillPlace(address: string, filling: PlaceFilling): Promise<readonly TableTotal[]> {
  await refuseFilledPlace(address);
  const { shapes, pieces, forget = [], note, check } = filling;
  const split = splitPieces(pieces);
  let before = 0;
  const part = async (name: Part, rest: Partial<Filling>) => {
    const totals = await fillPart(name === 'people' ? peopleAddress(address) : address, {
      part: name,
      shape: shapes[name],
      pieces: split(name),
      progress: (rows) => filling.progress?.(before + rows),
      ...rest,
    });
    for (const { count } of totals) before += count;
    return totals;
  };
  const people = await part('people', {});
  const collector = await part('collector', {
    forget,
    ...(note !== undefined && { note }),
    ...(check !== undefined && { check }),
  });
  return [...people, ...collector];
}

/** The pieces of one part after the other, out of one stream. */
function splitPieces(pieces: AsyncIterable<Piece>): (part: Part) => AsyncGenerator<Piece> {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Piece | undefined;
  return async function* (part) {
    for (;;) {
      const piece = held ?? (await iterator.next()).value;
      held = undefined;
      if (piece === undefined) return;
      if (piece.part !== part) {
        held = piece;
        return;
      }
      yield piece;
    }
  };
}

/** A file gets its name when it is whole; PostgreSQL shows nothing before its transaction is committed. */
async function fillPart(address: string, filling: Filling): Promise<readonly TableTotal[]> {
  const path = sqlitePath(address);
  if (path === undefined || existsSync(path)) return fillDatabase(address, filling);
  const part = `${path}.part`;
  // What an attempt that was killed left behind.
  await removeFile(part);
  try {
    const tables = await fillDatabase(`sqlite:${part}`, filling);
    const file = await open(part, 'r');
    await file.sync();
    await file.close();
    try {
      linkSync(part, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new NotEmpty(`${path} is there already; nothing is put over a database`);
    }
    await flushFolder(dirname(path));
    return tables;
  } finally {
    await removeFile(part);
  }
}

async function removeFile(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
}
