import { type Kysely, sql } from 'kysely';

/** What the person of a laptop asks about what is kept, and the short-lived ways to the page where they ask. */
export async function staffRequests(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table staff_requests (
    id text primary key, organization integer not null references organizations(number),
    device integer not null references devices(number), kind text not null, about text not null, words text not null,
    requested_at integer not null, answered_at integer, answered_by text, answer text not null)`,
  'create index staff_requests_open on staff_requests (organization, answered_at, requested_at)',
  'create index staff_requests_by_device on staff_requests (device, requested_at)',
  `create table device_visits (
    digest blob primary key, organization integer not null references organizations(number),
    device integer not null references devices(number) on delete cascade, csrf text, expires_at integer not null)`,
  'create index device_visits_by_expiry on device_visits (expires_at)',
  'create index device_visits_by_device on device_visits (device)',
];
