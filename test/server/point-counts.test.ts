import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookBack } from '../../server/history/look-back.ts';
import { reportReceiver } from '../../server/ingest/receive.ts';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { pointsNow, pointsThen } from '../../server/statement.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { owners } from '../../server/storage/devices.ts';
import type { Check, Mode } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import type { WaiverScope } from '../../shared/waiver.ts';
import { sampleFleetFacts, sampleMachine, seeded } from '../bench/sample-fleet.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { SampleDevice } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const day = 86_400_000;
const points = checkIds.flatMap((id) =>
  Object.keys((checks[id] as unknown as Check).points).map((point) => `${id}/${point}`),
);

/** Everything that can happen to a fleet, in an order nobody thought of. */
function fleetOf(organization: { readonly number: number }, random: () => number) {
  const { stores } = collector;
  const receive = reportReceiver(stores);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const devices: SampleDevice[] = [];
  const restricted = new Set<string>();
  const waivers: string[] = [];
  let now = new Date();
  let version = 1;

  const send = async (jws: string) => {
    await stores.ingest.keep([await receive(jws, now)]);
  };
  const answer = (device: SampleDevice) =>
    device.full(sampleFleetFacts(random, device.machine), { takenAt: now.toISOString() });
  const reports = async (device: SampleDevice, jws: () => string) => {
    // What it sends is not taken in for now; then its chain stays as it is.
    if (!restricted.has(device.id)) await send(jws());
  };
  const scope = (): WaiverScope =>
    pick([
      { kind: 'organization' },
      { kind: 'platform', platform: pick(['win32', 'linux', 'darwin'] as const) },
      { kind: 'owner', owner: pick(['company', 'personal'] as const) },
      { kind: 'device', device: pick(devices).id },
      { kind: 'device', device: pick(devices).id },
    ] as const);

  async function enroll(): Promise<void> {
    const device = new SampleDevice(sampleMachine(random));
    const owner = pick(owners);
    const expiresAt = new Date(now.getTime() + day);
    const code = await stores.enrollments.create(
      { organization: organization.number, owner, expiresAt },
      'console',
      now,
    );
    const { publicKey, machine } = device;
    const given = { code, publicKey, agent: '0.1.0', machine, noticeVersion: '1' };
    device.id = (await stores.enrollments.enroll(given, now))?.device ?? '';
    devices.push(device);
    if (random() < 0.9) await send(answer(device));
  }
  const review = async () => {
    while ((await reviewDue(stores, now)) > 0);
  };

  const steps: Record<string, () => Promise<unknown>> = {
    enroll,
    report: async () => {
      const device = pick(devices);
      await reports(device, () => answer(device));
    },
    'report again': async () => {
      const device = pick(devices.filter(({ sequence }) => sequence > 0));
      await reports(device, () => device.unchanged({ takenAt: now.toISOString() }));
    },
    'report twice in a group': async () => {
      const device = pick(devices);
      if (restricted.has(device.id)) return;
      const group = [answer(device), answer(device)];
      await stores.ingest.keep(await Promise.all(group.map((jws) => receive(jws, now))));
    },
    review,
    'time goes by': async () => {
      now = new Date(now.getTime() + random() * 5 * day);
      if (random() < 0.7) await review();
    },
    leave: async () => {
      const until = random() < 0.6 ? new Date(now.getTime() + random() * 10 * day) : null;
      await stores.devices.leave(organization.number, pick(devices).id, until, 'console', now);
      if (random() < 0.7) await review();
    },
    declare: () =>
      stores.devices.declare(organization.number, pick(devices).id, pick(owners), 'console', now),
    retire: async () => {
      const device = pick(devices);
      if (random() < 0.5 || restricted.has(device.id)) return;
      await stores.devices.revoke(organization.number, device.id, 'console', now);
      devices.splice(devices.indexOf(device), 1);
    },
    restrict: async () => {
      const { id } = pick(devices);
      if (await stores.restrictions.restrict(organization.number, id, 'console', now)) restricted.add(id);
    },
    lift: async () => {
      for (const id of restricted) {
        expect(await stores.restrictions.lift(organization.number, id, 'console', now)).toBe(true);
      }
      restricted.clear();
      if (random() < 0.5) await review();
    },
    waive: async () => {
      // One that every laptop of the sample fails, or any.
      const check = random() < 0.5 ? 'trash-cleanup' : pick(checkIds);
      const point = random() < 0.5 ? null : pick(Object.keys(checks[check].points));
      const expiresAt = new Date(now.getTime() + 20 * day);
      const reason = 'It is replaced next month.';
      const asked = { scope: scope(), check, point, reason, control: '', startsAt: now, expiresAt };
      const id = await stores.waivers.request(organization.number, asked, 'user:a', now);
      const terms = { startsAt: now, expiresAt, maxDays: 90, note: '' };
      expect(await stores.waivers.approve(organization.number, id, terms, 'user:b', now)).toBe('done');
      waivers.push(id);
      if (random() < 0.5) await review();
    },
    withdraw: async () => {
      const id = waivers.pop();
      if (id !== undefined) await stores.waivers.withdraw(organization.number, id, '', 'user:a', now);
    },
    publish: async () => {
      version += 1;
      const check = pick([
        'firewall',
        'screen-lock',
        'os-updates',
        'admin-rights',
      ] as const satisfies CheckId[]);
      const modes = Object.fromEntries(
        Object.keys(checks[check].points).map((point) => [
          point,
          { mode: pick(['enforce', 'warn', 'advisory', 'off'] as const satisfies Mode[]) },
        ]),
      );
      const authored = AuthoredPolicy.parse({ policy: 'base', version, checks: { [check]: modes } });
      const policy = extendPolicy(basePolicy(), authored);
      await stores.organizations.publish(organization.number, policy, 'console', now);
      if (random() < 0.7) await review();
    },
    'another build judged it': async () => {
      const db = await openDatabase(collector.address);
      try {
        const { id } = pick(devices);
        await db
          .updateTable('devices')
          .set({ statuses: 'another1:pfu', judge_at: 0 })
          .where('id', '=', id)
          .execute();
      } finally {
        await db.destroy();
      }
      if (random() < 0.5) await review();
    },
  };
  return { enroll, steps, pick, now: () => now };
}

test.each([1, 2, 3])(
  'the maintained counters say what going through every laptop says (fleet %i)',
  async (seed) => {
    const { stores } = collector;
    const given = { name: `Fleet ${seed}`, contact: '', policy: basePolicy() };
    const organization = await stores.organizations.create(given, 'console', new Date());
    const { enroll, steps, pick, now } = fleetOf(organization, seeded(seed));
    while ((await stores.devices.after(organization.number, '', 100)).length < 12 * seed) await enroll();
    let waived = 0;
    let silent = 0;
    for (let turn = 0; turn < 90; turn += 1) {
      const step = pick(Object.keys(steps));
      await steps[step]?.();
      // What was in force a moment ago, and what is from now on.
      const at = new Date(now().getTime() + 1);
      const counted = await pointsNow(stores, organization.number, points, at);
      expect(counted, `after "${step}" (${turn})`).toEqual(
        await pointsThen(stores, organization.number, points, at),
      );
      for (const point of counted.values()) {
        waived += point.waived;
        silent += point.silent;
      }
    }
    expect(silent).toBeGreaterThan(0);
    expect(waived).toBeGreaterThan(0);
    const { fleet } = await lookBack(stores, organization.number, now());
    expect(await stores.devices.stateCounts(organization.number)).toEqual(fleet.counts);
  },
);
