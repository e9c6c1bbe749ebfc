import { afterAll, beforeAll, expect } from 'vitest';
import { reviewDue } from '../../server/ingest/review-due.ts';
import type { User } from '../../server/storage/users.ts';
import type { NewWaiver } from '../../server/storage/waivers.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import type { WaiverScope } from '../../shared/waiver.ts';
import { countingOnly } from './counting-only.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from './sample-device.ts';

export let collector: SampleCollector;
export let asks: User;
export let decides: User;

/** Only the firewall counts, so that its waiver decides where a laptop stands. */
export const onlyFirewall = extendPolicy(
  basePolicy(),
  AuthoredPolicy.parse({
    policy: 'acme',
    version: 2,
    checks: countingOnly((check) => check === 'firewall'),
  }),
);

/** Opens a collector before the tests of a file, with somebody who asks for waivers and somebody who decides; closes it after them. */
export function decideWaivers(): void {
  beforeAll(async () => {
    collector = await startCollector();
    const { stores, organization } = collector;
    const at = new Date();
    asks = await stores.users.create({ email: 'asks@it.example', name: 'Asks' }, 'console', at);
    decides = await stores.users.create({ email: 'decides@it.example', name: 'Decides' }, 'console', at);
    await stores.organizations.publish(organization.number, onlyFirewall, 'console', at);
  });
  afterAll(() => collector.close());
}

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
export const reviewAll = async (at = new Date()) => {
  while ((await reviewDue(collector.stores, at)) > 0);
};
export const find = async (device: SampleDevice) => {
  const found = await collector.stores.devices.byId(collector.organization.number, device.id);
  if (found === undefined) throw new Error('no such device');
  return found;
};
export const stateOf = async (device: SampleDevice) => (await find(device)).state;

export function asked(scope: WaiverScope, change: Partial<NewWaiver> = {}): NewWaiver {
  return {
    scope,
    check: 'firewall',
    point: 'enabled',
    reason: 'The lab network filters in front of it.',
    control: 'The router lets nothing in.',
    startsAt: new Date(),
    expiresAt: inDays(30),
    ...change,
  };
}

export const ask = (waiver: NewWaiver, by = asks) =>
  collector.stores.waivers.request(collector.organization.number, waiver, `user:${by.id}`, new Date());
export const approve = (id: string, by = decides, expiresAt = inDays(30)) =>
  collector.stores.waivers.approve(
    collector.organization.number,
    id,
    { startsAt: new Date(), expiresAt, maxDays: 90, note: 'Until the move.' },
    `user:${by.id}`,
    new Date(),
  );

export async function failingDevice(): Promise<SampleDevice> {
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  await reviewAll();
  expect(await stateOf(device)).toBe('failing');
  return device;
}
