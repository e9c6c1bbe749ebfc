import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Platform } from '../../shared/answer.ts';
import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import type { Owner } from './device-rows.ts';
import { restrictedIn } from './device-search.ts';
import { noDevices, type StoredState, stateOf } from './stored-states.ts';

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

/**
 * The fleet as it was at a moment: what it is now, less what changed since. What is now is always read first: a change that comes between
 * the two is then among what changed since, and takes itself back.
 */
export interface PastFleetStore {
  /** Every device that belonged to the organization at a moment, with where it stood then. */
  fleet(organization: number, at: Date): Promise<readonly PastDevice[]>;
  /** The ids of every device that belonged to the organization at some time between two moments, by label. */
  idsBetween(organization: number, from: Date, until: Date): Promise<readonly string[]>;
  /** What points were at a moment, for those that changed since: by device, then by subject. To be asked after `fleet`. */
  pointsSince(
    organization: number,
    at: Date,
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, { readonly before: Status }>>>;
  /** How many devices stood where at a moment. */
  stateCounts(organization: number, at: Date): Promise<Readonly<Record<StoredState, number>>>;
  /** Where one device stood at a moment; undefined where there is no such device. */
  stateOf(organization: number, device: number, at: Date): Promise<StoredState | undefined>;
  /** When each of these devices last reported before a moment; a device that had not is left out. */
  lastReports(devices: readonly number[], at: Date): Promise<ReadonlyMap<number, Date>>;
}

const devicesAtATime = 1_000;
const changesAtATime = 2_000;

/** Where something that happened stands among everything that did, in the order of time. */
interface Place {
  readonly at: number;
  readonly number: number;
}

/**
 * Goes through what happened after a moment, in the order of time, some of it at a time: nobody else waits long for one statement.
 */
async function since<R extends Place>(
  moment: Date,
  slice: (after: Place) => Promise<readonly R[]>,
  see: (change: R) => void,
): Promise<void> {
  let after: Place = { at: moment.getTime(), number: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const changes = await slice(after);
    for (const change of changes) see(change);
    const last = changes.at(-1);
    if (last === undefined || changes.length < changesAtATime) return;
    after = last;
    await nextTurn();
  }
}

export function pastFleetStore(db: Database): PastFleetStore {
  /** Enrolled by the one moment, and not taken out by the other. */
  const belonged = (organization: number, enrolledBy: Date, stillThereAt = enrolledBy) =>
    db
      .selectFrom('devices')
      .where('devices.organization', '=', organization)
      .where('devices.enrolled_at', '<=', enrolledBy.getTime())
      // Whose data are not used for now, are not used to look back either.
      .where('devices.id', 'not in', restrictedIn(organization))
      .where((where) =>
        where.or([
          where('devices.revoked_at', 'is', null),
          where('devices.revoked_at', '>', stillThereAt.getTime()),
        ]),
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
      await nextTurn();
      last = await slice(last.at(-1)?.label ?? '');
      rows.push(...last);
    }
    return rows;
  }

  /** Where devices stood at a moment, for those that moved since. The earliest change after it says so. */
  async function statesBefore(organization: number, at: Date): Promise<ReadonlyMap<number, StoredState>> {
    const earliest = new Map<number, { readonly number: number; readonly before: number }>();
    const slice = ({ at: moment, number }: Place) =>
      db
        .selectFrom('state_changes')
        .select(['number', 'device', 'before', 'at'])
        .where('organization', '=', organization)
        .where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'number'), '>', tuple(moment, number)))
        .orderBy('at')
        .orderBy('number')
        .limit(changesAtATime)
        .execute();
    await since(at, slice, (change) => {
      const known = earliest.get(change.device);
      if (known === undefined || change.number < known.number) earliest.set(change.device, change);
    });
    return new Map([...earliest].map(([device, { before }]) => [device, stateOf(before)]));
  }

  return {
    async fleet(organization, at) {
      const rows = await devicesThen(organization, at);
      const before = await statesBefore(organization, at);
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
    async idsBetween(organization, from, until) {
      const rows = await belonged(organization, until, from)
        .select('devices.id')
        .orderBy('devices.label')
        .execute();
      return rows.map(({ id }) => id);
    },
    async pointsSince(organization, at) {
      const earliest = new Map<number, Map<string, { readonly number: number; readonly before: Status }>>();
      const slice = ({ at: moment, number }: Place) =>
        db
          .selectFrom('transitions')
          .select(['number', 'device', 'subject', 'before', 'at'])
          .where('organization', '=', organization)
          .where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'number'), '>', tuple(moment, number)))
          .orderBy('at')
          .orderBy('number')
          .limit(changesAtATime)
          .$narrowType<{ before: Status }>()
          .execute();
      await since(at, slice, (change) => {
        let points = earliest.get(change.device);
        if (points === undefined) {
          points = new Map();
          earliest.set(change.device, points);
        }
        const known = points.get(change.subject);
        if (known === undefined || change.number < known.number) points.set(change.subject, change);
      });
      return earliest;
    },
    async stateCounts(organization, at) {
      const rows = await belonged(organization, at).select(['devices.number', 'devices.state']).execute();
      const before = await statesBefore(organization, at);
      const counts = noDevices();
      for (const { number, state } of rows) counts[before.get(number) ?? stateOf(state)] += 1;
      return counts;
    },
    async stateOf(organization, device, at) {
      const row = await db
        .selectFrom('devices')
        .select('state')
        .where('organization', '=', organization)
        .where('number', '=', device)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const change = await db
        .selectFrom('state_changes')
        .select('before')
        .where('device', '=', device)
        .where('at', '>', at.getTime())
        .orderBy('number')
        .limit(1)
        .executeTakeFirst();
      return stateOf(change === undefined ? row.state : change.before);
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
  };
}
