import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Kysely, sql } from 'kysely';
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

/**
 * Opens the people's database beside a collector's (`people.db`, `people.key`), and makes both where neither is there. Throws NoPeopleKey
 * where the database is there and its key is not.
 */
export async function openPeople(address: string): Promise<PeopleDatabase> {
  const path = address.slice('sqlite:'.length);
  const { openSqlite } = await import('../sqlite.ts');
  const inMemory = path === ':memory:';
  const file = inMemory ? path : join(dirname(path), 'people.db');
  const key = inMemory ? randomBytes(32) : peopleKey(join(dirname(path), 'people.key'), !existsSync(file));
  const db = new Kysely<PeopleSchema>({ dialect: openSqlite(file) });
  try {
    // What is deleted is overwritten, not merely taken out of the list.
    await sql`pragma secure_delete = on`.execute(db);
    await migrate(db as unknown as Kysely<never>, peopleMigrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    seal: sealWith(key),
    async forget() {
      await sql`pragma wal_checkpoint(truncate)`.execute(db);
    },
  };
}
