import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommandResult, Sources } from '../../../agent/probe.ts';
import { renewSlowReads, withHistory } from '../../../agent/sources/slow-reads.ts';
import { openHistory } from '../../../agent/state/history.ts';

const start = new Date('2026-11-01T08:00:00Z');
const later = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
const aptGet = ['apt-get', '-s', '-o', 'Debug::NoLocking=true', 'upgrade'] as const;
const answer = (stdout: string): CommandResult => ({
  stdout,
  stderr: '',
  exitCode: 0,
  stdoutBytes: Buffer.from(stdout),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose only program counts how often it was started, and where software last changed then. */
function machine(now: Date, changed?: Date, exitCode = 0): { sources: Sources; started: () => number } {
  let started = 0;
  const command = async ([program]: readonly string[]) => {
    if (program === 'stat')
      return changed === undefined
        ? { ...answer(''), exitCode: 1 }
        : answer(`${Math.floor(changed.getTime() / 1000)}\n`);
    started += 1;
    return { ...answer(`run ${started}`), exitCode };
  };
  return { sources: { now, command } as unknown as Sources, started: () => started };
}

test('what waits keeps the day on which it was first seen, and its name is not written down', async () => {
  const first = await openHistory(folder, start);
  expect(await first.firstSeen(['openssl 3.0.2'])).toEqual([new Date('2026-11-01')]);
  await first.save();
  const second = await openHistory(folder, later(24 * 20));
  const [old, fresh] = await second.firstSeen(['openssl 3.0.2', 'curl 8.1']);
  expect(old).toEqual(new Date('2026-11-01'));
  expect(fresh).toEqual(new Date('2026-11-21'));
  const file = join(folder, 'history.json');
  expect(readFileSync(file, 'utf8')).not.toContain('openssl');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a slow program is started once while its answer is fresh, others every time', async () => {
  const { sources, started } = machine(start);
  const history = await openHistory(folder, start);
  const remembering = withHistory(sources, history);
  expect((await remembering.command([...aptGet])).stdout).toBe('run 1');
  expect((await remembering.command([...aptGet])).stdout).toBe('run 1');
  expect((await remembering.command(['nft', '-j', 'list', 'ruleset'])).stdout).toBe('run 2');
  expect(started()).toBe(2);
  await history.save();
  const nextDay = machine(later(13));
  await withHistory(nextDay.sources, await openHistory(folder, later(13))).command([...aptGet]);
  expect(nextDay.started()).toBe(1);
});

test('the service renews what has grown old before anybody waits for it', async () => {
  const early = machine(start);
  const history = await openHistory(folder, start);
  await renewSlowReads(early.sources, history);
  const programs = early.started();
  expect(programs).toBeGreaterThan(0);
  await renewSlowReads(early.sources, history);
  expect(early.started()).toBe(programs);
  const late = machine(later(5));
  await renewSlowReads(late.sources, history);
  expect(late.started()).toBe(programs);
});

test('what was answered before software changed is asked again', async () => {
  const history = await openHistory(folder, start);
  await withHistory(machine(start, later(-1)).sources, history).command([...aptGet]);
  const same = machine(later(2), later(-1));
  await withHistory(same.sources, history).command([...aptGet]);
  expect(same.started()).toBe(0);
  const updated = machine(later(3), later(2.5));
  await withHistory(updated.sources, history).command([...aptGet]);
  expect(updated.started()).toBe(1);
  const once = machine(later(4), later(2.5));
  await withHistory(once.sources, history).command([...aptGet]);
  expect(once.started()).toBe(0);
});

test('a refusal is not remembered', async () => {
  const history = await openHistory(folder, start);
  const locked = machine(start, undefined, 100);
  await withHistory(locked.sources, history).command([...aptGet]);
  await withHistory(locked.sources, history).command([...aptGet]);
  expect(locked.started()).toBe(2);
});

test('an answer from the future is not believed: the clock was wrong', async () => {
  const history = await openHistory(folder, start);
  history.keep(aptGet, answer('old'), later(2));
  expect(history.recall(aptGet, start, 3_600_000)).toBeUndefined();
});

test('a broken file is set aside, never deleted, and does not stop the check', async () => {
  writeFileSync(join(folder, 'history.json'), '{"version":1,"sal');
  const history = await openHistory(folder, start);
  expect(await history.firstSeen(['x'])).toHaveLength(1);
  await history.save();
  expect(readdirSync(folder).some((name) => name.includes('broken'))).toBe(true);
});
