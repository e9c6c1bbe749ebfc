import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeRunLock } from '../../../agent/state/run-lock.ts';
import { type Observation, Outbox, sha256 } from '../../../agent/sync/outbox.ts';
import { temporaryDirectory } from '../run-agent.ts';

let state: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  state = temporaryDirectory();
});
afterEach(() => state[Symbol.dispose]());

const start = Date.UTC(2026, 10, 1);
const hour = 3_600_000;

function at(hours: number, osVersion: string): Observation {
  return {
    takenAt: new Date(start + hours * hour),
    agent: '0.1.0',
    policy: { id: 'example', version: 1 },
    machine: { platform: 'linux', osName: 'debian', osVersion },
    facts: { firewall: { enabled: { unknown: 'denied' } } },
  };
}

/** Accepts everything that waits and returns the versions in the order they left. */
function drain(outbox: Outbox): string[] {
  const versions: string[] = [];
  for (let pending = outbox.head(); pending !== undefined; pending = outbox.head()) {
    const { sequence } = outbox.chain();
    const { machine } = pending.body ?? { machine: {} };
    versions.push(String((machine as { osVersion?: string }).osVersion));
    const payload = Buffer.from(JSON.stringify({ sequence })).toString('base64url');
    const jws = `x.${payload}.y`;
    outbox.sign(pending.id, sequence, jws);
    outbox.accepted(
      { ...pending, signed: { sequence, jws } },
      pending.takenAt ? new Date(pending.takenAt) : new Date(),
    );
  }
  return versions;
}

test('thirty days offline lose no change and stay small', async () => {
  const outbox = await Outbox.open(state.path);
  for (let hours = 0; hours < 30 * 24; hours += 4) outbox.add(at(hours, `${Math.floor(hours / 100)}`));
  expect(outbox.waiting()).toMatchObject({ reports: 180, dropped: 0 });
  const versions = drain(outbox);
  expect([...new Set(versions)]).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  expect(outbox.chain().sequence).toBe(181);
  expect(statSync(join(state.path, 'outbox.db')).size).toBeLessThan(20 * 1024 * 1024);
  outbox.close();
});

test('beyond its limit repetitions go before changes, the oldest first, and it is counted', async () => {
  const outbox = await Outbox.open(state.path, { limits: { maxBytes: 40_000, maxDays: 90 } });
  for (let hours = 0; hours < 400; hours += 1) outbox.add(at(hours, `${Math.floor(hours / 80)}`));
  const { reports, dropped } = outbox.waiting();
  expect(reports + dropped).toBe(400);
  expect(dropped).toBeGreaterThan(200);
  const versions = drain(outbox);
  expect([...new Set(versions)]).toEqual(['0', '1', '2', '3', '4']);
  expect(versions[0]).toBe('0');
  outbox.close();
});

test('only changes: the oldest go, the newest state is always there', async () => {
  const outbox = await Outbox.open(state.path, { limits: { maxBytes: 20_000, maxDays: 90 } });
  for (let hours = 0; hours < 300; hours += 1) outbox.add(at(hours, `${hours}`));
  const versions = drain(outbox);
  expect(versions.at(-1)).toBe('299');
  expect(versions.length).toBeLessThan(60);
  outbox.close();
});

test('a clock that jumps ten years ahead for one run costs no change and not the log', async () => {
  const outbox = await Outbox.open(state.path);
  outbox.add(at(0, '1'));
  outbox.add(at(1, '1'));
  drain(outbox);
  for (const version of ['2', '3', '3']) outbox.add(at(2, version));
  outbox.add(at(10 * 365 * 24, '4'));
  outbox.add(at(3, '5'));
  expect(drain(outbox).filter((version, index, all) => version !== all[index - 1])).toEqual([
    '2',
    '3',
    '4',
    '5',
  ]);
  expect(outbox.sent(100).length).toBeGreaterThanOrEqual(6);
  outbox.close();
});

test('what may be on its way is never dropped', async () => {
  const outbox = await Outbox.open(state.path, { limits: { maxBytes: 5_000, maxDays: 1 } });
  outbox.add(at(0, 'first'));
  const head = outbox.head();
  if (head === undefined) throw new Error('nothing waits');
  outbox.sign(head.id, 1, 'a.e30.b');
  for (let hours = 1; hours < 100; hours += 1) outbox.add(at(hours, `${hours}`));
  expect(outbox.head()?.signed).toEqual({ sequence: 1, jws: 'a.e30.b' });
  outbox.close();
});

test('a number stays with its report until it is accepted, across restarts', async () => {
  let outbox = await Outbox.open(state.path);
  outbox.add(at(0, '1'));
  outbox.add(at(1, '2'));
  const head = outbox.head();
  if (head === undefined) throw new Error('nothing waits');
  outbox.sign(head.id, 1, 'a.e30.b');
  outbox.close();
  outbox = await Outbox.open(state.path);
  const again = outbox.head();
  expect(again?.signed).toEqual({ sequence: 1, jws: 'a.e30.b' });
  if (again === undefined) throw new Error('nothing waits');
  outbox.accepted(again, new Date());
  expect(outbox.chain()).toMatchObject({ sequence: 2, previous: sha256('a.e30.b') });
  outbox.close();
});

test('the run lock lets one in, and the next one after it', () => {
  const lock = takeRunLock(state.path);
  expect(() => takeRunLock(state.path)).toThrow('another run');
  lock.release();
  takeRunLock(state.path).release();
});
