import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

/** How many prepared statements are kept; the stores use fewer, so that none is prepared twice. */
const keptStatements = 400;

/** Node's own SQLite in the shape kysely's dialect asks for. Statements are prepared once. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(asked) {
      // Every transaction here writes. One that began by reading could not become a writer while another process writes.
      const text = asked === 'begin' ? 'begin immediate' : asked;
      const known = prepared.get(text);
      if (known !== undefined) return known;
      if (prepared.size >= keptStatements) prepared.delete(prepared.keys().next().value as string);
      const made = statement(database.prepare(text));
      prepared.set(text, made);
      return made;
    },
    close: () => database.close(),
  };
}

function statement(prepared: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...values(parameters)),
    iterate: (parameters) => prepared.iterate(...values(parameters)) as IterableIterator<unknown>,
    run: (parameters) => prepared.run(...values(parameters)),
  };
}

/**
 * Opens (and creates) a SQLite file. Every commit reaches the disk before it returns; readers never wait for a writer. The
 * file and its folder are this account's alone.
 */
export function openSqlite(path: string): SqliteDialect {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true });
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma temp_store = memory;
    pragma cache_size = -65536;
    pragma wal_autocheckpoint = 8000;
    pragma journal_size_limit = 67108864;
    pragma trusted_schema = off;
  `);
  if (path !== ':memory:') chmodSync(path, 0o600);
  return new SqliteDialect({ database: adapt(database) });
}
