import { type SqlBool, sql } from 'kysely';
import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import { type PastFleetStore, pastFleetStore } from './past-fleet.ts';
import { noDevices, type StoredState, stateOf, storedStates } from './stored-states.ts';

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

/** What is remembered of the past: the fleet at a moment, each day's counts, and every change. */
export interface HistoryStore extends PastFleetStore {
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

export const historyStore = (db: Database): HistoryStore => ({
  ...pastFleetStore(db),
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
});
