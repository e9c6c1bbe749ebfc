import { z } from 'zod';

const units = { h: 'hour', d: 'day', wd: 'working day', mo: 'month', y: 'year' } as const;

/** A span as policies write it, months and years by the calendar: `72h`, `30d`, `1wd`, `6mo`, `7y`. */
export const Interval = z
  .string()
  .regex(/^[1-9]\d{0,3}(h|d|wd|mo|y)$/, 'a span such as 72h, 30d, 1wd, 6mo or 7y');
export type Interval = z.output<typeof Interval>;

/** `72 hours`, `1 month`. */
export function intervalWords(interval: Interval): string {
  const [, count = '', unit = ''] = /^(\d+)(\w+)$/.exec(interval) ?? [];
  const name = units[unit as keyof typeof units];
  return `${count} ${name}${count === '1' ? '' : 's'}`;
}

/** The moment one interval later, in UTC; the last day of a shorter month where the day does not exist. */
export function after(from: Date, interval: Interval): Date {
  const [, digits = '', unit] = /^(\d+)(\w+)$/.exec(interval) ?? [];
  const count = Number(digits);
  const date = new Date(from);
  if (unit === 'h') date.setTime(date.getTime() + count * 3_600_000);
  else if (unit === 'd') date.setUTCDate(date.getUTCDate() + count);
  else if (unit === 'wd') {
    for (let left = count; left > 0; ) {
      date.setUTCDate(date.getUTCDate() + 1);
      if (date.getUTCDay() !== 0 && date.getUTCDay() !== 6) left -= 1;
    }
  } else {
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + (unit === 'y' ? 12 * count : count));
    const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, lastDay));
  }
  return date;
}
