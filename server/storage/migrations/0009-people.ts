import { type Kysely, sql } from 'kysely';

/** Restriction, erasure and retention: what the collector itself must remember of them. The people are in their own database. */
export async function people(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table restrictions (
    device text primary key, organization integer not null references organizations(number), since integer not null,
    actor text not null)`,
  'create index restrictions_by_organization on restrictions (organization)',
  `create table purges (
    id text primary key, organization integer, class text not null, at integer not null, deleted integer not null,
    oldest_at integer not null)`,
  'create index purges_by_organization on purges (organization, at)',
  `create table erasures (
    id text primary key, organization integer not null references organizations(number), request text, at integer not null,
    actor text not null, erased text not null, backups_until integer not null)`,
  'create index erasures_by_organization on erasures (organization, at)',
  'create index reports_by_time on reports (received_at)',
  'create table report_floors (device integer primary key, sequence integer not null, previous blob not null)',
];
