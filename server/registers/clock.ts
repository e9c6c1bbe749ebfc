import { endOf, momentOf, type Period } from './calendar.ts';
import type { Values } from './field.ts';
import type { Clock, Occurrence, Register } from './register.ts';

/** How a clock stands at a moment. */
export interface ClockReading {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly source: string;
  readonly startedAt: Date;
  /** While it is paused: what it would be if it went on now. */
  readonly dueAt: Date;
  readonly metAt: Date | undefined;
  readonly standing: 'running' | 'late' | 'met' | 'met-late' | 'paused';
}

/** Every clock of a record that has begun, in the definition's order. */
export function readClocks(register: Register, record: Occurrence<Values>, at: Date): ClockReading[] {
  return register.clocks.flatMap((clock) => {
    const startedAt = clock.from(record);
    if (startedAt === undefined || (record.closed && clock.met(record) === undefined)) return [];
    const metAt = clock.met(record);
    const { paused, waited } = waiting(clock, record, startedAt, metAt ?? at);
    const dueAt = new Date(clock.due(startedAt, record).getTime() + waited);
    const { id, title, rule, source } = clock;
    return [{ id, title, rule, source, startedAt, dueAt, metAt, standing: standingOf() }];

    function standingOf(): ClockReading['standing'] {
      if (metAt !== undefined) return metAt > dueAt ? 'met-late' : 'met';
      if (paused) return 'paused';
      return at > dueAt ? 'late' : 'running';
    }
  });
}

/** The clock that runs out first, of those that run; undefined where none does. Does not depend on the time of day it is asked. */
export function nextDue(register: Register, record: Occurrence<Values>): ClockReading | undefined {
  const last = record.path.at(-1)?.at ?? record.createdAt;
  return readClocks(register, record, last)
    .filter(({ standing }) => standing === 'running' || standing === 'late')
    .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0];
}

/** How long the record stood in states that stop this clock. */
function waiting(
  { pausedIn = [] }: Clock<Values>,
  { path }: Occurrence<Values>,
  from: Date,
  until: Date,
): { readonly paused: boolean; readonly waited: number } {
  let waited = 0;
  for (const [index, { state, at }] of path.entries()) {
    if (!pausedIn.includes(state)) continue;
    const begin = Math.max(at.getTime(), from.getTime());
    const end = Math.min(path[index + 1]?.at.getTime() ?? until.getTime(), until.getTime());
    waited += Math.max(0, end - begin);
  }
  return { paused: pausedIn.includes(path.at(-1)?.state ?? ''), waited };
}

/**
 * A review that comes round: due a period after the day the field names (or after the record was made), for as long as the record is open.
 */
export function reviewClock<V>(given: {
  readonly every: Period;
  readonly lastReviewed: (values: V) => string | undefined;
  readonly rule: string;
  readonly source: string;
}): Clock<V> {
  const { every, lastReviewed, rule, source } = given;
  return {
    id: 'review',
    title: 'Review',
    rule,
    source,
    from: ({ values, createdAt }) => momentOf(lastReviewed(values)) ?? createdAt,
    due: (start) => endOf(start, every),
    met: () => undefined,
  };
}

/** When the record last came into one of these states. */
export function enteredAt(record: Occurrence<unknown>, ...states: readonly string[]): Date | undefined {
  return record.path.findLast(({ state }) => states.includes(state))?.at;
}
