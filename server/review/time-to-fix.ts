import type { FixTimes } from '../storage/history.ts';

/** How long the repairs of one check took. */
export interface CheckFixes {
  readonly check: string;
  readonly fixes: number;
  /** Half of them took no longer than this, in days. */
  readonly medianDays: number;
}

/** The middle of many lengths of time, in days with one decimal; null where there are none. */
export function medianDays(times: readonly Pick<FixTimes, 'hours' | 'fixes'>[]): number | null {
  const total = times.reduce((sum, { fixes }) => sum + fixes, 0);
  if (total === 0) return null;
  const sorted = times.toSorted((a, b) => a.hours - b.hours);
  const at = (rank: number): number => {
    let seen = 0;
    for (const { hours, fixes } of sorted) {
      seen += fixes;
      if (seen > rank) return hours;
    }
    return sorted.at(-1)?.hours ?? 0;
  };
  const hours = (at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2;
  return Math.round((hours / 24) * 10) / 10;
}

/** By check, slowest first. */
export function fixesByCheck(times: readonly FixTimes[]): readonly CheckFixes[] {
  const byCheck = Map.groupBy(times, ({ subject }) => subject.split('/')[0] ?? subject);
  return [...byCheck]
    .map(([check, of]) => ({
      check,
      fixes: of.reduce((sum, { fixes }) => sum + fixes, 0),
      medianDays: medianDays(of) ?? 0,
    }))
    .toSorted((a, b) => b.medianDays - a.medianDays || a.check.localeCompare(b.check));
}
