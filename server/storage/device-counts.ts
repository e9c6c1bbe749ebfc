import type { Status } from '../../shared/check.ts';
import type { Database } from './database.ts';
import { restrictedIn } from './device-search.ts';
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
