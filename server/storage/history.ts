import { type SqlBool, sql } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import { type Owner, type StoredState, storedStates } from './devices.ts';

/** A device that belonged to the fleet at a moment of the past. */
export interface PastDevice {
  readonly number: number;
  readonly id: string;
  readonly label: string;
  readonly assetTag: string | null;
  readonly owner: Owner;
  readonly platform: Platform;
  readonly system: string;
  /** Where the collector said at that moment that it stands. */
  readonly state: StoredState;
  /** False where it had not reported by then. */
  readonly reported: boolean;
  /** Every status as it is now; see statuses.ts. What changed since is in `pointsSince`. */
  readonly statuses: string;
}

/** How long points had failed that a report showed to be in order. */
export interface FixTimes {
  /** `firewall/enabled`. */
  readonly subject: string;
  /** Whole hours. */
  readonly hours: number;
  readonly fixes: number;
}

export interface DayStates {
  /** `2026-11-21`: how it was when that day (UTC) ended. */
  readonly date: string;
  readonly counts: Readonly<Record<StoredState, number>>;
}

/** What happened to one point of one device, or to where the device stands. */
export interface PastChange {
  readonly number: number;
  readonly subject: string;
  readonly before: Status;
  readonly after: Status;
  readonly at: Date;
  readonly observed: string;
  /** Null where only time or the policy made it. */
  readonly sequence: number | null;
}

export interface HistoryStore {
  /** Every device that belonged to the organization at a moment, with where it stood then. */
  fleet(organization: number, at: Date): Promise<readonly PastDevice[]>;
  /** What points were at a moment, for those that changed since: by device, then by subject. */
  pointsSince(organization: number, at: Date): Promise<ReadonlyMap<number, ReadonlyMap<string, Status>>>;
  /** How many devices stood where at a moment. */
  stateCounts(organization: number, at: Date): Promise<Readonly<Record<StoredState, number>>>;
  /** Where one device stood at a moment; undefined where there is no such device. */
  stateOf(organization: number, device: number, at: Date): Promise<StoredState | undefined>;
  /** When each of these devices last reported before a moment; a device that had not is left out. */
  lastReports(devices: readonly number[], at: Date): Promise<ReadonlyMap<number, Date>>;
  /** The last day whose counts were kept; undefined before the first. Days since 1970, UTC. */
  lastClosedDay(organization: number): Promise<number | undefined>;
  /** Keeps how many devices stood where when a day ended; a day that is kept stays as it is. */
  closeDay(organization: number, day: number, counts: Readonly<Record<StoredState, number>>): Promise<void>;
  /** The kept days from one to another (both included), oldest first. */
  days(organization: number, from: Date, to: Date): Promise<readonly DayStates[]>;
  /** Enforced points that failed and were in order by a report between two moments. */
  fixTimes(organization: number, from: Date, to: Date): Promise<readonly FixTimes[]>;
  /** By subject, how many times an enforced point began to fail between two moments. */
  breakages(organization: number, from: Date, to: Date): Promise<ReadonlyMap<string, number>>;
  /** Points that changed on a device, newest first, below a number where one is given. */
  ofDevice(
    organization: number,
    device: number,
    limit: number,
    below?: number,
  ): Promise<readonly PastChange[]>;
}

const dayMs = 86_400_000;
const devicesAtATime = 2_000;

const noDevices = (): Record<StoredState, number> => ({
  failing: 0,
  unknown: 0,
  silent: 0,
  compliant: 0,
  'on-leave': 0,
});

