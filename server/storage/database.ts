import { type Dialect, Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { sqlitePath } from './address.ts';
import { isPostgres } from './dialect.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;
export type Writing = Transaction<Schema>;

/**
 * Opens the database behind `sqlite:<path>` or `postgres://...` and brings it to this build's shape. Throws
 * DatabaseAddressError for one that cannot be used, NewerDatabase where a newer collector has been at it.
 */
export async function openDatabase(address: string): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: await dialectOf(address) });
  try {
    await migrate(db as unknown as Kysely<never>);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** Each driver is loaded only where it is used. */
export async function dialectOf(address: string): Promise<Dialect> {
  const path = sqlitePath(address);
  if (path === undefined) return (await import('./postgres.ts')).openPostgres(address);
  return (await import('./sqlite.ts')).openSqlite(path);
}

type ColumnType = 'integer' | 'text';
type Row<C extends Record<string, ColumnType>> = {
  readonly [K in keyof C]: (C[K] extends 'integer' ? number : string) | null;
};

/**
 * Many rows as one statement's parameters, so that a statement over a whole group is compiled once whatever the group's size. The
 * columns are used by name under the alias. Nothing says in which order the rows come.
 */
export function rowsOf<C extends Record<string, ColumnType>, A extends string>(
  db: Database | Writing,
  columns: C,
  rows: readonly Row<C>[],
  alias: A,
): RawBuilder<Row<C>> {
  const names = Object.keys(columns);
  if (isPostgres(db)) {
    const lists = names.map(
      (name) =>
        sql`${rows.map((row) => row[name] ?? null)}::${sql.raw(columns[name] === 'integer' ? 'bigint' : 'text')}[]`,
    );
    return sql`unnest(${sql.join(lists)}) as ${sql.ref(alias)} (${sql.join(names.map((name) => sql.ref(name)))})`;
  }
  const json = JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)));
  const list = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(list)} from json_each(${json})) as ${sql.ref(alias)}`;
}
