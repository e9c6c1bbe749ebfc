import { registerAddresses } from '../../pages/registers/addresses.ts';
import { registerById } from '../../registers/index.ts';
import type { AlertSource, FoundEvent } from '../source.ts';

const atOnce = 500;

/** Records of the registers whose clock ran out. By reference only: what a record is called may name people. */
export const overdue: AlertSource = {
  id: 'overdue',
  async find({ stores, now, organizations }) {
    const events: FoundEvent[] = [];
    for (const { number, id: organization } of organizations.values()) {
      for (const record of await stores.records.due(number, now, atOnce)) {
        const register = registerById(record.register);
        if (register === undefined || record.dueAt === null) continue;
        const reference = `${register.prefix}-${record.sequence}`;
        events.push({
          organization: number,
          key: `overdue/${record.id}/${record.dueAt.getTime()}`,
          kind: 'overdue',
          group: 'overdue',
          at: record.dueAt,
          subject: record.id,
          line: `Overdue: ${register.title} ${reference}, ${record.due}`,
          path: registerAddresses.record(organization, record.register, record.id),
        });
      }
    }
    return { events };
  },
};
