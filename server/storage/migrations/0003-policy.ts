import { type Kysely, sql } from 'kysely';

/** Drafts of policies, publications with a date, and what the pages about checks are found by. */
export async function policy(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table policies add column effective_from bigint not null default 0',
  "alter table policies add column reason text not null default ''",
  'alter table policies add column withdrawn_at bigint',
  'update policies set effective_from = published_at',
  `create table scheduled_policies (
    organization integer primary key references organizations(number), version integer not null,
    effective_from bigint not null)`,
  'create index scheduled_policies_by_start on scheduled_policies (effective_from)',
  `create table policy_drafts (
    organization integer primary key references organizations(number), edit integer not null, based_on integer not null,
    document text not null, edited_at bigint not null, edited_by text not null)`,
  // Finds the same rows as the one it replaces, and the longest standing first.
  'create index findings_by_age on findings (organization, subject, status, since, device)',
  'drop index findings_by_status',
  'create index transitions_by_subject on transitions (organization, subject, after, at)',
  'create index devices_by_judged on devices (organization, revoked_at, judged_version)',
];
