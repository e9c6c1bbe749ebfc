import { Kysely, sql } from 'kysely';
import { type Database, dialectOf } from './database.ts';
import { type StoredState, storedStates } from './devices.ts';
import { isPostgres } from './dialect.ts';
import { collectorMigrations, migrationsOf } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** Figures over the whole collector, for whoever watches it: counts only. */
export interface OperationFigures {
  /** Devices in all organizations, by where they stand. */
  readonly devices: Readonly<Record<StoredState, number>>;
  /** Devices that wait to be judged again. */
  readonly due: number;
  /** The database on the disk, in bytes. */
  readonly bytes: number;
}

export interface OperationStore {
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  figures(now: Date): Promise<OperationFigures>;
  /** When everything was last backed up; null when it never was. */
  lastBackupAt(): Promise<Date | null>;
}

export function operationStore(db: Database): OperationStore {
  return {
    async ping() {
      await sql`select 1`.execute(db);
    },
    async figures(now) {
      const states = await db
        .selectFrom('state_counts')
        .select((select) => ['state', select.fn.sum<number>('devices').as('devices')])
        .groupBy('state')
        .execute();
      const { due } = await db
        .selectFrom('devices')
        .select((select) => select.fn.countAll<number>().as('due'))
        .where('revoked_at', 'is', null)
        .where('judge_at', '<=', now.getTime())
        .executeTakeFirstOrThrow();
      const of = (state: StoredState) =>
        states.find((row) => row.state === storedStates.indexOf(state))?.devices ?? 0;
      return {
        devices: Object.fromEntries(
          storedStates.map((state) => [state, of(state)]),
        ) as OperationFigures['devices'],
        due,
        bytes: await sizeOf(db),
      };
    },
    async lastBackupAt() {
      const row = await db
        .selectFrom('audit')
        .select('at')
        .where('organization', 'is', null)
        .where('action', '=', 'backup.create')
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : new Date(row.at);
    },
  };
}

async function sizeOf(db: Database): Promise<number> {
  const size = isPostgres(db)
    ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
    : sql<{
        bytes: number;
      }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`;
  return (await size.execute(db)).rows[0]?.bytes ?? 0;
}

/** What can be said of a database without changing it. */
export interface DatabaseHealth {
  readonly server: string;
  /** Is its shape this build's, an older one, or a newer one? */
  readonly shape: 'none' | 'older' | 'current' | 'newer';
  /** Its clock minus ours, in seconds. */
  readonly clockSeconds: number;
  /** What SQLite finds wrong with its file; empty where nothing is. */
  readonly damage: readonly string[];
}

/** Looks at a database as it is. Throws DatabaseAddressError, or what the database threw. */
export async function inspectDatabase(address: string): Promise<DatabaseHealth> {
  const db = new Kysely<Schema>({ dialect: await dialectOf(address) });
  try {
    const postgres = isPostgres(db);
    const about = postgres
      ? sql<{ version: string; now: number }>`select current_setting('server_version') as version,
          (extract(epoch from clock_timestamp()) * 1000)::bigint as now`
      : sql<{ version: string; now: number }>`select sqlite_version() as version, ${Date.now()} as now`;
    const [{ version, now } = { version: '?', now: Date.now() }] = (await about.execute(db)).rows;
    const damage = postgres
      ? []
      : (await sql<{ quick_check: string }>`pragma quick_check(5)`.execute(db)).rows;
    return {
      server: `${postgres ? 'PostgreSQL' : 'SQLite'} ${version}`,
      shape: await shapeOf(db),
      clockSeconds: Math.round((now - Date.now()) / 1_000),
      damage: damage.map(({ quick_check }) => quick_check).filter((line) => line !== 'ok'),
    };
  } finally {
    await db.destroy();
  }
}

async function shapeOf(db: Kysely<Schema>): Promise<DatabaseHealth['shape']> {
  const tables = isPostgres(db)
    ? sql`select 1 from pg_class where relname = 'migrations' and relnamespace = current_schema()::regnamespace`
    : sql`select 1 from sqlite_schema where name = 'migrations'`;
  if ((await tables.execute(db)).rows.length === 0) return 'none';
  const names = await migrationsOf(db as unknown as Kysely<never>);
  const known = collectorMigrations.map(({ name }) => name);
  if (names.some((name) => !known.includes(name))) return 'newer';
  return names.length === known.length ? 'current' : 'older';
}
