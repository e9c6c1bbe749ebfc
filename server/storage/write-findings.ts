import { sql } from 'kysely';
import type { Status } from '../../shared/check.ts';
import { type Database, statementOver, type Writing } from './database.ts';
import { CountChanges, countsWriter } from './fleet-counts.ts';
import { changesBetween, sameSubjects } from './statuses.ts';
import { isAbsent, type StoredState, storedStates } from './stored-states.ts';

/** What the facts of one device come to, as the database holds it. */
export interface Judged {
  readonly device: number;
  readonly organization: number;
  /** Version of the policy that judged. */
  readonly version: number;
  /** Revision of the organization's waivers it was judged with. */
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
  readonly outcomes: readonly JudgedOutcome[];
  /** All statuses in short; see statuses.ts. */
  readonly statuses: string;
  /** When it must be judged again though nothing is reported. */
  readonly judgeAt: Date;
}

export interface JudgedOutcome {
  readonly subject: string;
  readonly status: Status;
  /** In plain words; empty for a check as a whole. */
  readonly observed: string;
  /** A point that counts. */
  readonly enforced: boolean;
}

/** How a device stood before a judgement. */
export interface StandingBefore {
  /** Index into `storedStates`. */
  readonly state: number;
  /** See statuses.ts. */
  readonly statuses: string;
}

/** What a group of judgements changes, in the order they were made. */
export interface Changes {
  /** Takes in one judgement, given how the device stood before it. */
  add(judged: Judged, before: StandingBefore): void;
}

/** Writes findings, transitions and counters: only what changed, and all of a group with a few statements. */
export interface FindingsWriter {
  /** Changes of a group; given are the devices whose findings must be known, see `needsFindings`. */
  gather(writing: Writing, devices: readonly number[]): Promise<Changes>;
  write(writing: Writing, changes: Changes): Promise<void>;
}

interface FindingRow {
  readonly device: number;
  readonly subject: string;
  readonly organization: number;
  readonly status: Status;
  readonly since: number;
  readonly sequence: number | null;
}

interface Gathered extends Changes {
  readonly findings: ReadonlyMap<string, FindingRow>;
  readonly transitions: readonly {
    readonly organization: number;
    readonly device: number;
    readonly subject: string;
    readonly before: Status;
    readonly after: Status;
    readonly at: number;
    readonly observed: string;
    readonly enforced: number;
    /** Null where only the database knows. */
    readonly before_since: number | null;
    readonly sequence: number | null;
  }[];
  readonly stateChanges: readonly {
    readonly organization: number;
    readonly device: number;
    readonly before: number;
    readonly after: number;
    readonly at: number;
  }[];
  readonly counts: CountChanges;
}

/** Everything that was found of some devices, by device and subject; kept up while a group is gathered. */
type KnownFindings = ReadonlyMap<number, Map<string, Status>>;

function gathering(known: KnownFindings): Gathered {
  const findings = new Map<string, FindingRow>();
  const transitions: Gathered['transitions'][number][] = [];
  const stateChanges: Gathered['stateChanges'][number][] = [];
  const counts = new CountChanges();

  function change(judged: Judged, outcome: JudgedOutcome, before: Status | undefined): void {
    const { device, organization, sequence } = judged;
    const { subject, status } = outcome;
    if (before === status) return;
    const at = judged.at.getTime();
    const before_since = findings.get(`${device} ${subject}`)?.since ?? null;
    findings.set(`${device} ${subject}`, { device, subject, organization, status, since: at, sequence });
    known.get(device)?.set(subject, status);
    counts.addFinding(organization, subject, status, 1);
    if (before === undefined) return;
    counts.addFinding(organization, subject, before, -1);
    // A check as a whole only follows its points: their lines tell the story.
    if (!subject.includes('/')) return;
    const { observed } = outcome;
    const enforced = outcome.enforced ? 1 : 0;
    transitions.push({
      organization,
      device,
      subject,
      before,
      after: status,
      at,
      observed,
      enforced,
      before_since,
      sequence,
    });
  }

  return {
    findings,
    transitions,
    stateChanges,
    counts,
    add(judged, before) {
      const is = storedStates.indexOf(judged.state);
      const { organization, device } = judged;
      if (before.state !== is) {
        counts.addState(organization, before.state, -1);
        counts.addState(organization, is, 1);
        const at = judged.stateAt.getTime();
        stateChanges.push({ organization, device, before: before.state, after: is, at });
      }
      const found = known.get(device);
      const absence = found !== undefined && changesAbsence(judged, before);
      if (absence && isAbsent(before.state)) counts.addAbsent(organization, before.state, found, -1);
      const changes = changesBetween(before.statuses, judged.statuses, judged.outcomes);
      if (changes === undefined) {
        for (const outcome of judged.outcomes) change(judged, outcome, found?.get(outcome.subject));
      } else {
        for (const { outcome, before: status } of changes) change(judged, outcome, status);
      }
      if (absence && isAbsent(is)) counts.addAbsent(organization, is, found, 1);
    },
  };
}

