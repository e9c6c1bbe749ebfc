import { type Kysely, sql } from 'kysely';

/** Second factors, passkeys, sessions one can tell apart, roles that end, API tokens, and ways to search the audit log. */
export async function access(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Whoever is signed in has a session without an id: they sign in again.
  'delete from sessions',
  `alter table sessions add column id text not null default ''`,
  `alter table sessions add column how text not null default 'link'`,
  `alter table sessions add column browser text not null default ''`,
  'alter table sessions add column confined integer not null default 0',
  'create unique index sessions_by_id on sessions (id)',
  `alter table sign_in_links add column purpose text not null default 'console'`,
  'alter table memberships add column expires_at integer',
  'create index memberships_by_organization on memberships (organization)',
  'alter table organizations add column second_factor_required integer not null default 1',
  'alter table users add column second_factor_due_at integer',
  `create table recovery_codes (
    digest blob primary key, user integer not null references users(number) on delete cascade, used_at integer)`,
  'create index recovery_codes_by_user on recovery_codes (user)',
  `create table passkeys (
    id text primary key, user integer not null references users(number) on delete cascade, name text not null,
    public_key blob not null, counter integer not null, transports text not null, created_at integer not null,
    used_at integer)`,
  'create index passkeys_by_user on passkeys (user)',
  `create table sign_in_steps (
    digest blob primary key, purpose text not null, user integer references users(number) on delete cascade,
    detail text not null, tries integer not null, expires_at integer not null)`,
  'create index sign_in_steps_by_expiry on sign_in_steps (expires_at)',
  `create table api_tokens (
    id text primary key, digest blob not null unique, organization integer not null references organizations(number),
    name text not null, scopes text not null, created_by integer not null references users(number),
    created_at integer not null, expires_at integer not null, used_at integer, revoked_at integer)`,
  'create index api_tokens_by_organization on api_tokens (organization)',
  'create index audit_by_time on audit (organization, at, number)',
  'create index audit_by_actor on audit (organization, actor, number)',
  'create index audit_by_subject on audit (organization, subject, number)',
  'create index audit_by_action on audit (organization, action, number)',
];
