import { type CompiledQuery, type Dialect, Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
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

/** What is read in `work` is all of one moment, whatever is written meanwhile, and nobody waits for it. */
export const withSnapshot = <S, R>(db: Kysely<S>, work: (snapshot: Kysely<S>) => Promise<R>): Promise<R> =>
  db.connection().execute(async (snapshot) => {
    const begin = isPostgres(db)
      ? sql`start transaction isolation level repeatable read, read only`
      : sql`begin deferred`;
    await begin.execute(snapshot);
    try {
      return await work(snapshot);
    } finally {
      await sql`rollback`.execute(snapshot);
    }
  });

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
  const parameters = rowParameters(db, columns, rows);
  if (isPostgres(db)) {
    const lists = names.map(
      (name, index) =>
        sql`${parameters[index]}::${sql.raw(columns[name] === 'integer' ? 'bigint' : 'text')}[]`,
    );
    return sql`unnest(${sql.join(lists)}) as ${sql.ref(alias)} (${sql.join(names.map((name) => sql.ref(name)))})`;
  }
  const [json] = parameters;
  const list = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(list)} from json_each(${json})) as ${sql.ref(alias)}`;
}

/** What `rowsOf` passes to the database: a list a column on PostgreSQL, else one list of all rows as JSON. */
function rowParameters<C extends Record<string, ColumnType>>(
  db: Database | Writing,
  columns: C,
  rows: readonly Row<C>[],
): readonly unknown[] {
  const names = Object.keys(columns);
  if (isPostgres(db)) return names.map((name) => rows.map((row) => row[name] ?? null));
  return [JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)))];
}

/**
 * A statement over many rows, which it calls `given`, worded once for all times it is asked for. With no rows nothing is asked.
 */
export function statementOver<C extends Record<string, ColumnType>, R>(
  db: Database,
  columns: C,
  word: (given: RawBuilder<Row<C>>) => RawBuilder<R>,
): (writing: Writing, rows: readonly Row<C>[]) => Promise<readonly R[]> {
  const compiled = word(rowsOf(db, columns, [], 'given')).compile(db);
  return async (writing, rows) => {
    if (rows.length === 0) return [];
    const asked = { ...compiled, parameters: rowParameters(db, columns, rows) } as CompiledQuery<R>;
    return (await writing.executeQuery(asked)).rows;
  };
}
