import { type Kysely, sql } from 'kysely';

/** Answers to requests of programs that may come twice. */
export async function keptAnswers(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table kept_answers (
    caller text not null, key text not null, request blob not null, status integer, body text, expires_at bigint not null,
    primary key (caller, key))`,
  'create index kept_answers_by_expiry on kept_answers (expires_at)',
];
