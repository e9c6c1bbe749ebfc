import { type Kysely, sql } from 'kysely';

/** Wrong passwords and codes, by a keyed digest of whose they were tried for. */
export async function failedAttempts(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'create table failed_attempts (name blob primary key, failures integer not null, until bigint not null)',
  'create index failed_attempts_by_end on failed_attempts (until)',
];
