import { type Kysely, sql } from 'kysely';

/** What happened and whom to tell, and an outbox that survives a crash. */
export async function alerts(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table alert_settings (
    organization bigint primary key references organizations(number), time_zone text not null, digest_hour integer not null,
    min_severity text not null)`,
  'create table alert_positions (source text primary key, position bigint not null)',
  `create table alerts (
    id text primary key, organization bigint not null references organizations(number), kind text not null,
    group_key text not null, opened_at bigint not null, touched_at bigint not null, sealed_at bigint,
    events integer not null)`,
  'create index alerts_by_group on alerts (organization, group_key, sealed_at)',
  'create index alerts_by_time on alerts (organization, opened_at)',
  'create index alerts_open on alerts (sealed_at, opened_at)',
  `create table alert_events (
    organization bigint not null, key text not null, alert text not null references alerts(id), kind text not null,
    at bigint not null, subject text not null, line text not null, path text not null, primary key (organization, key))`,
  'create index alert_events_by_alert on alert_events (alert, at)',
  'create index alert_events_by_subject on alert_events (organization, kind, subject, at)',
  `create table alert_subscriptions (
    person bigint not null references users(number) on delete cascade,
    organization bigint not null references organizations(number), immediate integer not null, digest text not null,
    primary key (organization, person))`,
  `create table webhooks (
    id text primary key, organization bigint not null references organizations(number), name text not null, url text not null,
    host text not null, secret text not null, format text not null, created_at bigint not null, paused_at bigint,
    removed_at bigint)`,
  'create index webhooks_by_organization on webhooks (organization, removed_at)',
  `create table deliveries (
    id text primary key, organization bigint not null references organizations(number), channel text not null,
    target text not null, content text not null, alert text references alerts(id), covers_from bigint,
    created_at bigint not null, next_at bigint not null, attempts integer not null, claimed_until bigint not null,
    done_at bigint, outcome text, problem text not null)`,
  'create index deliveries_due on deliveries (done_at, next_at)',
  'create index deliveries_by_time on deliveries (organization, created_at)',
];
