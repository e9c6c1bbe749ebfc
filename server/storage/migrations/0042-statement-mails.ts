import { type Kysely, sql } from 'kysely';

/** The personal links that go out by e-mail: what makes one is kept, the link itself is not. */
export async function statementMails(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table statement_mails (
    person text primary key references attestation_people(id) on delete cascade, nonce text not null, link blob not null)`,
  'create unique index statement_mails_by_link on statement_mails (link)',
];
