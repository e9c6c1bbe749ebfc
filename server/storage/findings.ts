import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import { deviceStates, judgeState } from './device-state.ts';
import { isExcused } from './excused.ts';
import { absentStates } from './stored-states.ts';
import { findingsWriter, type Judged, needsFindings } from './write-findings.ts';

export interface KnownFinding {
  readonly status: Status;
  readonly since: Date;
}

/** A point that went from anything else to failing. */
export interface BrokenPoint {
  readonly organization: number;
  readonly device: string;
  readonly label: string;
  readonly assetTag: string | null;
  readonly subject: string;
  readonly observed: string;
  readonly at: Date;
}

export interface Transition {
  readonly subject: string;
  readonly before: Status;
  readonly after: Status;
  readonly at: Date;
  readonly observed: string;
}

export interface FindingStore {
  /** By subject. */
  ofDevice(organization: number, device: number): Promise<ReadonlyMap<string, KnownFinding>>;
  /** Enforced points that broke since a moment, are still broken and not excused at this one: the newest, and how many there are in all. */
  broken(
    organization: number,
    since: Date,
    at: Date,
    limit: number,
  ): Promise<{ readonly points: readonly BrokenPoint[]; readonly total: number }>;
  /** Points that changed on a device, newest first. */
  timeline(organization: number, device: number, limit: number): Promise<readonly Transition[]>;
  /** Devices whose time to be judged again has come: at most so many. */
  due(
    at: Date,
    limit: number,
  ): Promise<readonly { readonly device: string; readonly organization: number }[]>;
  /** Writes what judging came to, except for devices that have brought other facts or were revoked in the meantime. */
  write(judged: readonly Judged[]): Promise<void>;
}

// A device is looked up in its organization, and what is said about it by the device alone: were both asked of one table, SQLite would
// take the index that begins with the organization and read all of it.
export function findingStore(db: Database): FindingStore {
  const states = deviceStates(db);
  const findings = findingsWriter(db);
  const broken = (organization: number, since: Date, at: Date) =>
    db
      .selectFrom('transitions')
      .innerJoin('findings', (join) =>
        join
          .onRef('findings.device', '=', 'transitions.device')
          .onRef('findings.subject', '=', 'transitions.subject')
          .onRef('findings.since', '=', 'transitions.at')
          .on('findings.status', '=', 'fail'),
      )
      .innerJoin('devices', 'devices.number', 'transitions.device')
      .where('transitions.organization', '=', organization)
      .where('transitions.enforced', '=', 1)
      .where('transitions.after', '=', 'fail')
      .where('transitions.at', '>=', since.getTime())
      .where('devices.revoked_at', 'is', null)
      .where(({ not }) => not(isExcused(at)))
      // Whoever is silent is told of as silent, and nobody is on leave to be fixed; what they said last is not news.
      .where('devices.state', 'not in', absentStates);
  return {
    async ofDevice(organization, device) {
      const rows = await db
        .selectFrom('devices')
        .innerJoin('findings', 'findings.device', 'devices.number')
        .select(['findings.subject', 'findings.status', 'findings.since'])
        .where('devices.number', '=', device)
        .where('devices.organization', '=', organization)
        .execute();
      return new Map(
        rows.map((row) => [row.subject, { status: row.status as Status, since: new Date(row.since) }]),
      );
    },
    async broken(organization, since, at, limit) {
      const rows = await broken(organization, since, at)
        .select([
          'transitions.subject',
          'transitions.observed',
          'transitions.at',
          'devices.id',
          'devices.label',
          'devices.asset_tag',
          // To tell which are the newest, all of them are found: they are counted on the way.
          (select) =>
            select.fn
              .countAll<number>()
              .over((over) => over)
              .as('total'),
        ])
        .orderBy('transitions.at', 'desc')
        .limit(limit)
        .execute();
      const points = rows.map((row) => ({
        organization,
        device: row.id,
        label: row.label,
        assetTag: row.asset_tag,
        subject: row.subject,
        observed: row.observed,
        at: new Date(row.at),
      }));
      return { points, total: Number(rows[0]?.total ?? 0) };
    },
    async timeline(organization, device, limit) {
      const rows = await db
        .selectFrom('devices')
        .innerJoin('transitions', 'transitions.device', 'devices.number')
        .select([
          'transitions.subject',
          'transitions.before',
          'transitions.after',
          'transitions.at',
          'transitions.observed',
        ])
        .where('devices.number', '=', device)
        .where('devices.organization', '=', organization)
        .orderBy('transitions.at', 'desc')
        .orderBy('transitions.number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, at: new Date(row.at) }) as Transition);
    },
    due: (at, limit) =>
      db
        .selectFrom('devices')
        .select(['id as device', 'organization'])
        .where('revoked_at', 'is', null)
        .where('judge_at', '<=', at.getTime())
        // As its index has it: see `sorted` in device-search.ts.
        .orderBy('revoked_at')
        .orderBy('judge_at')
        .limit(limit)
        .execute(),
    write: (judged) =>
      db.transaction().execute(async (writing) => {
        const known = await states.read(
          writing,
          judged.map(({ device }) => device),
        );
        // Others may have brought facts, or taken the device out, since it was judged.
        const good = judged.flatMap((one) => {
          const state = known.get(one.device);
          return state !== undefined && !state.revoked && state.factsSequence === one.factsSequence
            ? [{ one, state }]
            : [];
        });
        const changes = await findings.gather(
          writing,
          good.filter(({ one, state }) => needsFindings(one, state)).map(({ one }) => one.device),
        );
        for (const { one, state } of good) {
          changes.add(one, state);
          judgeState(state, one);
        }
        await states.write(
          writing,
          good.map(({ state }) => state),
        );
        await findings.write(writing, changes);
      }),
  };
}
