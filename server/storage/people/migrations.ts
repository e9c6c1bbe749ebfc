import { type Kysely, sql } from 'kysely';
import type { Migration } from '../migrations/index.ts';

/** Of the people's database, in the order they are run; only ever appended to. */
export const peopleMigrations: readonly Migration[] = [
  { name: '0001-registers', run: registers },
  { name: '0010-attestations', run: attestations },
];

async function attestations(db: Kysely<never>): Promise<void> {
  await sql`create table attestation_contacts (
    person text primary key, organization integer not null, sealed blob not null)`.execute(db);
}

async function registers(db: Kysely<never>): Promise<void> {
  await sql`create table register_personal (
    record text not null, version integer not null, organization integer not null, sealed blob not null,
    primary key (record, version))`.execute(db);
}
