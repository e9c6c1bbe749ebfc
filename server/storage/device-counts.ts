import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import { type DeviceSelection, restrictedIn } from './device-search.ts';
import { type StoredState, storedStates } from './stored-states.ts';

/** How many devices stand how: counted when they change, never when somebody looks. */
export const deviceCounts = (db: Database) => ({
  async stateCounts(organization: number): Promise<Readonly<Record<StoredState, number>>> {
    const rows = await db
      .selectFrom('state_counts')
      .select(['state', 'devices'])
      .where('organization', '=', organization)
      .execute();
    const of = (state: StoredState) =>
      rows.find((row) => row.state === storedStates.indexOf(state))?.devices ?? 0;
    return {
      failing: of('failing'),
      unknown: of('unknown'),
      silent: of('silent'),
      compliant: of('compliant'),
      'on-leave': of('on-leave'),
    };
  },
  async retiredCount(organization: number): Promise<number> {
    const { total } = await db
      .selectFrom('devices')
      .select((select) => select.fn.countAll<number>().as('total'))
      .where('organization', '=', organization)
      .where('revoked_at', 'is not', null)
      .where('id', 'not in', restrictedIn(organization))
      .executeTakeFirstOrThrow();
    return Number(total);
  },
  /** On how many a check fails or could not be told, those on leave among them. */
  async failingCount(organization: number, check: string): Promise<number> {
    const { total } = await db
      .selectFrom('finding_counts')
      .select((select) => select.fn.sum<number | null>('devices').as('total'))
      .where('organization', '=', organization)
      .where('subject', '=', check)
      .where('status', 'in', ['fail', 'unknown'])
      .executeTakeFirstOrThrow();
    return Number(total ?? 0);
  },
  async findingCounts(organization: number): Promise<ReadonlyMap<string, Readonly<Record<Status, number>>>> {
    const rows = await db
      .selectFrom('finding_counts')
      .select(['subject', 'status', 'devices'])
      .where('organization', '=', organization)
      .execute();
    const counts = new Map<string, Record<Status, number>>();
    for (const row of rows) {
      const count = counts.get(row.subject) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
      count[row.status as Status] = row.devices;
      counts.set(row.subject, count);
    }
    // What those on leave would answer is taken off again.
    const onLeave = await db
      .selectFrom('absent_counts')
      .select(['subject', 'status', 'devices'])
      .where('organization', '=', organization)
      .where('state', '=', storedStates.indexOf('on-leave'))
      .execute();
    for (const { subject, status, devices } of onLeave) {
      const count = counts.get(subject);
      if (count !== undefined) count[status as Status] -= devices;
    }
    return counts;
  },
});

/** How many a filter finds, where the maintained counters know. */
export async function countedDevices(
  counts: ReturnType<typeof deviceCounts>,
  organization: number,
  { search, state, platform, check }: DeviceSelection,
): Promise<number | undefined> {
  if (search !== '' || platform !== null) return undefined;
  if (check !== null) return state === null ? counts.failingCount(organization, check) : undefined;
  if (state === 'retired') return counts.retiredCount(organization);
  const states = await counts.stateCounts(organization);
  return state === null ? Object.values(states).reduce((sum, devices) => sum + devices, 0) : states[state];
}
