import { describe, expect, test } from 'vitest';
import { after, Interval, intervalWords } from '../../shared/interval.ts';

describe('a span of time as policies write it', () => {
  test.each([
    ['72h', '2026-01-30T10:00:00Z', '2026-02-02T10:00:00.000Z', '72 hours'],
    ['30d', '2026-01-30T10:00:00Z', '2026-03-01T10:00:00.000Z', '30 days'],
    ['1mo', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00.000Z', '1 month'],
    ['1mo', '2028-01-31T10:00:00Z', '2028-02-29T10:00:00.000Z', '1 month'],
    ['6mo', '2026-08-31T23:00:00Z', '2027-02-28T23:00:00.000Z', '6 months'],
    ['1y', '2028-02-29T00:00:00Z', '2029-02-28T00:00:00.000Z', '1 year'],
    // A Friday: the next working day is Monday.
    ['1wd', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z', '1 working day'],
    ['5wd', '2026-11-21T09:00:00Z', '2026-11-27T09:00:00.000Z', '5 working days'],
  ])('%s after %s is %s', (interval, from, to, words) => {
    expect(after(new Date(from), interval).toISOString()).toBe(to);
    expect(intervalWords(interval)).toBe(words);
  });

  test.each(['', '0d', '3', 'd', '1w', '-1d', '1.5d', '12345d'])('%j is none', (text) => {
    expect(Interval.safeParse(text).success).toBe(false);
  });
});
