import { type Kysely, sql } from 'kysely';

/** The sentences of an organization's own written policy, version by version. */
export async function clauseSets(db: Kysely<never>): Promise<void> {
  await sql`create table clause_sets (
    organization integer not null references organizations(number), version integer not null, document text not null,
    set_at integer not null, set_by text not null, primary key (organization, version))`.execute(db);
}
