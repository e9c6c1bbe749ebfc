import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHistory } from '../../../agent/state/history.ts';
import { type Approved, MediaLog, type SeenMedium } from '../../../agent/state/media.ts';
import { beginWatch, endWatch, interruptWatch, isUnbroken, readWatch } from '../../../agent/state/watch.ts';

const day = 86_400_000;
const monday = new Date('2026-11-02T09:00:00Z');
const later = (days: number, hours = 0) => new Date(monday.getTime() + days * day + hours * 3_600_000);
const plain = { id: 'KINGSTON-CANARY 1234-ABCD', identified: true, encrypted: false, writable: true };
const nothing: ReadonlySet<string> = new Set();

let folder: string;
let log: MediaLog;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'media-'));
  log = await MediaLog.open(folder);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A watch that began at a moment and goes on in this very process. */
function watching(since: Date): void {
  const watch = { schema: 'muster.watch/1', since, startedAt: since, endedAt: null, pid: process.pid };
  writeFileSync(join(folder, 'watch.json'), JSON.stringify(watch));
}

test('days are counted once each, whatever was plugged in how often, and only exposed ones', () => {
  log.note([plain], monday, nothing);
  log.note([], later(0, 1), nothing);
  log.note([plain, { ...plain, id: 'another' }], later(0, 2), nothing);
  log.note([{ ...plain, encrypted: true, id: 'safe' }], later(1), nothing);
  log.note([{ ...plain, writable: false, id: 'read-only' }], later(2), nothing);
  log.note([plain], later(3), nothing);
  expect(log.exposedDays().days).toBe(2);
});

test('what one report has told the next one does not, but the same stick on the same day again', () => {
  watching(later(-1));
  log.note([plain], monday, nothing);
  const first = log.exposedDays();
  expect(first.days).toBe(1);
  // Plugged in again while the report is under way: not in it, so not told yet.
  log.note([plain], later(0, 1), nothing);
  log.markReported(first.change, monday);
  expect(log.exposedDays().days).toBe(1);
  log.markReported(log.exposedDays().change, later(0, 2));
  expect(log.exposedDays().days).toBe(0);
  log.note([{ ...plain, encrypted: true }], later(0, 3), nothing);
  expect(log.exposedDays().days).toBe(0);
  log.note([plain], later(0, 4), nothing);
  expect(log.exposedDays().days).toBe(1);
});

test('a day stays at its worse: encrypting the stick in the evening does not undo the morning', () => {
  log.note([plain], monday, nothing);
  log.note([{ ...plain, encrypted: true }], later(0, 5), nothing);
  expect(log.exposedDays().days).toBe(1);
  expect(log.days()).toMatchObject([{ day: '2026-11-02', encrypted: false, writable: true }]);
});

test('no days are claimed for a time nobody watched', async () => {
  expect(log.exposedDays().days, 'no service ever').toBeUndefined();
  log.markReported(0, monday);
  expect(log.exposedDays().days).toBeUndefined();
  watching(later(0, 1));
  expect(log.exposedDays().days, 'the watch began after the last report').toBeUndefined();
  watching(later(-1));
  expect(log.exposedDays().days).toBe(0);
  const watch = readWatch(folder);
  expect(watch).toBeDefined();
  if (watch === undefined) return;
  await endWatch(folder, watch);
  expect(log.exposedDays().days, 'the service was stopped').toBeUndefined();
  writeFileSync(
    join(folder, 'watch.json'),
    JSON.stringify({ schema: 'muster.watch/1', ...watch, endedAt: null, pid: 2 ** 22 + 1 }),
  );
  expect(log.exposedDays().days, 'the service is gone').toBeUndefined();
  writeFileSync(join(folder, 'watch.json'), '{"schema":"muster.watch/1","since":"no');
  expect(log.exposedDays().days, 'a broken file').toBeUndefined();
  log.note([plain], monday, nothing);
  expect(log.exposedDays().days, 'what was seen counts all the same').toBe(1);
});

test('a stick is known by a salted hash, and the file is for the service’s account only', async () => {
  log.note([plain], monday, nothing);
  const [entry] = log.days();
  expect(entry?.stick).toMatch(/^[0-9a-f]{24}$/);
  log.close();
  const path = join(folder, 'media.db');
  expect(readFileSync(path, 'latin1')).not.toContain('CANARY');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
  const elsewhere = mkdtempSync(join(tmpdir(), 'media-'));
  const other = await MediaLog.open(elsewhere);
  other.note([plain], monday, nothing);
  expect(other.days()[0]?.stick, 'another machine, another hash').not.toBe(entry?.stick);
  other.close();
  rmSync(elsewhere, { recursive: true });
  log = await MediaLog.open(folder);
});

test('days are forgotten after ninety', () => {
  log.note([plain], monday, nothing);
  log.note([], later(90), nothing);
  expect(log.days()).toHaveLength(1);
  log.note([], later(91), nothing);
  expect(log.days()).toHaveLength(0);
});

test('the history of a run counts, and marks exactly what it has counted', async () => {
  const fresh = await openHistory(mkdtempSync(join(folder, 'none-')), monday);
  expect(await fresh.exposedDays()).toBeUndefined();
  await fresh.markReported();
  log.note([plain], monday, nothing);
  const history = await openHistory(folder, monday);
  await history.markReported();
  expect(log.exposedDays().days, 'nothing counted, nothing marked').toBe(1);
  expect(await history.exposedDays()).toBe(1);
  log.note([plain], later(1), nothing);
  await history.markReported();
  expect(log.exposedDays().days).toBe(1);
});

