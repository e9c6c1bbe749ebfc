import { type Kysely, PostgresAdapter } from 'kysely';

/** Is it PostgreSQL that is asked here, and not SQLite? Asked only where the two have no words in common. */
export const isPostgres = (db: Pick<Kysely<never>, 'getExecutor'>): boolean =>
  db.getExecutor().adapter instanceof PostgresAdapter;
