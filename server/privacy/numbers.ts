import type { Status } from '../../shared/check.ts';

/** Groups smaller than this are not shown: common disclosure control, our default. */
export const smallestGroup = 5;

/** How many laptops of one kind answered a check in one way. */
export interface Cell {
  readonly week: string;
  readonly check: string;
  readonly status: Status;
  /** Null where it is not shown: too few, or it would give away one that is. */
  readonly laptops: number | null;
}

const statuses: readonly Status[] = ['pass', 'fail', 'unknown', 'not-applicable'];

/** The Monday of the week, in UTC: days would show when somebody was at work. */
export function weekOf(at: Date): string {
  const day = (at.getUTCDay() + 6) % 7;
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - day))
    .toISOString()
    .slice(0, 10);
}

/**
 * Numbers that name nobody (KAN-6-1, IND-4-6): per week and check how many laptops stand how; no ids, no free text. A cell of fewer than five is
 * not shown, and neither is another one of its row where the row's total would give it away. A fleet of fewer than five gives no numbers.
 */
export function numbers(
  week: string,
  counts: ReadonlyMap<string, Readonly<Record<Status, number>>>,
): readonly Cell[] {
  return [...counts].flatMap(([check, row]) => {
    const total = statuses.reduce((sum, status) => sum + row[status], 0);
    if (total < smallestGroup) return [];
    const hidden = suppressed(row);
    return statuses.map((status) => ({
      week,
      check,
      status,
      laptops: hidden.has(status) ? null : row[status],
    }));
  });
}

/** Small cells, and the smallest of the others where only one small cell would be left to guess. Zero says nothing about anybody. */
function suppressed(row: Readonly<Record<Status, number>>): ReadonlySet<Status> {
  const hidden = new Set(statuses.filter((status) => row[status] > 0 && row[status] < smallestGroup));
  if (hidden.size === 0) return hidden;
  const open = statuses.filter((status) => !hidden.has(status)).toSorted((a, b) => row[a] - row[b]);
  const sum = () => [...hidden].reduce((total, status) => total + row[status], 0);
  // The hidden cells together must be as many as a group has to be, and at least two.
  for (const status of open) {
    if (hidden.size > 1 && sum() >= smallestGroup) break;
    if (row[status] > 0) hidden.add(status);
  }
  return hidden.size > 1 && sum() >= smallestGroup ? hidden : new Set(statuses);
}
