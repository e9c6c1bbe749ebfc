import { type Kysely, sql } from 'kysely';

/** What looking back needs: how long a status had held, when a device's state changed, how many stood where each day. */
export async function history(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table organizations add column sample integer not null default 0',
  'alter table devices add column leave_until bigint',
  'alter table transitions add column before_since bigint',
  'alter table transitions add column sequence bigint',
  'create index transitions_by_time on transitions (organization, at)',
  `create table state_changes (
    number integer primary key, organization integer not null, device integer not null references devices(number),
    before integer not null, after integer not null, at bigint not null)`,
  'create index state_changes_by_time on state_changes (organization, at)',
  'create index state_changes_by_device on state_changes (device, at)',
  `create table daily_states (
    organization integer not null references organizations(number), day integer not null, state integer not null,
    devices integer not null, primary key (organization, day, state))`,
];
