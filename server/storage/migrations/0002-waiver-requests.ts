import { type Kysely, sql } from 'kysely';

/** What staff ask for from their laptops. */
export async function waiverRequests(db: Kysely<never>): Promise<void> {
  await sql`create table waiver_requests (
    number integer primary key, id text not null unique, organization integer not null references organizations(number),
    device integer not null references devices(number), subject text not null, reason text not null,
    requested_at integer not null, decided_at integer)`.execute(db);
  await sql`create index waiver_requests_open on waiver_requests (organization, decided_at, requested_at)`.execute(
    db,
  );
}
