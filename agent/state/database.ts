import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { makeStateDirectory, setAside } from './file.ts';

/** A newer agent wrote this file; an older one must not guess what it means. */
export class NewerState extends Error {
  override readonly name = 'NewerState';
}

interface Shape {
  /** Kept in the file as `user_version`. */
  readonly version: number;
  /** Makes the tables of a new file. */
  readonly schema: string;
  /** What makes a file of version 1 one of version 2, and so on. */
  readonly upgrades?: readonly string[];
  readonly readOnly?: boolean;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damaged = new Set([11, 26]);

/** Whether SQLite found that a file is no database, or not whole. */
export const isDamage = (error: unknown) =>
  damaged.has(((error as { errcode?: number }).errcode ?? 0) & 0xff);

/**
 * Opens a SQLite file of the state: every commit is on disk when it returns, and an ordinary user may read along. A damaged
 * file is set aside (`setAside` says where) and a new one begun. Throws NewerState, or what SQLite throws.
 */
export async function openDatabase(
  directory: string,
  name: string,
  shape: Shape,
): Promise<{ readonly db: DatabaseSync; readonly setAside: string | undefined }> {
  const path = join(directory, name);
  if (shape.readOnly === true) return { db: tryOpen(path, shape), setAside: undefined };
  makeStateDirectory(directory);
  try {
    return { db: tryOpen(path, shape), setAside: undefined };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const kept = await setAside(path, new Date());
    // The log belongs to its file: left behind, it would be written into the new one.
    for (const part of ['-wal', '-shm']) {
      if (existsSync(path + part)) await rename(path + part, kept + part);
    }
    return { db: tryOpen(path, shape), setAside: kept };
  }
}

function tryOpen(path: string, { version, schema, upgrades = [], readOnly = false }: Shape): DatabaseSync {
  if (isCutOff(path)) throw Object.assign(new Error('damaged'), { errcode: 11 });
  const db = new DatabaseSync(readOnly ? readableBy(path) : path, { readOnly, timeout: 5_000 });
  try {
    if (!readOnly) {
      // WAL with FULL: one flush a commit, and what was committed survives a loss of power.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST');
    }
    const state = db.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    if (state?.quick_check !== 'ok') throw Object.assign(new Error('damaged'), { errcode: 11 });
    const found = Number((db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
    if (found > version) throw new NewerState(`${path} was written by a newer agent; update this one`);
    if (found < version && !readOnly) {
      const steps = found === 0 ? schema : upgrades.slice(found - 1).join('');
      db.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${version}; COMMIT`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * SQLite takes what is missing of its last page for zeros, and its check does not look at what cells hold; but a whole file is a whole
 * number of pages (file format, 1.3.2: the size of a page is at byte 16, big-endian, 1 for 65536).
 */
function isCutOff(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const header = Buffer.alloc(18);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header) < header.length) return true;
  } finally {
    closeSync(file);
  }
  const given = header.readUInt16BE(16);
  return given !== 0 && size % (given === 1 ? 65_536 : given) !== 0;
}

/**
 * How somebody who may not write in the directory opens the file: while nobody has it open, as one that does not change. With a
 * log beside it, the log's own shared memory is read instead.
 */
function readableBy(path: string): string | URL {
  if (existsSync(`${path}-wal`)) return path;
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}