export function historyStore(db: Database): HistoryStore {
  const belonged = (organization: number, at: Date) =>
    db
      .selectFrom('devices')
      .where('devices.organization', '=', organization)
      .where('devices.enrolled_at', '<=', at.getTime())
      // Whose data are not used for now, are not used to look back either.
      .where('devices.id', 'not in', (from) =>
        from.selectFrom('restrictions').select('device').where('organization', '=', organization),
      )
      .where((where) =>
        where.or([where('devices.revoked_at', 'is', null), where('devices.revoked_at', '>', at.getTime())]),
      );

  /** The devices themselves, some at a time: nobody else waits long for one statement. */
  async function devicesThen(organization: number, at: Date) {
    const slice = (after: string) =>
      belonged(organization, at)
        .leftJoin('reports', (join) =>
          join.onRef('reports.device', '=', 'devices.number').on('reports.sequence', '=', 1),
        )
        .select([
          'devices.number',
          'devices.id',
          'devices.label',
          'devices.asset_tag',
          'devices.owner',
          'devices.platform',
          'devices.system',
          'devices.state',
          'devices.sequence',
          'devices.statuses',
          'reports.received_at as first_report_at',
        ])
        .where('devices.label', '>', after)
        .orderBy('devices.label')
        .limit(devicesAtATime)
        .execute();
    const rows = await slice('');
    for (let last = rows; last.length === devicesAtATime; ) {
      last = await slice(last.at(-1)?.label ?? '');
      rows.push(...last);
    }
    return rows;
  }

  /** Where devices stood at a moment, for those that moved since. The earliest change after it says so. */
  async function statesBefore(organization: number, at: Date): Promise<ReadonlyMap<number, StoredState>> {
    const rows = await db
      .selectFrom('state_changes as change')
      .innerJoin(
        (from) =>
          from
            .selectFrom('state_changes')
            .select((select) => select.fn.min('number').as('number'))
            .where('organization', '=', organization)
            .where('at', '>', at.getTime())
            .groupBy('device')
            .as('earliest'),
        (join) => join.onRef('earliest.number', '=', 'change.number'),
      )
      .select(['change.device', 'change.before'])
      .execute();
    return new Map(rows.map((row) => [row.device, stateOf(row.before)]));
  }

  return {
    async fleet(organization, at) {
      const [rows, before] = await Promise.all([
        devicesThen(organization, at),
        statesBefore(organization, at),
      ]);
      return rows.map((row) => ({
        number: row.number,
        id: row.id,
        label: row.label,
        assetTag: row.asset_tag,
        owner: row.owner as Owner,
        platform: row.platform as Platform,
        system: row.system,
        state: before.get(row.number) ?? stateOf(row.state),
        // Where the first report is no longer kept, it came long ago.
        reported: row.sequence > 0 && (row.first_report_at === null || row.first_report_at <= at.getTime()),
        statuses: row.statuses,
      }));
    },
    async pointsSince(organization, at) {
      const rows = await db
        .selectFrom('transitions as change')
        .innerJoin(
          (from) =>
            from
              .selectFrom('transitions')
              .select((select) => select.fn.min('number').as('number'))
              .where('organization', '=', organization)
              .where('at', '>', at.getTime())
              .groupBy(['device', 'subject'])
              .as('earliest'),
          (join) => join.onRef('earliest.number', '=', 'change.number'),
        )
        .select(['change.device', 'change.subject', 'change.before'])
        .execute();
      const devices = new Map<number, Map<string, Status>>();
      for (const { device, subject, before } of rows) {
        const points = devices.get(device);
        if (points === undefined) devices.set(device, new Map([[subject, before as Status]]));
        else points.set(subject, before as Status);
      }
      return devices;
    },
    async stateCounts(organization, at) {
      const [rows, before] = await Promise.all([
        belonged(organization, at).select(['devices.number', 'devices.state']).execute(),
        statesBefore(organization, at),
      ]);
      const counts = noDevices();
      for (const { number, state } of rows) counts[before.get(number) ?? stateOf(state)] += 1;
      return counts;
    },
    async stateOf(organization, device, at) {
      const change = await db
        .selectFrom('devices')
        .innerJoin('state_changes', 'state_changes.device', 'devices.number')
        .select('state_changes.before')
        .where('devices.number', '=', device)
        .where('devices.organization', '=', organization)
        .where('state_changes.at', '>', at.getTime())
        .orderBy('state_changes.number')
        .limit(1)
        .executeTakeFirst();
      if (change !== undefined) return stateOf(change.before);
      const row = await db
        .selectFrom('devices')
        .select('state')
        .where('organization', '=', organization)
        .where('number', '=', device)
        .executeTakeFirst();
      return row && stateOf(row.state);
    },
    async lastReports(devices, at) {
      const found = await Promise.all(
        devices.map(async (device): Promise<[number, Date] | undefined> => {
          const row = await db
            .selectFrom('reports')
            .select('received_at')
            .where('device', '=', device)
            .where('received_at', '<=', at.getTime())
            .orderBy('sequence', 'desc')
            .limit(1)
            .executeTakeFirst();
          return row && [device, new Date(row.received_at)];
        }),
      );
      return new Map(found.filter((entry) => entry !== undefined));
    },
    async lastClosedDay(organization) {
      const row = await db
        .selectFrom('daily_states')
        .select('day')
        .where('organization', '=', organization)
        .orderBy('day', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.day;
    },
    async closeDay(organization, day, counts) {
      const rows = storedStates.map((state, index) => ({
        organization,
        day,
        state: index,
        devices: counts[state],
      }));
      await db
        .insertInto('daily_states')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['organization', 'day', 'state']).doNothing())
        .execute();
    },
    async days(organization, from, to) {
      const rows = await db
        .selectFrom('daily_states')
        .select(['day', 'state', 'devices'])
        .where('organization', '=', organization)
        .where('day', '>=', Math.floor(from.getTime() / dayMs))
        .where('day', '<=', Math.floor(to.getTime() / dayMs))
        .orderBy('day')
        .execute();
      const days = new Map<number, Record<StoredState, number>>();
      for (const { day, state, devices } of rows) {
        const counts = days.get(day) ?? noDevices();
        counts[stateOf(state)] = devices;
        days.set(day, counts);
      }
      return [...days].map(([day, counts]) => ({
        date: new Date(day * dayMs).toISOString().slice(0, 10),
        counts,
      }));
    },
    async fixTimes(organization, from, to) {
      const hours = sql<number>`(transitions.at - transitions.before_since) / 3600000`;
      const rows = await db
        .selectFrom('transitions')
        .select((select) => ['subject', hours.as('hours'), select.fn.countAll<number>().as('fixes')])
        .where('organization', '=', organization)
        .where('enforced', '=', 1)
        .where('after', 'in', ['pass', 'not-applicable'])
        .where('at', '>', from.getTime())
        .where('at', '<=', to.getTime())
        .where('before', '=', 'fail')
        // Neither a policy that asks for less nor the passing of time is a repair.
        .where('sequence', 'is not', null)
        .where(sql<SqlBool>`transitions.before_since <= transitions.at`)
        .groupBy(['subject', hours])
        .execute();
      return rows.map((row) => ({
        subject: row.subject,
        hours: Number(row.hours),
        fixes: Number(row.fixes),
      }));
    },
    async breakages(organization, from, to) {
      const rows = await db
        .selectFrom('transitions')
        .select((select) => ['subject', select.fn.countAll<number>().as('total')])
        .where('organization', '=', organization)
        .where('enforced', '=', 1)
        .where('after', '=', 'fail')
        .where('at', '>', from.getTime())
        .where('at', '<=', to.getTime())
        .groupBy('subject')
        .execute();
      return new Map(rows.map((row) => [row.subject, Number(row.total)]));
    },
    async ofDevice(organization, device, limit, below) {
      const rows = await db
        .selectFrom('devices')
        .innerJoin('transitions', 'transitions.device', 'devices.number')
        .select([
          'transitions.number',
          'transitions.subject',
          'transitions.before',
          'transitions.after',
          'transitions.at',
          'transitions.observed',
          'transitions.sequence',
        ])
        .where('devices.number', '=', device)
        .where('devices.organization', '=', organization)
        .$if(below !== undefined, (query) => query.where('transitions.number', '<', below as number))
        .orderBy('transitions.number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        ...row,
        before: row.before as Status,
        after: row.after as Status,
        at: new Date(row.at),
      }));
    },
  };
}

const stateOf = (place: number): StoredState => storedStates[place] ?? 'unknown';
