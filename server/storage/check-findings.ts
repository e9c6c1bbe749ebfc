import type { Platform } from '../../shared/answer.ts';
import type { Status } from '../../shared/check.ts';
import { countedAtMost } from './counted.ts';
import type { Database } from './database.ts';
import { type Device, deviceOf } from './device-rows.ts';
import { restrictedIn } from './device-search.ts';
import { storedStates } from './stored-states.ts';

const onLeave = storedStates.indexOf('on-leave');

/** Which devices are meant: those that answer a check (`firewall`) or a point (`firewall/enabled`) in one way. */
export interface CheckFindingFilter {
  readonly subject: string;
  readonly status: Status;
  readonly platform: Platform | null;
}

/** Which repairs are meant: points of a check that failed and pass again, between two moments. */
export interface RepairFilter {
  readonly subjects: readonly string[];
  readonly since: Date;
  /** And until then; who had left the fleet by that moment is left out. */
  readonly until: Date;
  readonly platform: Platform | null;
}

export interface CheckFinding {
  readonly device: Device;
  /** Since when it is so. */
  readonly since: Date;
}

export interface Repair extends CheckFinding {
  readonly subject: string;
}

/** How the devices of an organization answer one check, as they are counted: who is on leave answers nothing. */
export interface CheckFindingStore {
  /** Longest standing first, or newest first. */
  list(
    organization: number,
    filter: CheckFindingFilter,
    newestFirst: boolean,
    limit: number,
    offset: number,
  ): Promise<readonly CheckFinding[]>;
  /** Longest standing first, after one of them. */
  after(
    organization: number,
    filter: CheckFindingFilter,
    after: { readonly since: Date; readonly device: number } | undefined,
    limit: number,
  ): Promise<readonly CheckFinding[]>;
  /** What counters know exactly, else counted as far as counted.ts says. */
  count(organization: number, filter: CheckFindingFilter): Promise<number>;
  /** Newest first. */
  repairs(
    organization: number,
    filter: RepairFilter,
    limit: number,
    offset: number,
  ): Promise<readonly Repair[]>;
  repairCount(organization: number, filter: RepairFilter): Promise<number>;
  /**
   * When points last became what a status says, at or before a moment: by device, then by subject (`firewall/enabled`). A point that
   * has been so since the first report is left out.
   */
  lastBecame(
    organization: number,
    subjects: readonly string[],
    status: Status,
    at: Date,
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, Date>>>;
}

export function checkFindingStore(db: Database): CheckFindingStore {
  const findings = (organization: number, { subject, status, platform }: CheckFindingFilter) =>
    db
      .selectFrom('findings')
      .innerJoin('devices', 'devices.number', 'findings.device')
      .where('findings.organization', '=', organization)
      .where('findings.subject', '=', subject)
      .where('findings.status', '=', status)
      .where('devices.state', '!=', onLeave)
      .$if(platform !== null, (query) => query.where('devices.platform', '=', platform as Platform));

  const repairs = (organization: number, { subjects, since, until, platform }: RepairFilter) =>
    db
      .selectFrom('transitions')
      .innerJoin('devices', 'devices.number', 'transitions.device')
      .where('transitions.organization', '=', organization)
      .where('transitions.subject', 'in', subjects)
      .where('transitions.after', '=', 'pass')
      .where('transitions.before', '=', 'fail')
      .where('transitions.at', '>=', since.getTime())
      .where('transitions.at', '<=', until.getTime())
      .where((where) =>
        where.or([
          where('devices.revoked_at', 'is', null),
          where('devices.revoked_at', '>', until.getTime()),
        ]),
      )
      .where('devices.id', 'not in', restrictedIn(organization))
      .$if(platform !== null, (query) => query.where('devices.platform', '=', platform as Platform));

  return {
    async list(organization, filter, newestFirst, limit, offset) {
      const direction = newestFirst ? 'desc' : 'asc';
      const rows = await findings(organization, filter)
        .selectAll('devices')
        .select('findings.since')
        .orderBy('findings.since', direction)
        .orderBy('findings.device', direction)
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map((row) => ({ device: deviceOf(row), since: new Date(row.since) }));
    },
    async after(organization, filter, after, limit) {
      const rows = await findings(organization, filter)
        .selectAll('devices')
        .select('findings.since')
        .$if(after !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(
              refTuple('findings.since', 'findings.device'),
              '>',
              tuple(after?.since.getTime() ?? 0, after?.device ?? 0),
            ),
          ),
        )
        .orderBy('findings.since')
        .orderBy('findings.device')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ device: deviceOf(row), since: new Date(row.since) }));
    },
    async count(organization, filter) {
      const { subject, status, platform } = filter;
      if (platform === null) {
        const counted = await db
          .selectFrom('finding_counts')
          .select('devices')
          .where('organization', '=', organization)
          .where('subject', '=', subject)
          .where('status', '=', status)
          .executeTakeFirst();
        const absent = await db
          .selectFrom('absent_counts')
          .select('devices')
          .where('organization', '=', organization)
          .where('state', '=', onLeave)
          .where('subject', '=', subject)
          .where('status', '=', status)
          .executeTakeFirst();
        return (counted?.devices ?? 0) - (absent?.devices ?? 0);
      }
      const found = findings(organization, filter)
        .select('findings.device')
        .limit(countedAtMost + 1)
        .as('found');
      const total = db.fn.countAll<number>().as('total');
      return Number((await db.selectFrom(found).select(total).executeTakeFirstOrThrow()).total);
    },
    async repairs(organization, filter, limit, offset) {
      const rows = await repairs(organization, filter)
        .selectAll('devices')
        .select(['transitions.at', 'transitions.subject'])
        .orderBy('transitions.at', 'desc')
        .orderBy('transitions.number', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map((row) => ({ device: deviceOf(row), since: new Date(row.at), subject: row.subject }));
    },
    async repairCount(organization, filter) {
      const total = db.fn.countAll<number>().as('total');
      return Number((await repairs(organization, filter).select(total).executeTakeFirstOrThrow()).total);
    },
    async lastBecame(organization, subjects, status, at) {
      const rows = await db
        .selectFrom('transitions')
        .select(['device', 'subject', (select) => select.fn.max('at').as('at')])
        .where('organization', '=', organization)
        // What counts and what does not: both, so that the index is of use.
        .where('enforced', 'in', [0, 1])
        .where('after', '=', status)
        .where('at', '<=', at.getTime())
        .where('subject', 'in', subjects)
        .groupBy(['device', 'subject'])
        .execute();
      const devices = new Map<number, Map<string, Date>>();
      for (const { device, subject, at: moment } of rows) {
        const points = devices.get(device);
        if (points === undefined) devices.set(device, new Map([[subject, new Date(moment)]]));
        else points.set(subject, new Date(moment));
      }
      return devices;
    },
  };
}
