import { type Kysely, sql } from 'kysely';

/** Waivers with everything that became of them; what staff have asked for so far becomes the first of them. */
export async function waivers(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table organizations add column waiver_revision integer not null default 0',
  `create table waivers (
    id text primary key, organization bigint not null references organizations(number), scope text not null,
    target text not null, device bigint references devices(number), subject text not null, reason text not null,
    control text not null, requested_by text not null, requested_at bigint not null, status text not null,
    decided_by text, decided_at bigint, starts_at bigint, expires_at bigint, ends_at bigint)`,
  'create index waivers_waiting on waivers (organization, status, requested_at)',
  'create index waivers_by_end on waivers (organization, ends_at)',
  'create index waivers_by_device on waivers (device, status)',
  `create table waiver_events (
    waiver text not null references waivers(id), number integer not null, at bigint not null, actor text not null,
    action text not null, note text not null, expires_at bigint, primary key (waiver, number))`,
  `insert into waivers (id, organization, scope, target, device, subject, reason, control, requested_by, requested_at, status)
    select w.id, w.organization, 'device', d.id, w.device, w.subject, w.reason, '', 'device:' || d.id, w.requested_at,
      'requested' from waiver_requests w join devices d on d.number = w.device`,
  `insert into waiver_events (waiver, number, at, actor, action, note)
    select id, 1, requested_at, requested_by, 'request', '' from waivers`,
  'drop table waiver_requests',
];
