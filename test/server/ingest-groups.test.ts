import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportReceiver } from '../../server/ingest/receive.ts';
import { reviewDue } from '../../server/ingest/review-due.ts';
import type { VerifiedReport } from '../../server/storage/ingest.ts';
import { seeded } from '../bench/sample-fleet.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { type SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const firewalls = ['on', 'off', 'unknown'] as const;

/** What the counters should say, counted anew from the findings of every device. */
async function countedAnew(devices: readonly SampleDevice[]) {
  const { stores, organization } = collector;
  const counts = new Map<string, Record<string, number>>();
  const states: Record<string, number> = {};
  for (const { id } of devices) {
    const device = await stores.devices.byId(organization.number, id);
    if (device === undefined) throw new Error('no such device');
    states[device.state] = (states[device.state] ?? 0) + 1;
    for (const [subject, { status }] of await stores.findings.ofDevice(organization.number, device.number)) {
      const of = counts.get(subject) ?? {};
      of[status] = (of[status] ?? 0) + 1;
      counts.set(subject, of);
    }
  }
  return { counts, states };
}

test('groups of any make-up leave findings, timelines and counters that agree', async () => {
  const { stores, organization } = collector;
  const receive = reportReceiver(stores);
  const random = seeded(7);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const devices: SampleDevice[] = [];
  for (let index = 0; index < 5; index += 1) devices.push(await collector.device());
  let told = 0;
  for (let round = 0; round < 25; round += 1) {
    const group: VerifiedReport[] = [];
    // Several of one device in one group, changing to and fro, with some that say nothing new.
    for (let turn = 0; turn < 12; turn += 1) {
      const device = pick(devices);
      const quiet = device.sequence > 0 && random() < 0.3;
      group.push(
        await receive(quiet ? device.unchanged() : device.full(sampleFacts(pick(firewalls))), new Date()),
      );
    }
    const outcomes = await stores.ingest.keep(group);
    expect(outcomes.every(({ kind }) => kind === 'kept')).toBe(true);
    if (round % 10 === 9) await reviewDue(stores, new Date(Date.now() + 2 * 86_400_000));

    const { counts, states } = await countedAnew(devices);
    const kept = await stores.devices.findingCounts(organization.number);
    for (const [subject, of] of counts) {
      expect(kept.get(subject), subject).toMatchObject(of);
      const total = Object.values(kept.get(subject) ?? {}).reduce((sum, number) => sum + number, 0);
      expect(total, subject).toBe(Object.values(of).reduce((sum, number) => sum + number, 0));
    }
    expect(await stores.devices.stateCounts(organization.number)).toMatchObject(states);
  }
  for (const { id } of devices) {
    const device = await stores.devices.byId(organization.number, id);
    if (device === undefined) throw new Error('no such device');
    const findings = await stores.findings.ofDevice(organization.number, device.number);
    const newest = new Map<string, string>();
    const timeline = await stores.findings.timeline(organization.number, device.number, 1_000);
    told += timeline.length;
    const firewall = timeline.filter(({ subject }) => subject === 'firewall/enabled');
    // Newest first: each begins as the one before it ended, and the newest is what holds now.
    firewall.forEach(({ before, after, subject }, index) => {
      const older = firewall[index + 1];
      if (older !== undefined) expect(before).toBe(older.after);
      if (!newest.has(subject)) newest.set(subject, after);
    });
    for (const [subject, status] of newest) expect(findings.get(subject)?.status).toBe(status);
  }
  expect(told).toBeGreaterThan(50);
});
