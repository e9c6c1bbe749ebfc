import { type Kysely, sql, type Transaction } from 'kysely';
import { isPostgres } from '../dialect.ts';
import { start } from './0001-start.ts';
import { access } from './0002-access.ts';
import { waiverRequests } from './0002-waiver-requests.ts';
import { policy } from './0003-policy.ts';
import { waivers } from './0004-waivers.ts';
import { alerts } from './0005-alerts.ts';
import { history } from './0006-history.ts';
import { registers } from './0007-registers.ts';
import { staffRequests } from './0008-staff-requests.ts';
import { people } from './0009-people.ts';
import { attestations } from './0010-attestations.ts';
import { clauseSets } from './0010-clause-sets.ts';
import { auditFloor } from './0011-audit-floor.ts';
import { keptAnswers } from './0012-kept-answers.ts';
import { plans } from './0030-plans.ts';
import { absentCounts } from './0031-absent-counts.ts';
import { search } from './0032-search.ts';
import { failedAttempts } from './0040-failed-attempts.ts';
import { heldPolicies } from './0041-held-policies.ts';
import { statementMails } from './0042-statement-mails.ts';
import { orderOfTime } from './0050-order-of-time.ts';
import { approvals } from './0051-approvals.ts';
import { Portable } from './portable.ts';

export interface Migration {
  readonly name: string;
  run(db: Kysely<never>): Promise<void>;
}

/** In the order they are run; only ever appended to. */
export const collectorMigrations: readonly Migration[] = [
  { name: '0001-start', run: start },
  { name: '0002-waiver-requests', run: waiverRequests },
  { name: '0003-policy', run: policy },
  { name: '0006-history', run: history },
  { name: '0002-access', run: access },
  { name: '0004-waivers', run: waivers },
  { name: '0005-alerts', run: alerts },
  { name: '0007-registers', run: registers },
  { name: '0010-attestations', run: attestations },
  { name: '0008-staff-requests', run: staffRequests },
  { name: '0009-people', run: people },
  { name: '0030-plans', run: plans },
  { name: '0010-clause-sets', run: clauseSets },
  { name: '0011-audit-floor', run: auditFloor },
  { name: '0012-kept-answers', run: keptAnswers },
  { name: '0031-absent-counts', run: absentCounts },
  { name: '0040-failed-attempts', run: failedAttempts },
  { name: '0032-search', run: search },
  { name: '0041-held-policies', run: heldPolicies },
  { name: '0042-statement-mails', run: statementMails },
  { name: '0050-order-of-time', run: orderOfTime },
  { name: '0051-approvals', run: approvals },
];

/** A database that a newer collector has already changed: an older one must not touch it. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
}

/**
 * Brings the database to this build's shape, in one transaction that holds the write lock, so that two collectors
 * starting at once do it once. Throws NewerDatabase where the database is ahead of this build.
 */
export async function migrate(
  db: Kysely<never>,
  migrations: readonly Migration[] = collectorMigrations,
): Promise<void> {
  await db.transaction().execute((transaction) => migrateIn(transaction, migrations));
}

/** The same in a transaction that does more; of all migrations only those of these names where some are given. */
export async function migrateIn(
  transaction: Transaction<never>,
  migrations: readonly Migration[],
  only?: readonly string[],
): Promise<void> {
  const writing = transaction.withPlugin(new Portable(isPostgres(transaction)));
  await sql`create table if not exists migrations (name text primary key, run_at integer not null)`.execute(
    writing,
  );
  const done = await migrationsOf(writing);
  if ([...(only ?? []), ...done].some((name) => !migrations.some((known) => known.name === name))) {
    throw new NewerDatabase('the database was written by a newer collector');
  }
  for (const { name, run } of migrations) {
    if (done.includes(name) || (only !== undefined && !only.includes(name))) continue;
    await run(writing);
    await sql`insert into migrations (name, run_at) values (${name}, ${Date.now()})`.execute(writing);
  }
}

/** Which migrations a database has seen. */
export async function migrationsOf(db: Kysely<never>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(db);
  return rows.map(({ name }) => name);
}
