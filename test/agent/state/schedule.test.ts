import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextRun, ownInterval, runInterval } from '../../../agent/state/interval.ts';
import { dueNow, readSchedule, type Schedule, writeSchedule } from '../../../agent/state/schedule.ts';
import { retryDelayMs } from '../../../agent/sync/backoff.ts';
import { parseDuration } from '../../../shared/duration.ts';
import { temporaryDirectory } from '../run-agent.ts';

let state: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  state = temporaryDirectory();
});
afterEach(() => state[Symbol.dispose]());

const now = new Date('2026-11-21T12:00:00Z');
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const schedule = (change: Partial<Schedule> = {}): Schedule => ({
  lastCheckAt: inHours(-1),
  nextCheckAt: inHours(23),
  retryAt: null,
  longestMs: 28 * 3_600_000,
  ...change,
});

test('a schedule survives being written, and a broken one means: now', async () => {
  await writeSchedule(state.path, schedule({ retryAt: inHours(1) }));
  expect(readSchedule(state.path)).toEqual(schedule({ retryAt: inHours(1) }));
  for (const broken of [
    '',
    '{',
    '{"schema":"muster.schedule/2"}',
    '{"schema":"muster.schedule/1","longestMs":5,"nextCheckAt":"soon"}',
  ]) {
    writeFileSync(join(state.path, 'schedule.json'), broken);
    expect(readSchedule(state.path)).toBeUndefined();
  }
  expect(dueNow(undefined, now)).toBe('check');
});

test.each([
  ['not yet', schedule(), undefined],
  ['when it is time', schedule({ nextCheckAt: inHours(0) }), 'check'],
  ['after the machine slept past it', schedule({ nextCheckAt: inHours(-200) }), 'check'],
  ['after the clock was set back by a year', schedule({ nextCheckAt: inHours(24 * 365) }), 'check'],
  ['never ran', schedule({ lastCheckAt: null, nextCheckAt: null }), 'check'],
  ['something waits, but not yet', schedule({ retryAt: inHours(0.5) }), undefined],
  ['something waits and it is time', schedule({ retryAt: inHours(-0.1) }), 'delivery'],
  ['a retry far away comes from a wrong clock', schedule({ retryAt: inHours(100) }), 'delivery'],
] as const)('due: %s', (_name, given, due) => {
  expect(dueNow(given, now)).toBe(due);
});

test('an interval made shorter holds at once', () => {
  expect(dueNow(schedule(), now, 3_600_000)).toBe('check');
});

test('durations, and who decides about the interval', () => {
  expect(['90s', '15m', '24h', '7d'].map(parseDuration)).toEqual([90_000, 900_000, 86_400_000, 604_800_000]);
  for (const wrong of ['', '1', 'h', '1.5h', '-1h', '1w', '1h 2m'])
    expect(parseDuration(wrong)).toBeUndefined();
  expect(ownInterval({})).toBeUndefined();
  expect(ownInterval({ MUSTER_INTERVAL: '30m' })).toEqual({ everyMs: 1_800_000, jitterMs: 300_000 });
  for (const wrong of ['0s', '8d', 'soon'])
    expect(() => ownInterval({ MUSTER_INTERVAL: wrong })).toThrow(RangeError);
  const fromPolicy = { everyMs: 3_600_000, jitterMs: 60_000 };
  expect(runInterval(fromPolicy, {})).toEqual(fromPolicy);
  expect(runInterval(undefined, {})).toEqual({ everyMs: 86_400_000, jitterMs: 14_400_000 });
});

test('runs are spread around the interval by the jitter, half before and half after', () => {
  const interval = { everyMs: 86_400_000, jitterMs: 14_400_000 };
  expect(nextRun(now, interval, () => 0)).toEqual(inHours(22));
  expect(nextRun(now, interval, () => 0.5)).toEqual(inHours(24));
  expect(nextRun(now, interval, () => 1)).toEqual(inHours(26));
});

test('retries: a minute, doubling to an hour, spread, and never before the collector asked', () => {
  const minutes = (failures: number, random: number, retryAfter?: number) =>
    retryDelayMs(failures, retryAfter, () => random) / 60_000;
  expect([1, 2, 3, 7, 50].map((failures) => minutes(failures, 1))).toEqual([1, 2, 4, 60, 60]);
  expect(minutes(3, 0)).toBe(2);
  expect(minutes(1, 0, 600)).toBe(10);
  expect(minutes(1, 1, 600)).toBeGreaterThan(10);
  expect(minutes(7, 1, 5)).toBe(60);
});
