import { type Kysely, sql } from 'kysely';

/** Devices that say they hold a newer policy than this collector has. */
export async function heldPolicies(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table held_policies (
    device integer primary key references devices(number), organization integer not null, version integer not null)`,
  'create index held_policies_by_version on held_policies (organization, version)',
];
