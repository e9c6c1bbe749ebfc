import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificateTwo } from '../agent/sync/certificates.ts';
import { dice, seedsToTry } from './dice.ts';
import { FaultDevice } from './fault-device.ts';
import { FaultLane } from './fault-lane.ts';
import { networkFaults } from './fault-proxy.ts';
import { buildReplayedAgent } from './replayed-agent/build.ts';

/**
 * Real agent processes against a real collector process, over TLS. A seed is a device from its enrollment on, with four runs of
 * its agent, every sixteenth with a service too. A failure names its seed.
 */
const seeds = seedsToTry(6);
const runsASeed = 4;
const lanes = 3;
const dayMs = 86_400_000;

/** Files that are made anew, put back or set aside when they make no sense; the outbox and the copy of its end have rules of their own. */
const replaceable = ['schedule.json', 'policy.json', 'enrollment.json', 'history.json', 'answers.json'];

/** How often each fault was met, over all seeds. */
const met = new Map<string, number>();
const meet = (fault: string) => met.set(fault, (met.get(fault) ?? 0) + 1);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function live(seed: number, lane: FaultLane, program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-device-'));
  const device = new FaultDevice(program, join(lane.agentDisk.path, String(seed)), folder);
  const random = dice(seed);
  const chance = (of: number) => random() < of;
  const pick = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];
  try {
    await enroll(device, lane, chance(0.2) ? random() * 400 : undefined);
    /** Whether the copy of the chain's end is whole, so that the outbox may be lost. */
    let copied = false;
    /** Whether the last run repaired whatever was torn. */
    let sound = true;

    for (let run = 0; run < runsASeed; run += 1) {
      if (chance(0.6)) device.change();
      const waiting = device.look();
      if (sound && copied && waiting === 0 && chance(0.35)) {
        if (device.tear('outbox.db', random())) meet('outbox torn');
      } else if (sound && chance(0.15)) {
        if (device.tear('chain.json', random())) meet('copy torn');
        copied = false;
      } else if (sound && chance(0.3)) {
        if (device.tear(pick(['schedule.json', ...replaceable]), random())) meet('state torn');
      }
      sound = false;

      const { full, noFiles } = fillDisks(lane, random);
      breakNetwork(lane, random);
      const clock = chance(0.2) ? (chance(0.5) ? dayMs : -dayMs) : 0;
      if (clock !== 0) meet('clock a day wrong');
      const agent = device.start([chance(0.8) ? '--report' : '--deliver'], { clock, noFiles });
      let killed = false;
      const killAgent = () => {
        killed ||= agent.child.exitCode === null && agent.child.kill('SIGKILL');
      };
      const timers: NodeJS.Timeout[] = [];
      if (chance(0.2)) timers.push(setTimeout(killAgent, random() * 450));
      if (chance(0.12)) timers.push(setTimeout(() => lane.kill(), random() * 450));
      // Or at the very moment a request arrives: before the collector has it, while it has it, or when its answer is under way.
      const moment = chance(0.35) ? Math.floor(random() * 3) : undefined;
      const victim = chance(0.7) ? killAgent : () => lane.kill();
      const { next } = lane.proxy;
      let requests = 0;
      lane.proxy.next = () => {
        if (requests++ === moment) setTimeout(victim, random() * 12);
        return next();
      };
      const { code, stdout, stderr } = await agent.ended;
      for (const timer of timers) clearTimeout(timer);
      if (killed && code === null) meet('agent killed');
      else {
        expect([0, 69, 75], `exit code ${code}: ${stderr}`).toContain(code);
        if (full) expect(code === 0 ? '' : stdout + stderr).not.toContain('internal fault');
        sound = !full;
        copied ||= stdout.includes('delivered');
      }
      await lane.heal();
      device.look();
    }
    if (seed % 16 === 0) await serve(device, lane, random);

    await lane.heal();
    device.change();
    const last = await device.start(['--report']).ended;
    expect(last.code, last.stdout + last.stderr).toBe(0);
    expect(device.look()).toBe(0);
    expect(device.noted.at(-1)).toBe(device.version);
    await compare(device, lane);
  } finally {
    rmSync(device.state, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

async function enroll(device: FaultDevice, lane: FaultLane, killAfter: number | undefined): Promise<void> {
  const token = await lane.token();
  if (killAfter !== undefined) {
    const { child, ended } = device.start(['--enroll', token, '--yes']);
    setTimeout(() => child.kill('SIGKILL'), killAfter);
    await ended;
    meet('killed while enrolling');
  }
  const { code, stderr } = await device.start(['--enroll', token, '--yes']).ended;
  // The first attempt may have come to its end before it was killed.
  expect([0, 69], stderr).toContain(code);
  if (code === 69) expect(stderr).toContain('already enrolled');
}

function fillDisks(lane: FaultLane, random: () => number): { full: boolean; noFiles: boolean } {
  const what = random();
  if (what < 0.12) {
    meet('disk of the agent full');
    lane.agentDisk.fill();
    return { full: true, noFiles: !lane.agentDisk.real };
  }
  if (what < 0.18 && lane.collectorDisk.real) {
    meet('disk of the collector full');
    lane.collectorDisk.fill();
  }
  return { full: false, noFiles: false };
}

function breakNetwork(lane: FaultLane, random: () => number): void {
  const what = random();
  if (what < 0.08) {
    meet('offline');
    lane.proxy.offline = true;
  } else if (what < 0.18) {
    meet('another certificate');
    lane.proxy.show(certificateTwo);
  } else if (what < 0.6) {
    lane.proxy.next = () => {
      const fault =
        random() < 0.6 ? 'none' : (networkFaults[Math.floor(random() * networkFaults.length)] ?? 'cut');
      if (fault !== 'none') meet(fault);
      return fault;
    };
  }
}

/** The service itself for a while: settings change, the network fails, and it is killed with and without the run it started. */
async function serve(device: FaultDevice, lane: FaultLane, random: () => number): Promise<void> {
  meet('service');
  for (let round = 0; round < 2; round += 1) {
    const service = device.start(['--service', '--log-level', 'silent'], { interval: '1s' });
    for (let changes = 0; changes < 2; changes += 1) {
      breakNetwork(lane, random);
      device.change();
      const end = Date.now() + 20_000;
      while (device.noted.at(-1) !== device.version && Date.now() < end) {
        await pause(20);
        device.look();
      }
      expect(device.noted.at(-1), 'the service noted the change').toBe(device.version);
      await lane.heal();
    }
    // Until something is under way again, at any moment of it.
    await pause(random() * 1_200);
    const { pid = 0 } = service.child;
    process.kill(random() < 0.5 ? pid : -pid, 'SIGKILL');
    meet('service killed');
    await pause(50);
    try {
      process.kill(-pid, random() < 0.5 ? 'SIGKILL' : 'SIGTERM');
    } catch {
      // Nothing of it is left.
    }
    await service.ended;
    device.look();
  }
}

/** What the collector has is what the agent noted: each change once, in order, in one chain. */
async function compare({ noted, state }: FaultDevice, { stores, proxy }: FaultLane): Promise<void> {
  const { device } = JSON.parse(readFileSync(join(state, 'enrollment.json'), 'utf8')) as { device: string };
  const sender = await stores.devices.sender(device);
  const kept = await stores.reports.following(sender?.number ?? -1, 0, 1_000);
  expect(kept.map(({ sequence }) => sequence)).toEqual(kept.map((_, index) => index + 1));
  const states: string[] = [];
  const ids = new Set<string>();
  for (const { jws = '' } of kept) {
    const report = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as {
      id: string;
      machine?: { osVersion: string };
    };
    ids.add(report.id);
    states.push(report.machine?.osVersion ?? states.at(-1) ?? 'none');
  }
  expect(ids.size, 'no report twice').toBe(kept.length);
  expect(states.filter((value, index) => value !== states[index - 1])).toEqual(noted);
  expect(await stores.reports.strayCount(sender?.number ?? -1)).toBe(0);
  expect(proxy.sentToImpostor, 'requests to a host with another certificate').toBe(0);
}

test(`${seeds.length} devices through kill -9, bad networks, full disks, wrong clocks and torn files: every change arrives once and in order`, async () => {
  const program = await buildReplayedAgent();
  const left = [...seeds];
  const oneLane = async () => {
    let lane = await FaultLane.start();
    try {
      for (let seed = left.shift(), lived = 1; seed !== undefined; seed = left.shift(), lived += 1) {
        try {
          await live(seed, lane, program);
        } catch (error) {
          left.length = 0;
          throw new Error(`seed ${seed} (MUSTER_SEED=${seed}): ${(error as Error).message}`, {
            cause: error,
          });
        }
        // A collector takes thirty enrollments a minute from one address.
        if (lived % 25 === 0) {
          await lane.stop();
          lane = await FaultLane.start();
        }
      }
    } finally {
      await lane.stop();
    }
  };
  // Each lane stops what it started before the first failure is told.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, seeds.length) }, oneLane));
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  process.stdout.write(`${[...met].map(([fault, times]) => `${fault}: ${times}`).join(', ')}\n`);
}, 1_200_000);
