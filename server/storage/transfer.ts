import { type CompiledQuery, Kysely, sql } from 'kysely';
import { type AuditEvent, appendAudit, auditStore } from './audit.ts';
import { readCatalog, type Table } from './catalog.ts';
import { dialectOf, type Writing, withSnapshot } from './database.ts';
import { isPostgres } from './dialect.ts';
import { collectorMigrations, type Migration, migrateIn, migrationsOf } from './migrations/index.ts';
import { connectPeople, peopleAddress } from './people/database.ts';
import { peopleMigrations } from './people/migrations.ts';
import { reportStore } from './reports.ts';
import type { Schema } from './schema.ts';
import type { Stores } from './stores.ts';
import { type Part, type Piece, type TableTotal, totalOf, type Value } from './transfer-pieces.ts';

/** The shape of each database: which migrations it has seen. */
export type Shapes = Readonly<Record<Part, readonly string[]>>;

/** What proves itself. */
export type Evidence = Pick<Stores, 'audit' | 'reports'>;

/** Everything a collector's databases hold, at one moment. */
export interface Contents {
  readonly shapes: Shapes;
  /** Rows to come in all, for whoever shows progress. */
  readonly rows: number;
  pieces(): AsyncIterable<Piece>;
  /** The same moment, for reading only; undefined where an older collector shaped the tables. */
  readonly evidence: Evidence | undefined;
}

/** The place is not empty, so nothing is put there. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

/** What was put down is not what was to be put down; nothing of it was kept. */
export class TransferFailed extends Error {
  override readonly name = 'TransferFailed';
}

/** Rows handed over at once. */
const slice = 500;
/** Most bytes of rows handed over at once, about. */
const sliceBytes = 1_000_000;
/** PostgreSQL takes 65,535 parameters in a statement, SQLite 32,766. */
const maxParameters = 30_000;

type Untyped = Kysely<Record<string, Record<string, Value>>>;

const knownMigrations: Readonly<Record<Part, readonly Migration[]>> = {
  people: peopleMigrations,
  collector: collectorMigrations,
};
const connect = async (address: string): Promise<Untyped> =>
  new Kysely({ dialect: await dialectOf(address) });
const connectPart: Readonly<Record<Part, (address: string) => Promise<Untyped>>> = {
  people: async (address) => (await connectPeople(address)) as unknown as Untyped,
  collector: connect,
};

const evidenceOn = (db: Untyped): Evidence => {
  const typed = db as unknown as Writing;
  return { audit: auditStore(typed), reports: reportStore(typed) };
};

/** Gives `work` everything the databases of a collector hold, while they go on being written to. */
export async function withContents<R>(address: string, work: (contents: Contents) => Promise<R>): Promise<R> {
  const collector = await connect(address);
  try {
    // What is said about people is written before what refers to it: seen after that, nothing is missing.
    return await withSnapshot(collector, async (main) => {
      const people = await connectPart.people(peopleAddress(address));
      try {
        return await withSnapshot(people, async (beside) => {
          const shapes = {
            people: await migrationsOf(beside as unknown as Kysely<never>),
            collector: await migrationsOf(main as unknown as Kysely<never>),
          };
          const current = shapes.collector.length === collectorMigrations.length;
          return work({
            shapes,
            rows: (await countAll(beside)) + (await countAll(main)),
            async *pieces() {
              yield* piecesOf('people', beside);
              yield* piecesOf('collector', main);
            },
            evidence: current ? evidenceOn(main) : undefined,
          });
        });
      } finally {
        await people.destroy();
      }
    });
  } finally {
    await collector.destroy();
  }
}

