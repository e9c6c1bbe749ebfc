import { sql } from 'kysely';
import type { Status } from '../../shared/check.ts';
import { rowsOf, type Writing } from './database.ts';
import { type StoredState, storedStates } from './devices.ts';
import { changedSince } from './statuses.ts';

/** What the facts of one device come to, as the database holds it. */
export interface Judged {
  readonly device: number;
  readonly organization: number;
  /** Version of the policy that judged. */
  readonly version: number;
  /** Revision of the organization's waivers that were taken into account. */
  readonly waivers: number;
  /** The moment the facts stand for; a status that changed has been so since then. */
  readonly at: Date;
  /** The report that brought the facts; null when only time or the policy has changed. */
  readonly sequence: number | null;
  /** The report whose facts were judged; null where none has come. */
  readonly factsSequence: number | null;
  readonly state: StoredState;
  /** When the collector learned that the device stands there. */
  readonly stateAt: Date;
  /** Ids of enforced checks that fail or are unknown, worst first. */
  readonly failing: readonly string[];
  readonly unknown: readonly string[];
  /** Every check (`firewall`) and every point (`firewall/enabled`). */
  readonly outcomes: readonly {
    readonly subject: string;
    readonly status: Status;
    /** In plain words; empty for a check as a whole. */
    readonly observed: string;
    /** A point that counts. */
    readonly enforced: boolean;
  }[];
  /** All statuses in short; see statuses.ts. */
  readonly statuses: string;
  /** When it must be judged again though nothing is reported. */
  readonly judgeAt: Date;
}

/**
 * Writes what changed, and only that: findings, transitions, counters and the device's roll-up together. A device appears
 * once in `judged`.
 */
export async function writeFindings(writing: Writing, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return;
  const { rows: before } = await sql<DeviceBefore>`select devices.number, devices.state, devices.statuses
    from ${rowsOf(
      writing,
      { number: 'integer' },
      judged.map(({ device }) => ({ number: device })),
      'judged',
    )} join devices on devices.number = judged.number`.execute(writing);
  const known = new Map(before.map((row) => [row.number, row]));
  const outcomes = judged.flatMap((one) =>
    changedSince(known.get(one.device)?.statuses ?? '', one.statuses, one.outcomes).map(
      ({ subject, status }) => ({
        device: one.device,
        subject,
        status,
      }),
    ),
  );
  await writeRollUps(writing, judged, known);
  if (outcomes.length === 0) return;
  const { rows: changes } = await sql<{
    device: number;
    subject: string;
    status: Status;
    before: Status | null;
    before_since: number | null;
  }>`select judged.device, judged.subject, judged.status, known.status as before, known.since as before_since
    from ${rowsOf(writing, { device: 'integer', subject: 'text', status: 'text' }, outcomes, 'judged')}
    left join findings known on known.device = judged.device and known.subject = judged.subject
    where known.status is null or known.status <> judged.status`.execute(writing);
  const byDevice = new Map(judged.map((one) => [one.device, one]));
  if (changes.length > 0) await writeChanges(writing, changes, byDevice);
}

interface DeviceBefore {
  readonly number: number;
  readonly state: number;
  readonly statuses: string;
}