/** Does a judgement change what the silent or those on leave are counted for? */
function changesAbsence({ state, statuses }: Judged, before: StandingBefore): boolean {
  const is = storedStates.indexOf(state);
  return (isAbsent(before.state) || isAbsent(is)) && (before.state !== is || before.statuses !== statuses);
}

/** Must everything that was found of a device be at hand to say what a judgement changes? Else its short text is enough. */
export const needsFindings = (judged: Judged, before: StandingBefore): boolean =>
  !sameSubjects(before.statuses, judged.statuses) || changesAbsence(judged, before);

/** The statements are worded once for a database. */
export function findingsWriter(db: Database): FindingsWriter {
  const readKnown = statementOver(
    db,
    { number: 'integer' },
    (rows) => sql<{
      device: number;
      subject: string;
      status: Status;
    }>`select findings.device, findings.subject, findings.status
      from ${rows} join findings on findings.device = given.number`,
  );
  // `where true` keeps SQLite from reading `on conflict` as part of a join.
  const upsertFindings = statementOver(
    db,
    {
      device: 'integer',
      subject: 'text',
      organization: 'integer',
      status: 'text',
      since: 'integer',
      sequence: 'integer',
    },
    (rows) => sql`insert into findings (device, subject, organization, status, since, sequence)
      select device, subject, organization, status, since, sequence from ${rows} where true
      on conflict (device, subject) do update set status = excluded.status, since = excluded.since, sequence = excluded.sequence`,
  );
  const insertTransitions = statementOver(
    db,
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
      place: 'integer',
    },
    // Asked before the findings themselves are written: they still say since when it was otherwise.
    (given) => sql`insert into transitions
        (organization, device, subject, before, after, at, observed, enforced, before_since, sequence)
      select given.organization, given.device, given.subject, given.before, given.after, given.at, given.observed,
        given.enforced, coalesce(given.before_since, known.since), given.sequence
      from ${given} left join findings known on known.device = given.device and known.subject = given.subject
      order by given.place`,
  );
  const insertStateChanges = statementOver(
    db,
    { organization: 'integer', device: 'integer', before: 'integer', after: 'integer', at: 'integer' },
    (given) => sql`insert into state_changes (organization, device, before, after, at)
      select organization, device, before, after, at from ${given}`,
  );
  const writeCounts = countsWriter(db);

  return {
    async gather(writing, devices) {
      const known = new Map(devices.map((number) => [number, new Map<string, Status>()]));
      const rows = await readKnown(
        writing,
        devices.map((number) => ({ number })),
      );
      for (const { device, subject, status } of rows) known.get(device)?.set(subject, status);
      return gathering(known);
    },
    async write(writing, changes) {
      const { findings, transitions, stateChanges, counts } = changes as Gathered;
      await insertTransitions(
        writing,
        transitions.map((row, place) => ({ ...row, place })),
      );
      await upsertFindings(writing, [...findings.values()]);
      await insertStateChanges(writing, stateChanges);
      await writeCounts(writing, counts);
    },
  };
}