test('the watch goes on over an update or a night switched off, and begins anew after a crash or a long stop', async () => {
  const watch = { since: monday, startedAt: later(1), endedAt: null as Date | null, pid: 1 };
  const up = later(-3);
  expect(isUnbroken({ ...watch, endedAt: later(2) }, later(2, 0.1), up), 'an update').toBe(true);
  expect(isUnbroken({ ...watch, endedAt: later(2) }, later(2, 1), up), 'stopped for an hour').toBe(false);
  expect(isUnbroken(watch, later(2), up), 'died, nobody knows when').toBe(false);
  expect(isUnbroken(watch, later(2, 0.1), later(2)), 'power cut, and on again').toBe(true);
  expect(isUnbroken(watch, later(2, 1), later(2)), 'started long after power-on').toBe(false);
  expect(isUnbroken(watch, later(-1), up), 'a clock set back').toBe(false);

  const begun = await beginWatch(folder);
  await endWatch(folder, begun);
  const again = await beginWatch(folder);
  expect(again.since).toEqual(begun.since);
  const anew = await interruptWatch(folder, { ...again, since: monday });
  expect(anew.since.getTime()).toBeGreaterThan(monday.getTime());
  expect(readWatch(folder)?.since).toEqual(anew.since);
});

describe('what is approved', () => {
  const numbers = (media: readonly SeenMedium[]) => {
    log.note(media, monday, nothing);
    const known = log.days().flatMap(({ number }) => number ?? []);
    log.markReported(log.standing([], nothing).change, monday);
    return known;
  };
  const told = (mounted: readonly SeenMedium[], approved: Approved) => {
    const { change: _, ...standing } = log.standing(mounted, approved);
    return standing;
  };

  test('a stick is approved by the number that was made for it here, and by no other', () => {
    const [number = ''] = numbers([plain]);
    expect(number).toMatch(/^m[0-9a-f]{12}$/);
    const none = { unapproved: 0, unknown: 0, approved: [], days: undefined };
    expect(told([], nothing)).toEqual(none);
    expect(told([plain], nothing)).toEqual({ ...none, unapproved: 1 });
    expect(told([plain], new Set([number]))).toEqual({ ...none, approved: [number] });
    expect(told([plain, { ...plain, id: 'another' }], new Set([number]))).toEqual({
      ...none,
      unapproved: 1,
      approved: [number],
    });
    expect(told([plain], new Set(['m000000000000']))).toEqual({ ...none, unapproved: 1 });
  });

  test('what cannot be told is neither approved nor not', () => {
    const [number = ''] = numbers([plain]);
    expect(told([plain], undefined), 'no policy can be read').toMatchObject({ unapproved: 0, unknown: 1 });
    const nameless = { ...plain, id: 'place sdb1', identified: false };
    expect(told([nameless], new Set([number]))).toMatchObject({ unapproved: 0, unknown: 1, approved: [] });
    // Where nothing is approved at all, neither is this.
    expect(told([nameless], nothing)).toMatchObject({ unapproved: 1, unknown: 0 });
    log.note([nameless], monday, undefined);
    expect(log.days().find(({ stick }) => stick.startsWith('?'))).toMatchObject({
      number: undefined,
      approved: undefined,
    });
    expect(told([], nothing), 'it came and went when nobody could tell').toMatchObject({
      unknown: 1,
      days: undefined,
    });
  });

  test('days are told once; what is approved by now, or was on its day, is held against none', () => {
    const [number = ''] = numbers([plain]);
    watching(later(-1));
    log.note([plain], later(1), nothing);
    log.note([plain], later(1, 2), new Set([number]));
    log.note([{ ...plain, id: 'another' }], later(2), new Set([number]));
    expect(
      log.days().map(({ approved }) => approved),
      'a day stays at its worse',
    ).toEqual([false, false, false]);
    expect(told([], nothing).days).toBe(2);
    expect(told([], new Set([number])).days).toBe(1);
    const { change } = log.standing([], nothing);
    log.note([plain], later(3), nothing);
    log.markReported(change, later(3));
    expect(told([], nothing).days, 'only what came after').toBe(1);
    log.markReported(log.standing([], nothing).change, later(3));
    log.note([plain], later(4), new Set([number]));
    expect(told([], nothing).days, 'approved when it was used, and not any more').toBe(0);
    log.note([plain], later(4, 1), nothing);
    expect(told([], nothing).days).toBe(1);
  });

  test('a file of the agent before is taken on: its days were not told apart', async () => {
    log.close();
    const path = join(folder, 'media.db');
    rmSync(path);
    const old = new DatabaseSync(path);
    old.exec(`
      CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE medium_day (
        day TEXT NOT NULL, stick TEXT NOT NULL, encrypted INTEGER NOT NULL, writable INTEGER NOT NULL, exposed INTEGER NOT NULL,
        change INTEGER NOT NULL, reported INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, stick)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO setting VALUES ('salt', 'abc');
      INSERT INTO medium_day VALUES ('2026-11-01', '0123456789abcdef01234567', 1, 1, 0, 1, 1),
        ('2026-11-02', '0123456789abcdef01234567', 1, 1, 0, 2, 0);
      PRAGMA user_version = 1;
    `);
    old.close();
    log = await MediaLog.open(folder);
    expect(log.days()).toMatchObject([{ number: 'm0123456789ab', approved: undefined }, { encrypted: true }]);
    expect(told([], nothing)).toEqual({ unapproved: 0, unknown: 1, approved: [], days: undefined });
    log.close();
    log = await MediaLog.open(folder);
    expect(log.days()).toHaveLength(2);
  });
});
