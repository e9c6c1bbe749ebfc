import { Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;
export type Writing = Transaction<Schema>;

/** An address of a database that cannot be used, in words for the person who set it. */
export class DatabaseAddressError extends Error {
  override readonly name = 'DatabaseAddressError';
}

/**
 * Opens the database behind `sqlite:<path>` and brings it to this build's shape. Throws DatabaseAddressError for any other
 * address, NewerDatabase where a newer collector has been at it.
 */
export async function openDatabase(address: string): Promise<Database> {
  if (!address.startsWith('sqlite:')) {
    throw new DatabaseAddressError(
      'DATABASE_URL must begin with sqlite: (for example sqlite:data/collector.db)',
    );
  }
  const { openSqlite } = await import('./sqlite.ts');
  const db = new Kysely<Schema>({ dialect: openSqlite(address.slice('sqlite:'.length)) });
  try {
    await migrate(db as unknown as Kysely<never>);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

type ColumnType = 'integer' | 'text';
type Row<C extends Record<string, ColumnType>> = {
  readonly [K in keyof C]: (C[K] extends 'integer' ? number : string) | null;
};

/**
 * Many rows as one parameter, so that a statement over a whole group is compiled once whatever the group's size. The
 * columns are used by name under the alias.
 */
export function rowsOf<C extends Record<string, ColumnType>, A extends string>(
  columns: C,
  rows: readonly Row<C>[],
  alias: A,
): RawBuilder<Row<C>> {
  const names = Object.keys(columns);
  const json = JSON.stringify(rows.map((row) => names.map((name) => row[name] ?? null)));
  const list = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(list)} from json_each(${json})) as ${sql.ref(alias)}`;
}
