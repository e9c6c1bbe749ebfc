import type { DueRecord } from '../pages/model.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { dayMs } from './calendar.ts';
import { registerById } from './index.ts';

const soonDays = 7;

export interface DueRecordsOf {
  /** The longest overdue first. */
  readonly due: readonly DueRecord[];
  readonly total: number;
}

/** What is overdue in an organization's registers or falls due within a week. For lists, Today and the digest alike. */
export async function dueRecords(
  stores: Stores,
  organization: Pick<Organization, 'number' | 'id' | 'name'>,
  at: Date,
  limit: number,
  after?: { readonly at: Date; readonly id: string },
): Promise<DueRecordsOf> {
  const { number, id, name } = organization;
  const before = new Date(at.getTime() + soonDays * dayMs);
  const [records, total] = await Promise.all([
    stores.records.due(number, before, limit, after),
    stores.records.dueCount(number, before),
  ]);
  return {
    total,
    due: records.map((record) => {
      const register = registerById(record.register);
      return {
        organization: { id, name },
        register: record.register,
        registerTitle: register?.title ?? record.register,
        id: record.id,
        reference: `${register?.prefix ?? '?'}-${record.sequence}`,
        title: record.title,
        due: record.due,
        dueAt: (record.dueAt ?? at).toISOString(),
      };
    }),
  };
}
