import { beforeAll, describe, expect, test } from 'vitest';
import { judgeNow } from '../../server/desk/judge-now.ts';
import { newId } from '../../server/storage/ids.ts';
import type { Facts } from '../../shared/facts.ts';
import { AuthoredPolicy, extendPolicy } from '../../shared/policy.ts';
import { post, type SampleDevice, sampleFacts } from './sample-device.ts';
import {
  approve,
  ask,
  asked,
  asks,
  collector,
  decides,
  decideWaivers,
  find,
  inDays,
  onlyFirewall,
  reviewAll,
  stateOf,
} from './waived-fleet.ts';

decideWaivers();

describe('a waiver of one stick', () => {
  const stick = 'm3fa2b1c8d4e5';
  const media = (unapproved: number, approved: readonly string[] = []): Facts => ({
    ...sampleFacts('on'),
    'removable-media': {
      unencrypted: { value: { now: 0, days: 0 } },
      approved: { value: { unapproved, unknown: 0, approved: [...approved], days: 0 } },
    },
  });
  const approval = (device: SampleDevice) =>
    asked(
      { kind: 'device', device: device.id },
      { check: 'removable-media', point: 'approved', medium: stick },
    );
  const pointOf = async (device: SampleDevice) => {
    const { number } = await find(device);
    const { findings } = await judgeNow(collector.stores, await find(device), new Date());
    const kept = await collector.stores.findings.ofDevice(collector.organization.number, number);
    const point = findings.flatMap(({ points }) => points).find((each) => each.point === 'approved');
    expect(kept.get('removable-media/approved')?.status).toBe(point?.status);
    return { status: point?.status, observed: point?.observed, waiver: point?.waiver };
  };

  beforeAll(async () => {
    const { stores, organization } = collector;
    const asksForApproval = AuthoredPolicy.parse({
      policy: 'acme',
      version: 3,
      checks: { 'removable-media': { approved: {} } },
    });
    await stores.organizations.publish(
      organization.number,
      extendPolicy(onlyFirewall, asksForApproval),
      'console',
      new Date(),
    );
  });
  test('passes while it runs, with its number and its end in words, and fails again by itself', async () => {
    const device = await collector.device();
    await post(collector.url, device.full(media(1)));
    expect(await stateOf(device)).toBe('failing');
    const id = await ask(approval(device));
    expect(await approve(id, decides, inDays(3))).toBe('done');
    await reviewAll();
    // What was reported before the approval says nothing of it: no unapproved stick is excused.
    expect(await stateOf(device)).toBe('failing');
    expect((await pointOf(device)).waiver).toBeUndefined();
    await post(collector.url, device.full(media(0, [stick])));
    expect(await stateOf(device)).toBe('compliant');
    const until = new Date(inDays(3).getTime() - 1).toISOString().slice(0, 10);
    expect(await pointOf(device)).toMatchObject({
      status: 'pass',
      observed: `1 approved medium mounted now: ${stick} approved until ${until} by waiver`,
    });
    await post(collector.url, device.full(media(1, [stick])));
    expect(await stateOf(device), 'another stick beside it').toBe('failing');
    await post(collector.url, device.full(media(0, [stick])));
    await reviewAll(inDays(2.9));
    expect(await stateOf(device)).toBe('compliant');
    await reviewAll(inDays(3.01));
    expect(await stateOf(device)).toBe('failing');
  });

  test('counts no more from the moment it is withdrawn, and never on another laptop', async () => {
    const [device, other] = [await collector.device(), await collector.device()];
    for (const each of [device, other]) await post(collector.url, each.full(media(0, [stick])));
    const id = await ask(approval(device));
    await approve(id);
    await reviewAll();
    expect([await stateOf(device), await stateOf(other)]).toEqual(['compliant', 'failing']);
    const { stores, organization } = collector;
    await stores.waivers.withdraw(organization.number, id, 'Lost.', `user:${asks.id}`, new Date());
    await reviewAll();
    expect(await stateOf(device)).toBe('failing');
  });

  test('travels to its laptop with the signed policy, and is asked for from there', async () => {
    const device = await collector.device();
    const path = '/api/v1/waiver-requests';
    const send = async (change: object) => {
      const id = newId(new Date());
      const wish = {
        id,
        check: 'removable-media',
        point: 'approved',
        reason: 'Photos for the brochure.',
        ...change,
      };
      const body = JSON.stringify(wish);
      const authorization = device.authorize('POST', path, body);
      const headers = { 'content-type': 'application/json', authorization };
      const { status } = await fetch(`${collector.url}${path}`, { method: 'POST', headers, body });
      return { id, status };
    };
    expect((await send({ medium: stick, point: 'unencrypted' })).status).toBe(400);
    expect((await send({ medium: 'KINGSTON-CANARY' })).status).toBe(400);
    const { id, status } = await send({ medium: stick });
    expect(status).toBe(201);
    const { stores, organization } = collector;
    expect(await stores.waivers.byId(organization.number, id)).toMatchObject({
      check: 'removable-media',
      point: 'approved',
      medium: stick,
      scope: { kind: 'device', device: device.id },
    });
    expect(await approve(id)).toBe('done');
    const granted = await stores.waivers.granted(organization.number);
    expect(granted.of({ id: device.id, platform: 'linux', owner: 'company' })).toMatchObject([
      { id, medium: stick },
    ]);
  });

  test('an agent that does not know the point leaves it unknown, never failing', async () => {
    const device = await collector.device();
    await post(collector.url, device.full(sampleFacts('on')));
    expect(await stateOf(device)).toBe('unknown');
    expect((await pointOf(device)).status).toBe('unknown');
  });
});
