import { type Kysely, sql } from 'kysely';

/** Indexes without which a page reads more than it shows. */
export async function plans(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Who fell silent last, out of many.
  'create index devices_by_state_and_report on devices (organization, revoked_at, state, received_at nulls first, label)',
  // What broke and how long repairs took are told from the index alone.
  'create index transitions_told on transitions (organization, enforced, after, at, subject, before, before_since, sequence)',
  'drop index transitions_by_outcome',
];