async function writeChanges(
  writing: Writing,
  changes: readonly {
    device: number;
    subject: string;
    status: Status;
    before: Status | null;
    before_since: number | null;
  }[],
  byDevice: ReadonlyMap<number, Judged>,
): Promise<void> {
  const counts = new Map<
    string,
    { organization: number; subject: string; status: string; devices: number }
  >();
  const count = (organization: number, subject: string, status: string, change: number) => {
    const key = `${organization} ${subject} ${status}`;
    const entry = counts.get(key) ?? { organization, subject, status, devices: 0 };
    entry.devices += change;
    counts.set(key, entry);
  };
  const findings = [];
  const transitions = [];
  for (const { device, subject, status, before, before_since } of changes) {
    const one = byDevice.get(device);
    if (one === undefined) continue;
    const { organization, sequence } = one;
    const at = one.at.getTime();
    findings.push({ device, subject, organization, status, since: at, sequence });
    count(organization, subject, status, 1);
    if (before === null) continue;
    count(organization, subject, before, -1);
    // A check as a whole only follows its points: their lines tell the story.
    if (!subject.includes('/')) continue;
    const outcome = one.outcomes.find((entry) => entry.subject === subject);
    transitions.push({
      organization,
      device,
      subject,
      before,
      after: status,
      at,
      observed: outcome?.observed ?? '',
      enforced: outcome?.enforced === true ? 1 : 0,
      before_since,
      sequence,
    });
  }
  // `where true` keeps SQLite from reading `on conflict` as part of the join.
  await sql`insert into findings (device, subject, organization, status, since, sequence)
    select device, subject, organization, status, since, sequence from ${rowsOf(
      writing,
      {
        device: 'integer',
        subject: 'text',
        organization: 'integer',
        status: 'text',
        since: 'integer',
        sequence: 'integer',
      },
      findings,
      'changed',
    )} where true
    on conflict (device, subject) do update set status = excluded.status, since = excluded.since, sequence = excluded.sequence`.execute(
    writing,
  );
  if (transitions.length > 0) {
    await sql`insert into transitions (organization, device, subject, before, after, at, observed, enforced, before_since, sequence)
      select organization, device, subject, before, after, at, observed, enforced, before_since, sequence from ${rowsOf(
        writing,
        {
          organization: 'integer',
          device: 'integer',
          subject: 'text',
          before: 'text',
          after: 'text',
          at: 'integer',
          observed: 'text',
          enforced: 'integer',
          before_since: 'integer',
          sequence: 'integer',
        },
        transitions,
        'happened',
      )}`.execute(writing);
  }
  await sql`insert into finding_counts (organization, subject, status, devices)
    select organization, subject, status, devices from ${rowsOf(
      writing,
      { organization: 'integer', subject: 'text', status: 'text', devices: 'integer' },
      [...counts.values()].filter(({ devices }) => devices !== 0),
      'counted',
    )} where true
    on conflict (organization, subject, status) do update set devices = finding_counts.devices + excluded.devices`.execute(
    writing,
  );
}

/** A device's state, lists and next judgement, and the organization's counts of states. */
async function writeRollUps(
  writing: Writing,
  judged: readonly Judged[],
  before: ReadonlyMap<number, DeviceBefore>,
): Promise<void> {
  const rows = rowsOf(
    writing,
    {
      device: 'integer',
      version: 'integer',
      waivers: 'integer',
      state: 'integer',
      failing: 'text',
      unknown: 'text',
      statuses: 'text',
      judge_at: 'integer',
    },
    judged.map((one) => ({
      device: one.device,
      version: one.version,
      waivers: one.waivers,
      state: storedStates.indexOf(one.state),
      failing: one.failing.join(','),
      unknown: one.unknown.join(','),
      statuses: one.statuses,
      judge_at: one.judgeAt.getTime(),
    })),
    'judged',
  );
  // Judged by a policy or waivers that have changed in the meantime: once more, and at once.
  await sql`update devices set state = judged.state, failing = judged.failing, unknown = judged.unknown,
    statuses = judged.statuses, judged_version = judged.version,
    judge_at = case when exists (select 1 from organizations where number = devices.organization
        and policy_version = judged.version and waiver_revision = judged.waivers)
      then judged.judge_at else 0 end
    from ${rows} where devices.number = judged.device`.execute(writing);
  const counts = new Map<string, { organization: number; state: number; devices: number }>();
  const count = (organization: number, state: number, change: number) => {
    const key = `${organization} ${state}`;
    const entry = counts.get(key) ?? { organization, state, devices: 0 };
    entry.devices += change;
    counts.set(key, entry);
  };
  const changes = [];
  for (const { device, organization, state, stateAt } of judged) {
    const was = before.get(device)?.state;
    const is = storedStates.indexOf(state);
    if (was === undefined || was === is) continue;
    count(organization, was, -1);
    count(organization, is, 1);
    changes.push({ organization, device, before: was, after: is, at: stateAt.getTime() });
  }
  if (counts.size === 0) return;
  await sql`insert into state_changes (organization, device, before, after, at)
    select organization, device, before, after, at from ${rowsOf(
      writing,
      { organization: 'integer', device: 'integer', before: 'integer', after: 'integer', at: 'integer' },
      changes,
      'changed',
    )}`.execute(writing);
  await sql`insert into state_counts (organization, state, devices)
    select organization, state, devices from ${rowsOf(
      writing,
      { organization: 'integer', state: 'integer', devices: 'integer' },
      [...counts.values()].filter(({ devices }) => devices !== 0),
      'counted',
    )} where true
    on conflict (organization, state) do update set devices = state_counts.devices + excluded.devices`.execute(
    writing,
  );
}
