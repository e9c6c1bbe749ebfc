import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../dialect.ts';

/**
 * What happened is gone through in the order of time, a part at a time, also where much of it happened at one moment. SQLite has the
 * number of a row in every index; PostgreSQL has to be told.
 */
export async function orderOfTime(db: Kysely<never>): Promise<void> {
  if (!isPostgres(db)) return;
  for (const table of ['transitions', 'state_changes']) {
    await sql.raw(`drop index ${table}_by_time`).execute(db);
    await sql.raw(`create index ${table}_by_time on ${table} (organization, at, number)`).execute(db);
  }
}
