import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Database, Writing } from './database.ts';
import { isPostgres } from './dialect.ts';

/** What a column of a row given by hand holds. */
type Holds = 'integer' | 'text' | 'bytes';
type HeldBy<H extends Holds> = H extends 'integer' ? number : H extends 'text' ? string : Uint8Array;
type Columns = Readonly<Record<string, Holds>>;
type Given<C extends Columns> = { readonly [K in keyof C]: HeldBy<C[K]> | null };
type WriteRows<C extends Columns> = (writing: Writing, rows: readonly Given<C>[]) => Promise<void>;

/**
 * Many rows are written in the way each database is quickest at: SQLite with one small statement a row, which it has prepared and which
 * crosses no wire; PostgreSQL with one statement for many, because every statement is a journey.
 */
const inTurn =
  (compiled: CompiledQuery, names: readonly string[]): WriteRows<Columns> =>
  async (writing, rows) => {
    for (const row of rows) {
      await writing.executeQuery({ ...compiled, parameters: names.map((name) => row[name] ?? null) });
    }
  };

const types: Readonly<Record<Holds, string>> = { integer: 'bigint', text: 'text', bytes: 'bytea' };

/** Most rows of one insert. Their numbers are powers of two, so that few statements are ever planned. */
const maxInserted = 64;

/** Adds rows to a table. Bodies go as parameters of their own: in a list they would have to be quoted. */
export function rowInserter<C extends Columns>(db: Database, table: string, columns: C): WriteRows<C> {
  const names = Object.keys(columns);
  const row = sql`(${sql.join(names.map(() => sql`${null}`))})`;
  const insert = (rows: number): CompiledQuery =>
    sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      values ${sql.join(Array.from({ length: rows }, () => row))}`.compile(db);
  if (!isPostgres(db)) return inTurn(insert(1), names) as WriteRows<C>;
  const bySize = new Map<number, CompiledQuery>();
  return async (writing, rows) => {
    for (let start = 0; start < rows.length; ) {
      const size = Math.min(maxInserted, 2 ** Math.floor(Math.log2(rows.length - start)));
      const compiled = bySize.get(size) ?? insert(size);
      bySize.set(size, compiled);
      const parameters = rows
        .slice(start, start + size)
        .flatMap((given) => names.map((name) => given[name] ?? null));
      await writing.executeQuery({ ...compiled, parameters });
      start += size;
    }
  };
}

/** Sets columns of rows that are found by their `number`, which every row given says once. */
export function rowUpdater<C extends Columns>(
  db: Database,
  table: string,
  columns: C,
): WriteRows<C & { number: 'integer' }> {
  const names = [...Object.keys(columns), 'number'];
  const set = (value: (name: string) => RawBuilder<unknown>) =>
    sql.join(Object.keys(columns).map((name) => sql`${sql.ref(name)} = ${value(name)}`));
  if (!isPostgres(db)) {
    const one = sql`update ${sql.table(table)} set ${set(() => sql`${null}`)} where number = ${null}`.compile(
      db,
    );
    return inTurn(one, names) as WriteRows<C & { number: 'integer' }>;
  }
  const held: Columns = { ...columns, number: 'integer' };
  const lists = names.map((name) => sql`${null}::${sql.raw(types[held[name] ?? 'text'])}[]`);
  const compiled = sql`update ${sql.table(table)} set ${set((name) => sql.ref(`given.${name}`))}
    from unnest(${sql.join(lists)}) as given (${sql.join(names.map((name) => sql.ref(name)))})
    where ${sql.ref(`${table}.number`)} = given.number`.compile(db);
  return async (writing, rows) => {
    if (rows.length === 0) return;
    const parameters = names.map((name) => rows.map((row) => (row as Given<Columns>)[name] ?? null));
    await writing.executeQuery({ ...compiled, parameters });
  };
}
