/** How a register stood at a moment, for clauses, reports and lists. Pure: the store brings the records as they were then. */

/** A record as it stood at the moment asked about. */
export interface RecordStanding {
  readonly register: string;
  /** Nothing more was to be done. */
  readonly closed: boolean;
  /** When the first of its running clocks runs out; null where none runs. */
  readonly dueAt: Date | null;
  /** Clocks that were met too late. */
  readonly missed: number;
  /** When it last changed, up to that moment. */
  readonly changedAt: Date;
}

export interface RegisterCoverage {
  /** Records there were. */
  readonly records: number;
  readonly open: number;
  /** Open records of which nothing was overdue. */
  readonly inTime: number;
  readonly overdue: number;
  /** Records, open or closed, with something that was done too late. */
  readonly missed: number;
  /** The next time something runs out, or ran out; null where no clock runs. */
  readonly nextDueAt: Date | null;
  readonly changedAt: Date | null;
}

export const emptyCoverage: RegisterCoverage = {
  records: 0,
  open: 0,
  inTime: 0,
  overdue: 0,
  missed: 0,
  nextDueAt: null,
  changedAt: null,
};

/** Counts the records of each register as of a moment; a register without records is not in it (`emptyCoverage`). */
export function registerCoverage(
  records: Iterable<RecordStanding>,
  at: Date,
): ReadonlyMap<string, RegisterCoverage> {
  const found = new Map<string, RegisterCoverage>();
  for (const { register, closed, dueAt, missed, changedAt } of records) {
    const before = found.get(register) ?? emptyCoverage;
    const overdue = !closed && dueAt !== null && dueAt < at;
    found.set(register, {
      records: before.records + 1,
      open: before.open + (closed ? 0 : 1),
      inTime: before.inTime + (closed || overdue ? 0 : 1),
      overdue: before.overdue + (overdue ? 1 : 0),
      missed: before.missed + (missed > 0 ? 1 : 0),
      nextDueAt: earlier(before.nextDueAt, closed ? null : dueAt),
      changedAt: before.changedAt === null || changedAt > before.changedAt ? changedAt : before.changedAt,
    });
  }
  return found;
}

const earlier = (a: Date | null, b: Date | null) => (a === null || (b !== null && b < a) ? b : a);
