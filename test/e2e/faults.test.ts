import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recoverChain } from '../../agent/sync/chain-copy.ts';
import { openCollector } from '../../agent/sync/client.ts';
import { type Delivery, deliver } from '../../agent/sync/delivery.ts';
import { enrollDevice, fetchNotice } from '../../agent/sync/enroll.ts';
import { readDeviceKey } from '../../agent/sync/identity.ts';
import { Outbox } from '../../agent/sync/outbox.ts';
import { pullPolicy } from '../../agent/sync/policy-pull.ts';
import { formatToken, parseToken } from '../../shared/api.ts';
import { temporaryDirectory } from '../agent/run-agent.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { dice, seedsToTry } from './dice.ts';
import { FaultProxy, networkFaults } from './fault-proxy.ts';

// The agent's delivery in this process, which dies before or after each single write; what whole processes go through is in
// process-faults.test.ts. A failure names its seed.
const seeds = seedsToTry(25);
const steps = 24;

/** A collector takes thirty enrollments a minute from one address; so every dozen histories get one of their own. */
const perCollector = 12;
let collector: SampleCollector;
let proxy: FaultProxy;

class Crash extends Error {
  override readonly name = 'Crash';
}

/** The outbox of a process that may die before or after anything it does to its disk. */
function mortal(outbox: Outbox, dies: () => boolean): Outbox {
  return new Proxy(outbox, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...args: unknown[]) => unknown;
      if (!['add', 'sign', 'unsign', 'accepted', 'refused', 'remember'].includes(String(name))) return method;
      return (...args: unknown[]) => {
        if (dies()) throw new Crash('before');
        const result = method(...args);
        if (dies()) throw Object.assign(new Crash('after'), { done: true });
        return result;
      };
    },
  });
}

/** Cuts a file off somewhere, as a disk does that lost power. */
function truncate(path: string, part: number): void {
  const file = openSync(path, 'r+');
  ftruncateSync(file, Math.floor(fstatSync(file).size * part));
  closeSync(file);
}

async function live(seed: number): Promise<void> {
  using state = temporaryDirectory();
  const directory = state.path;
  const random = dice(seed);
  const chance = (of: number) => random() < of;
  proxy.next = () => 'none';

  const token = parseToken(
    formatToken({
      url: proxy.url,
      code: await collector.code(),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      pin: null,
    }),
  );
  if (token === undefined) throw new Error('no token');
  const machine = { platform: 'linux', osName: 'debian', osVersion: '0' } as const;
  const connection = openCollector(proxy.url, null);
  const notice = await fetchNotice(connection, token);
  const enrollment = await enrollDevice(connection, token, { directory, machine, notice, now: new Date() });
  const { device } = enrollment;
  const key = await readDeviceKey(directory);
  if (key === undefined) throw new Error('no key');

  /** Every state the agent was told is safe, in order. */
  const told: string[] = [];
  let version = 0;
  let at = Date.now() - 20 * 86_400_000;
  let copyWhole = false;

  const open = async () => {
    const outbox = await Outbox.open(directory);
    await recoverChain(directory, outbox);
    return outbox;
  };
  let outbox = await open();
  const dies = () => chance(0.06);

  const observe = () => {
    if (chance(0.6)) version += 1;
    at += 3_600_000;
    // A clock that is a day and more ahead, now and then.
    const takenAt = new Date(chance(0.08) ? Date.now() + 30 * 3_600_000 : at);
    const osVersion = String(version);
    try {
      mortal(outbox, dies).add({
        takenAt,
        agent: '0.1.0',
        policy: { id: 'base', version: 1 },
        machine: { ...machine, osVersion },
        facts: { firewall: { enabled: { unknown: 'denied' } } },
      });
      told.push(osVersion);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      if ('done' in error) told.push(osVersion);
      return true;
    }
    return false;
  };
  const send = (from: Outbox): Promise<Delivery> =>
    deliver({
      directory,
      device,
      outbox: from,
      collector: connection,
      key,
      now: () => new Date(),
      prove: () =>
        pullPolicy({
          directory,
          enrollment,
          collector: connection,
          key,
          outbox: from,
          now: () => new Date(),
        }),
    });

  for (let step = 0; step < steps; step += 1) {
    let crashed = false;
    if (chance(0.5)) crashed = observe();
    else {
      proxy.next = () =>
        chance(0.5) ? 'none' : (networkFaults[Math.floor(random() * networkFaults.length)] ?? 'cut');
      try {
        const { delivered } = await send(mortal(outbox, dies));
        copyWhole ||= delivered > 0;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        crashed = true;
      }
    }
    const idle = outbox.waiting().reports === 0;
    if (crashed || chance(0.1)) {
      outbox.close();
      // What nobody has sent yet exists once only; the rest has to survive the loss of either file.
      if (idle && copyWhole && chance(0.4)) truncate(join(directory, 'outbox.db'), random());
      else if (chance(0.1)) {
        writeFileSync(join(directory, 'chain.json'), '{"schema":"mus');
        copyWhole = false;
      }
      outbox = await open();
    }
  }

  proxy.next = () => 'none';
  const last = await send(outbox);
  expect(last.problem?.message).toBeUndefined();
  expect(outbox.waiting()).toMatchObject({ reports: 0, dropped: 0 });
  outbox.close();
  connection.close();

  const sender = await collector.stores.devices.sender(device);
  const kept = await collector.stores.reports.following(sender?.number ?? -1, 0, 1_000);
  expect(kept.map(({ sequence }) => sequence)).toEqual(kept.map((_, index) => index + 1));
  const states: string[] = [];
  for (const { jws = '' } of kept) {
    const report = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as {
      machine?: { osVersion: string };
    };
    states.push(report.machine?.osVersion ?? states.at(-1) ?? 'none');
  }
  const transitions = (all: readonly string[]) => all.filter((value, index) => value !== all[index - 1]);
  expect(transitions(states)).toEqual(transitions(told));
  expect(await collector.stores.reports.strayCount(sender?.number ?? -1)).toBe(0);
}

test(`${seeds.length} histories of crashes, bad networks, wrong clocks and torn files: every change arrives once and in order`, async () => {
  for (let first = 0; first < seeds.length; first += perCollector) {
    collector = await startCollector();
    proxy = await FaultProxy.start(collector.url);
    for (const seed of seeds.slice(first, first + perCollector)) {
      try {
        await live(seed);
      } catch (error) {
        throw new Error(`seed ${seed} (MUSTER_SEED=${seed}): ${(error as Error).message}`, { cause: error });
      }
    }
    await proxy.stop();
    await collector.close();
  }
}, 600_000);
