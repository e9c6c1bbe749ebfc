import { type Kysely, sql } from 'kysely';

/** Statements people are asked for, and sentences of a policy that somebody said do not apply. Addresses are in the people's database. */
export async function attestations(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table attestation_campaigns (
    id text primary key, organization integer not null references organizations(number), template text not null,
    title text not null, statement text not null, digest blob not null, role text not null, period_from integer not null,
    created_at integer not null, created_by text not null, due_at integer not null, valid_until integer not null,
    ended_at integer)`,
  'create index attestation_campaigns_by_time on attestation_campaigns (organization, created_at)',
  `create table attestation_people (
    id text primary key, organization integer not null, campaign text not null references attestation_campaigns(id),
    pseudonym text not null, device integer references devices(number), link blob, answer text, reason text not null,
    answered_at integer, answered_by text, evidence blob, signed text, countersigned_by text, countersigned_at integer,
    action_due_at integer, action_done_at integer, action_done_by text, action_note text not null, reminded_at integer)`,
  'create index attestation_people_by_campaign on attestation_people (organization, campaign)',
  'create unique index attestation_people_by_link on attestation_people (link)',
  'create index attestation_people_by_device on attestation_people (device)',
  `create table clause_exclusions (
    id text primary key, organization integer not null references organizations(number), clause text not null,
    reason text not null, said_by text not null, said_at integer not null, until integer not null, ended_at integer)`,
  'create index clause_exclusions_by_time on clause_exclusions (organization, said_at)',
];
