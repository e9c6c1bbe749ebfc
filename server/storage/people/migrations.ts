import { type Kysely, sql } from 'kysely';
import type { Migration } from '../migrations/index.ts';

/** Of the people's database, in the order they are run; only ever appended to. */
export const peopleMigrations: readonly Migration[] = [
  { name: '0001-registers', run: registers },
  { name: '0010-attestations', run: attestations },
  { name: '0009-people', run: people },
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

async function people(db: Kysely<never>): Promise<void> {
  await sql`create table people (
    id text primary key, organization integer not null, sealed blob not null, created_at integer not null)`.execute(
    db,
  );
  await sql`create index people_by_organization on people (organization)`.execute(db);
  await sql`create table holders (
    device text not null, person text not null references people(id), organization integer not null, since integer not null,
    until integer, primary key (device, person, since))`.execute(db);
  await sql`create index holders_by_person on holders (person)`.execute(db);
  await sql`create table reveals (
    id text primary key, organization integer not null, device text not null, actor text not null, at integer not null,
    sealed blob not null)`.execute(db);
  await sql`create index reveals_by_device on reveals (device, at)`.execute(db);
}
