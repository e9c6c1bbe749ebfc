import { sql } from 'kysely';
import { type Database, statementOver, type Writing } from './database.ts';
import { isAbsent } from './stored-states.ts';

interface FindingCount {
  readonly organization: number;
  readonly subject: string;
  readonly status: string;
  devices: number;
}
interface StateCount {
  readonly organization: number;
  readonly state: number;
  devices: number;
}

/** By how much a group of judgements changes the maintained counters. */
export class CountChanges {
  readonly findings = new Map<string, FindingCount>();
  readonly states = new Map<string, StateCount>();
  readonly absent = new Map<string, FindingCount & StateCount>();

  addFinding(organization: number, subject: string, status: string, change: number): void {
    add(this.findings, `${organization} ${subject} ${status}`, change, { organization, subject, status });
  }
  addState(organization: number, state: number, change: number): void {
    add(this.states, `${organization} ${state}`, change, { organization, state });
  }
  /** What a device in one of the absent states answers, all of it. */
  addAbsent(
    organization: number,
    state: number,
    statuses: ReadonlyMap<string, string>,
    change: number,
  ): void {
    for (const [subject, status] of statuses) {
      const of = { organization, state, subject, status };
      add(this.absent, `${organization} ${state} ${subject} ${status}`, change, of);
    }
  }
}

function add<C extends { devices: number }>(
  counts: Map<string, C>,
  key: string,
  change: number,
  of: Omit<C, 'devices'>,
): void {
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { ...of, devices: change } as C);
  else known.devices += change;
}

const changed = <C extends { readonly devices: number }>(counts: ReadonlyMap<string, C>): readonly C[] =>
  [...counts.values()].filter(({ devices }) => devices !== 0);

/** Writes such changes; the statements are worded once for a database. */
export function countsWriter(db: Database): (writing: Writing, counts: CountChanges) => Promise<void> {
  // `where true` keeps SQLite from reading `on conflict` as part of a join.
  const addFindings = statementOver(
    db,
    { organization: 'integer', subject: 'text', status: 'text', devices: 'integer' },
    (rows) => sql`insert into finding_counts (organization, subject, status, devices)
      select organization, subject, status, devices from ${rows} where true
      on conflict (organization, subject, status) do update set devices = finding_counts.devices + excluded.devices`,
  );
  const addStates = statementOver(
    db,
    { organization: 'integer', state: 'integer', devices: 'integer' },
    (rows) => sql`insert into state_counts (organization, state, devices)
      select organization, state, devices from ${rows} where true
      on conflict (organization, state) do update set devices = state_counts.devices + excluded.devices`,
  );
  const addAbsent = statementOver(
    db,
    { organization: 'integer', state: 'integer', subject: 'text', status: 'text', devices: 'integer' },
    (rows) => sql`insert into absent_counts (organization, state, subject, status, devices)
      select organization, state, subject, status, devices from ${rows} where true
      on conflict (organization, state, subject, status)
      do update set devices = absent_counts.devices + excluded.devices`,
  );
  return async (writing, { findings, states, absent: absentFindings }) => {
    await addFindings(writing, changed(findings));
    await addStates(writing, changed(states));
    await addAbsent(writing, changed(absentFindings));
  };
}

/** A device leaves the fleet with everything it counted for: its findings go, its signed reports stay. False where it is not in it. */
export async function leaveFleet(
  writing: Writing,
  organization: number,
  device: string,
  at: Date,
): Promise<boolean> {
  const row = await writing
    .updateTable('devices')
    .set({ revoked_at: at.getTime() })
    .where('id', '=', device)
    .where('organization', '=', organization)
    .where('revoked_at', 'is', null)
    .returning(['number', 'state'])
    .executeTakeFirst();
  if (row === undefined) return false;
  await leaveCounts(writing, organization, row);
  return true;
}

async function leaveCounts(
  writing: Writing,
  organization: number,
  { number, state }: { readonly number: number; readonly state: number },
): Promise<void> {
  const answered = sql`(subject, status) in (select subject, status from findings where device = ${number})`;
  await sql`update finding_counts set devices = devices - 1
    where organization = ${organization} and ${answered}`.execute(writing);
  if (isAbsent(state)) {
    await sql`update absent_counts set devices = devices - 1
      where organization = ${organization} and state = ${state} and ${answered}`.execute(writing);
  }
  await sql`update state_counts set devices = devices - 1
    where organization = ${organization} and state = ${state}`.execute(writing);
  await writing.deleteFrom('findings').where('device', '=', number).execute();
}
