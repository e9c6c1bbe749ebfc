import { type Kysely, sql } from 'kysely';

/** The first shape of the database. Never edited once released; what comes next is another migration. */
export async function start(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table organizations (
    number integer primary key, id text not null unique, name text not null, contact text not null,
    policy_version integer not null, created_at integer not null)`,
  `create table policies (
    organization integer not null references organizations(number), version integer not null, policy_id text not null,
    document text not null, published_at integer not null, published_by text not null,
    primary key (organization, version))`,
  `create table users (
    number integer primary key, id text not null unique, email text not null unique, name text not null,
    password_hash text, totp_secret text, totp_step integer, disabled_at integer, created_at integer not null)`,
  `create table memberships (
    user integer not null references users(number) on delete cascade,
    organization integer not null references organizations(number), role text not null,
    primary key (user, organization, role))`,
  `create table sessions (
    digest blob primary key, user integer not null references users(number) on delete cascade, csrf text not null,
    created_at integer not null, seen_at integer not null, expires_at integer not null)`,
  'create index sessions_by_user on sessions (user)',
  'create index sessions_by_expiry on sessions (expires_at)',
  `create table sign_in_links (
    digest blob primary key, user integer not null references users(number) on delete cascade,
    created_at integer not null, expires_at integer not null, used_at integer)`,
  'create index sign_in_links_by_expiry on sign_in_links (expires_at)',
  `create table devices (
    number integer primary key, id text not null unique, organization integer not null references organizations(number),
    label text not null, asset_tag text, owner text not null, public_key blob not null, enrolled_at integer not null,
    notice_version text not null, revoked_at integer, platform text not null, os_name text not null, os_version text,
    edition text, desktop text, system text not null, agent text not null, sequence integer not null,
    report_digest blob, received_at integer, taken_at integer, clock_skew integer not null, facts_sequence integer,
    facts_digest blob, diverged_at integer, judge_at integer not null, judged_version integer not null,
    state integer not null, failing text not null, unknown text not null, statuses text not null)`,
  'create unique index devices_by_label on devices (organization, label)',
  'create index devices_by_state on devices (organization, revoked_at, state, label)',
  'create index devices_by_name on devices (organization, revoked_at, label)',
  'create index devices_by_system on devices (organization, revoked_at, system, label)',
  'create index devices_by_report on devices (organization, revoked_at, received_at nulls first, label)',
  'create index devices_to_judge on devices (revoked_at, judge_at)',
  `create table enrollments (
    digest blob primary key, organization integer not null references organizations(number), owner text not null,
    created_at integer not null, created_by text not null, expires_at integer not null, used_at integer,
    device integer references devices(number))`,
  `create table reports (
    number integer primary key, device integer not null references devices(number), sequence integer not null,
    received_at integer not null, previous blob, facts_sequence integer not null, facts_digest blob, body blob not null)`,
  'create unique index reports_by_device on reports (device, sequence)',
  `create table stray_reports (
    number integer primary key, device integer not null references devices(number), sequence integer not null,
    received_at integer not null, digest blob not null, body blob not null)`,
  'create unique index stray_reports_by_device on stray_reports (device, digest)',
  `create table findings (
    device integer not null references devices(number), subject text not null, organization integer not null,
    status text not null, since integer not null, sequence integer, primary key (device, subject)) without rowid`,
  'create index findings_by_status on findings (organization, subject, status, device)',
  `create table transitions (
    number integer primary key, organization integer not null, device integer not null references devices(number),
    subject text not null, before text not null, after text not null, at integer not null, observed text not null,
    enforced integer not null)`,
  'create index transitions_by_device on transitions (device, at)',
  'create index transitions_by_outcome on transitions (organization, enforced, after, at)',
  `create table finding_counts (
    organization integer not null, subject text not null, status text not null, devices integer not null,
    primary key (organization, subject, status)) without rowid`,
  `create table state_counts (
    organization integer not null, state integer not null, devices integer not null,
    primary key (organization, state)) without rowid`,
  `create table request_nonces (
    device integer not null, nonce text not null, expires_at integer not null,
    primary key (device, nonce)) without rowid`,
  'create index request_nonces_by_expiry on request_nonces (expires_at)',
  `create table audit (
    number integer primary key, at integer not null, organization integer, actor text not null, action text not null,
    subject text not null, detail text not null, previous blob not null, digest blob not null)`,
  'create index audit_by_organization on audit (organization, number)',
];
