import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const day = 86_400_000;
const stateOf = async (device: SampleDevice) =>
  (await collector.stores.devices.byId(collector.organization.number, device.id))?.state;
const reviewAll = async (at: Date) => {
  while ((await reviewDue(collector.stores, at)) > 0);
};

test('a device falls silent when its time is over, and comes back when it reports', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  expect(await stateOf(device)).toBe('silent');
  await post(collector.url, device.full(sampleFacts('off')));
  expect(await stateOf(device)).toBe('failing');
  const later = new Date(Date.now() + 8 * day);
  await reviewAll(new Date(Date.now() + 6 * day));
  expect(await stateOf(device)).toBe('failing');
  await reviewAll(later);
  expect(await stateOf(device)).toBe('silent');
  expect((await stores.devices.stateCounts(organization.number)).silent).toBe(1);

  collector.clock = () => later;
  expect((await post(collector.url, device.unchanged({ takenAt: later.toISOString() }))).status).toBe(201);
  await reviewAll(later);
  collector.clock = () => new Date();
  expect(await stateOf(device)).toBe('failing');
  expect(await stores.devices.stateCounts(organization.number)).toMatchObject({ silent: 0, failing: 1 });
});

test('a new policy judges every device again, from the facts that are there', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  const lenient = extendPolicy(
    basePolicy(),
    AuthoredPolicy.parse({
      policy: 'acme',
      version: 2,
      checks: { firewall: { enabled: { mode: 'off' }, 'inbound-default': { mode: 'off' } } },
    }),
  );
  await stores.organizations.publish(organization.number, lenient, 'console', new Date());
  await reviewAll(new Date());
  const row = await stores.devices.byId(organization.number, device.id);
  expect(row?.failing).not.toContain('firewall');
  expect(row?.sequence).toBe(1);
});

test('what the contractor declares counts soon after', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('on')));
  const failing = async () => (await stores.devices.byId(organization.number, device.id))?.failing;
  expect(await failing()).not.toContain('device-ownership');
  expect(
    await stores.devices.declare(organization.number, device.id, 'personal', 'console', new Date()),
  ).toBe(true);
  await reviewAll(new Date());
  expect(await failing()).toContain('device-ownership');
});
