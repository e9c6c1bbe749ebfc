/** A month or a quarter a report is about. */
export interface Period {
  /** `2026-10` or `2026-Q3` */
  readonly id: string;
  /** `October 2026`, `the third quarter of 2026` */
  readonly words: string;
  /** Its first millisecond, UTC. */
  readonly from: Date;
  /** Its last millisecond, or now where it is not over. */
  readonly until: Date;
  readonly over: boolean;
}

const quarters = ['first', 'second', 'third', 'fourth'] as const;

/** The period of that name; undefined where there is none such or it has not begun. */
export function periodOf(id: string, now: Date): Period | undefined {
  const match = /^(\d{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))$/.exec(id);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const quarter = match[3] === undefined ? undefined : Number(match[3]);
  const month = quarter === undefined ? Number(match[2]) - 1 : (quarter - 1) * 3;
  const from = new Date(Date.UTC(year, month));
  const end = new Date(Date.UTC(year, month + (quarter === undefined ? 1 : 3)) - 1);
  if (from > now) return undefined;
  const over = end < now;
  return { id, words: wordsOf(from, quarter), from, until: over ? end : now, over };
}

const wordsOf = (from: Date, quarter: number | undefined): string =>
  quarter === undefined
    ? from.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
    : `the ${quarters[quarter - 1]} quarter of ${from.getUTCFullYear()}`;

/** The months and quarters since a moment, newest first: at most so many of each. */
export function recentPeriods(
  since: Date,
  now: Date,
  most: number,
): { readonly months: readonly Period[]; readonly quarters: readonly Period[] } {
  const back = (step: number, name: (at: Date) => string): Period[] => {
    const periods: Period[] = [];
    for (let index = 0; index < most; index += 1) {
      const month = Math.floor(now.getUTCMonth() / step) * step - index * step;
      const period = periodOf(name(new Date(Date.UTC(now.getUTCFullYear(), month))), now);
      if (period === undefined || period.until < since) break;
      periods.push(period);
    }
    return periods;
  };
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    months: back(1, (at) => `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}`),
    quarters: back(3, (at) => `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`),
  };
}
