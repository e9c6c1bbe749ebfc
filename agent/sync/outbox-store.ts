import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../state/database.ts';
import { openToUsers } from '../state/open-to-users.ts';

const schema = `
  CREATE TABLE facts (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT, taken_at TEXT NOT NULL, agent TEXT NOT NULL, policy_id TEXT NOT NULL, policy_version INTEGER NOT NULL,
    digest TEXT NOT NULL, transition INTEGER NOT NULL, sequence INTEGER, jws TEXT
  ) STRICT;
  CREATE TABLE sent (
    id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, taken_at TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL, sent_at TEXT NOT NULL,
    outcome TEXT NOT NULL, jws TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sent_by_sequence ON sent (sequence);
  CREATE TABLE remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What is remembered beside the queue, each under its name. */
export type Remembered =
  | 'lastSequence'
  | 'lastHash'
  | 'acceptedDigest'
  | 'lastDigest'
  | 'dropped'
  | 'revokedAt'
  | 'failures'
  | 'lastFailure'
  | 'policyVersion'
  | 'lastContact'
  | 'enrollment';

export type Row = Record<string, string | number | null>;

type Value = string | number | null;

/** The outbox's tables, and the few ways to work on them. */
export class OutboxStore {
  readonly #db: DatabaseSync;
  /** Where a damaged file was moved to when this one was opened. */
  readonly setAside: string | undefined;

  private constructor(db: DatabaseSync, setAside: string | undefined) {
    this.#db = db;
    this.setAside = setAside;
  }

  static async open(directory: string, readOnly: boolean): Promise<OutboxStore> {
    const path = join(directory, 'outbox.db');
    const was = existsSync(path);
    const { db, setAside } = await openDatabase(directory, 'outbox.db', { version: 1, schema, readOnly });
    if (!readOnly && (!was || setAside !== undefined)) await openToUsers(path);
    return new OutboxStore(db, setAside);
  }

  close(): void {
    this.#db.close();
  }

  /** All of the work or none of it; on disk when this returns. */
  transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      // On a full disk SQLite may have rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  recall(name: Remembered): string | undefined {
    const value = this.get('SELECT value FROM remembered WHERE name = ?', name)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  remember(name: Remembered, value: string): void {
    this.run('INSERT OR REPLACE INTO remembered (name, value) VALUES (?, ?)', name, value);
  }

  forget(name: Remembered): void {
    this.run('DELETE FROM remembered WHERE name = ?', name);
  }

  /** How many rows it changed. */
  run(sql: string, ...values: Value[]): number {
    return Number(this.#db.prepare(sql).run(...values).changes);
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#db.prepare(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }
}