async function countOf(db: Untyped, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

async function countAll(db: Untyped): Promise<number> {
  let rows = 0;
  for (const { name } of await readCatalog(db)) rows += await countOf(db, name);
  return rows;
}

async function* piecesOf(part: Part, db: Untyped): AsyncGenerator<Piece> {
  for (const table of await readCatalog(db)) {
    const total = totalOf(part, table.name);
    for await (const rows of slicesOf(db, table)) {
      total.add(rows);
      yield { part, table: table.name, columns: table.columns, rows };
    }
    yield total.total();
  }
}

/** What every table comes to, without its rows. */
async function totalsOf(part: Part, db: Untyped): Promise<readonly TableTotal[]> {
  const totals: TableTotal[] = [];
  for await (const piece of piecesOf(part, db)) if ('digest' in piece) totals.push(piece);
  return totals;
}

/** A table's rows in the order of its key, so many at a time. */
async function* slicesOf(db: Untyped, table: Table): AsyncGenerator<Value[][]> {
  let query = db.selectFrom(table.name).select([...table.columns]);
  for (const column of table.key) query = query.orderBy(column);
  let rows: Value[][] = [];
  let bytes = 0;
  for await (const row of query.stream(slice)) {
    const values = table.columns.map((column) => row[column] ?? null);
    for (const value of values) bytes += typeof value === 'number' ? 8 : (value?.length ?? 0);
    rows.push(values);
    if (rows.length < slice && bytes < sliceBytes) continue;
    yield rows;
    rows = [];
    bytes = 0;
  }
  if (rows.length > 0) yield rows;
}

export interface Filling {
  readonly part: Part;
  readonly shape: readonly string[];
  /** Of this part only. */
  readonly pieces: AsyncIterable<Piece>;
  /** Says how many rows are in place. */
  progress?(rows: number): void;
  /** Tables whose rows are dropped once everything has been compared. */
  readonly forget?: readonly (keyof Schema)[];
  /** Goes into the audit log behind what is in it. */
  readonly note?: { readonly event: AuditEvent; readonly at: Date };
  /** The last word before it counts; what it throws undoes everything. */
  check?(evidence: Evidence): Promise<void>;
}

/** Throws NotEmpty where a database holds anything at all. */
export async function refuseFilled(part: Part, address: string): Promise<void> {
  const db = await connectPart[part](address);
  try {
    if ((await countAll(db)) > 0) throw new NotEmpty('the database is not empty; nothing is put over it');
  } finally {
    await db.destroy();
  }
}

/**
 * Puts everything of a part into an empty database, reads it back and compares it, and only then keeps it: all in one transaction,
 * so that nothing half-done stays. Where the very same is there already, it is left as it is. Throws NotEmpty, TransferFailed,
 * NewerDatabase.
 */
export async function fillDatabase(address: string, filling: Filling): Promise<readonly TableTotal[]> {
  const db = await connectPart[filling.part](address);
  try {
    return await db.transaction().execute(async (transaction) => {
      const writing = transaction as Untyped;
      if ((await countAll(writing)) > 0) return await compareWithThere(writing, filling);
      await shapeTables(writing, filling);
      const tables = await readCatalog(writing);
      const promised = await putRows(writing, tables, filling);
      for (const table of tables) await continueSequence(writing, table);
      compareTotals(promised, await totalsOf(filling.part, writing));
      for (const table of filling.forget ?? []) await writing.deleteFrom(table).execute();
      // What the collector it comes from had not yet.
      await migrateIn(writing as never, knownMigrations[filling.part]);
      const { note } = filling;
      if (note !== undefined) await appendAudit(writing as unknown as Writing, note.event, note.at);
      await filling.check?.(evidenceOn(writing));
      return promised;
    });
  } finally {
    await db.destroy();
  }
}

/** A database that is filled may only hold what was to be put there, and it is left as it is. Throws NotEmpty. */
async function compareWithThere(db: Untyped, { part, pieces }: Filling): Promise<readonly TableTotal[]> {
  const there = await totalsOf(part, db);
  const wanted: TableTotal[] = [];
  for await (const piece of pieces) if ('digest' in piece) wanted.push(piece);
  if (part === 'people' && JSON.stringify(there) === JSON.stringify(wanted)) return wanted;
  throw new NotEmpty('the database is not empty; nothing is put over it');
}

function compareTotals(promised: readonly TableTotal[], found: readonly TableTotal[]): void {
  for (const { table, count, digest } of found) {
    const given = promised.find((one) => one.table === table);
    if ((given?.count ?? 0) !== count || (given !== undefined && given.digest !== digest)) {
      throw new TransferFailed(`what was put into ${table} is not what was to be put there`);
    }
  }
}

/** The tables in the shape the rows come from. Throws NotEmpty where they have a newer one already. */
async function shapeTables(writing: Untyped, { part, shape }: Filling): Promise<void> {
  await migrateIn(writing as never, knownMigrations[part], shape);
  if ((await migrationsOf(writing as never)).length !== shape.length) {
    throw new NotEmpty('the database has tables of a newer collector: give an empty one');
  }
}

async function putRows(
  writing: Untyped,
  tables: readonly Table[],
  filling: Filling,
): Promise<readonly TableTotal[]> {
  const promised: TableTotal[] = [];
  const inserts = new Map<string, CompiledQuery>();
  let done = 0;
  for await (const piece of filling.pieces) {
    if ('digest' in piece) {
      promised.push(piece);
      continue;
    }
    const table = tables.find(({ name }) => name === piece.table);
    if (table === undefined || piece.columns.join() !== table.columns.join()) {
      throw new TransferFailed(`a table ${piece.table} of this shape is not known here`);
    }
    const atOnce = Math.max(1, Math.floor(maxParameters / table.columns.length));
    for (let start = 0; start < piece.rows.length; start += atOnce) {
      const rows = piece.rows.slice(start, start + atOnce);
      const name = `${table.name} ${rows.length}`;
      const insert = inserts.get(name) ?? compileInsert(writing, table, rows.length);
      // Only whole slices come again.
      if (rows.length === slice) inserts.set(name, insert);
      await writing.executeQuery({ ...insert, parameters: rows.flat() });
    }
    done += piece.rows.length;
    filling.progress?.(done);
  }
  return promised;
}

function compileInsert(writing: Untyped, table: Table, rows: number): CompiledQuery {
  const row = Object.fromEntries(table.columns.map((column) => [column, null]));
  return writing
    .insertInto(table.name)
    .values(Array.from({ length: rows }, () => row))
    .compile();
}

/** Numbers given from now on come after those that were brought along. */
async function continueSequence(writing: Untyped, { name, sequence }: Table): Promise<void> {
  if (sequence === undefined || !isPostgres(writing)) return;
  await sql`select setval(pg_get_serial_sequence(${name}, ${sequence}),
    (select coalesce(max(${sql.ref(sequence)}), 0) + 1 from ${sql.table(name)}), false)`.execute(writing);
}
