import { expect, test } from 'vitest';
import { overBefore, type RetentionClass, retentionSchedule } from '../../../server/privacy/retention.ts';

const [any] = retentionSchedule;
const over = (period: RetentionClass['period'], at: string) =>
  overBefore({ ...(any as RetentionClass), period }, new Date(at)).toISOString();

test('a period ends on the day its words say, counted back from the beginning of today', () => {
  expect(over({ days: 90 }, '2026-11-21T13:37:00Z')).toBe('2026-08-23T00:00:00.000Z');
  expect(over({ days: 0 }, '2026-11-21T13:37:00Z')).toBe('2026-11-21T00:00:00.000Z');
  expect(over({ months: 13 }, '2026-11-21T13:37:00Z')).toBe('2025-10-21T00:00:00.000Z');
  expect(over({ years: 2 }, '2026-11-21T13:37:00Z')).toBe('2024-11-21T00:00:00.000Z');
  expect(over({ hours: 36 }, '2026-11-21T13:37:00Z')).toBe('2026-11-20T01:37:00.000Z');
});
