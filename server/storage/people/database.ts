import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { DatabaseAddressError, sqlitePath } from '../address.ts';
import { dialectOf } from '../database.ts';
import { isPostgres } from '../dialect.ts';
import { migrate } from '../migrations/index.ts';
import { peopleMigrations } from './migrations.ts';
import type { PeopleSchema } from './schema.ts';
import { peopleKey, type Seal, sealWith } from './seal.ts';

export interface PeopleDatabase {
  readonly db: Kysely<PeopleSchema>;
  readonly seal: Seal;
  /** Makes sure that what was deleted is gone from the files, too. */
  forget(): Promise<void>;
}

/** Where the people's database and its key are. */
interface Place {
  readonly address: string;
  /** Undefined where nothing outlives the process. */
  readonly key: string | undefined;
}

/** The file of the key, in the data folder. */
const keyFile = 'people.key';
/** On PostgreSQL: the schema beside the collector's own, so that it can be given other rights and left out of a dump. */
const schema = 'people';

function placeBeside(address: string, dataFolder: string | undefined): Place {
  const path = sqlitePath(address);
  if (path === ':memory:') return { address, key: undefined };
  if (path !== undefined) {
    return {
      address: peopleAddress(address),
      key: join(dataFolder ?? dirname(path), keyFile),
    };
  }
  if (dataFolder === undefined) throw new DatabaseAddressError('the folder of the people’s key is not known');
  return { address: peopleAddress(address), key: join(dataFolder, keyFile) };
}

/** The address of the people's database beside a collector's. */
export function peopleAddress(address: string): string {
  const path = sqlitePath(address);
  if (path !== undefined) return `sqlite:${join(dirname(path), 'people.db')}`;
  const beside = new URL(address);
  beside.searchParams.set('options', `-c search_path=${schema}`);
  return beside.href;
}

/** Connects to the people's database at its own address. */
export async function connectPeople(address: string): Promise<Kysely<PeopleSchema>> {
  const db = new Kysely<PeopleSchema>({ dialect: await dialectOf(address) });
  const postgres = isPostgres(db as unknown as Kysely<never>);
  // What is deleted is overwritten, not merely taken out of the list.
  await (postgres ? sql`create schema if not exists people` : sql`pragma secure_delete = on`).execute(db);
  return db;
}

/**
 * Opens the people's database beside a collector's, with its key. Makes both the first time. Throws NoPeopleKey where something was
 * sealed before and the key is not there.
 */
export async function openPeople(address: string, dataFolder: string | undefined): Promise<PeopleDatabase> {
  const place = placeBeside(address, dataFolder);
  const db = await connectPeople(place.address);
  const postgres = isPostgres(db as unknown as Kysely<never>);
  try {
    await migrate(db as unknown as Kysely<never>, peopleMigrations);
    const { sealed } = await db
      .selectFrom('register_personal')
      .select((select) => select.fn.countAll<number>().as('sealed'))
      .executeTakeFirstOrThrow();
    const key = place.key === undefined ? randomBytes(32) : peopleKey(place.key, Number(sealed) === 0);
    return {
      db,
      seal: sealWith(key),
      async forget() {
        if (!postgres) await sql`pragma wal_checkpoint(truncate)`.execute(db);
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
