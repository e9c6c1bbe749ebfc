/** A span of time as rules name it. Hours run through; days, months and years end with the last day. */
export type Period =
  | { readonly hours: number }
  | { readonly days: number }
  | { readonly months: number }
  | { readonly years: number };

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/**
 * The last moment of a period that begins at `start`, in UTC. A period in hours ends to the millisecond; one in days, months or years
 * with the end of its last day, and a month that lacks the day ends with its own last one (Regulation (EEC, Euratom) 1182/71 art. 3).
 * Weekends and holidays do not lengthen it: earlier than the law asks is never too late.
 */
export function endOf(start: Date, period: Period): Date {
  if ('hours' in period) return new Date(start.getTime() + period.hours * hourMs);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth();
  const day = start.getUTCDate();
  if ('days' in period) return endOfDay(Date.UTC(year, month, day + period.days));
  const months = 'months' in period ? period.months : period.years * 12;
  const lastOfMonth = new Date(Date.UTC(year, month + months + 1, 0)).getUTCDate();
  return endOfDay(Date.UTC(year, month + months, Math.min(day, lastOfMonth)));
}

const endOfDay = (midnight: number) => new Date(midnight + dayMs - 1);

export const earliest = (...moments: readonly Date[]): Date =>
  new Date(Math.min(...moments.map((moment) => moment.getTime())));

/** A calendar day (`2026-11-21`) or a moment as a field holds it. */
export const momentOf = (value: string | undefined): Date | undefined =>
  value === undefined ? undefined : new Date(value);

/** The period in words: `12 months`, `1 year`. */
export function periodText(period: Period): string {
  const [unit, amount] = Object.entries(period)[0] as [string, number];
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}
