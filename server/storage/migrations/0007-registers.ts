import { type Kysely, sql } from 'kysely';

/** Registers: records, what happened to them, and what they point at. What they say about people is in the people's database. */
export async function registers(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table register_records (
    id text primary key, organization integer not null references organizations(number), register text not null,
    sequence integer not null, title text not null, state text not null, closed integer not null, version integer not null,
    document text not null, due_at integer not null, due text not null, missed integer not null, created_at integer not null,
    created_by text not null, updated_at integer not null, closed_at integer, purge_at integer)`,
  'create unique index register_records_by_sequence on register_records (organization, register, sequence)',
  'create index register_records_by_due on register_records (organization, register, due_at)',
  'create index register_records_due on register_records (organization, due_at)',
  'create index register_records_to_purge on register_records (purge_at)',
  `create table register_events (
    record text not null references register_records(id) on delete cascade, version integer not null,
    organization integer not null, register text not null, at integer not null, actor text not null, action text not null,
    state text not null, closed integer not null, due_at integer not null, missed integer not null, changes text not null,
    primary key (record, version))`,
  'create index register_events_by_time on register_events (organization, at)',
  `create table register_counters (
    organization integer not null, register text not null, last integer not null, primary key (organization, register))`,
  `create table register_links (
    record text not null references register_records(id) on delete cascade, field text not null,
    target text not null references register_records(id) on delete cascade, organization integer not null,
    primary key (record, field, target))`,
  'create index register_links_by_target on register_links (organization, target)',
];
