import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeNow } from '../../../server/desk/judge-now.ts';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let asks: Awaited<ReturnType<typeof signedIn>>;
let agrees: Awaited<ReturnType<typeof signedIn>>;
let laptop: SampleDevice;
let label: string;

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const checks = { 'device-approval': { approved: { maxMonths: 12, requires: ['firewall/enabled'] } } };
  const policy = extendPolicy(basePolicy(), AuthoredPolicy.parse({ policy: 'acme', version: 2, checks }));
  await stores.organizations.publish(organization.number, policy, 'console', new Date());
  asks = await signedIn(collector, 'asks', ['dpo'], { in: organization });
  agrees = await signedIn(collector, 'agrees', ['dpo'], { in: organization });
  laptop = await collector.device();
  await post(collector.url, laptop.full(sampleFacts('on')));
  label = (await stores.devices.byId(organization.number, laptop.id))?.label ?? '';
});
afterAll(() => collector.close());

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
}

async function call(who: typeof asks, method: string, rest: string, body: object): Promise<Shown> {
  const { id } = collector.organization;
  const response = await fetch(
    `${collector.url}/api/v1/organizations/${id}/registers/mobile-approvals${rest}`,
    {
      method,
      headers: { cookie: who.cookie, 'x-csrf-token': who.csrf, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  );
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return JSON.parse(text) as Shown;
}

const ask = (change: object = {}) =>
  call(asks, 'POST', '', {
    device: label,
    content: 'some',
    data: ['Addresses of clients'],
    conditions: ['no-copies'],
    until: '2099-12-31',
    ...change,
  });
const step = (who: typeof asks, { id, version }: Shown, name: string, change: object = {}) =>
  call(who, 'POST', `/${id}/steps/${name}`, { version, ...change });
const approve = (made: Shown) =>
  step(agrees, made, 'approve', { values: { decision: 'Needed on the road.' } });

/** As the lists show it, after what is due was judged; and as the laptop's page shows it. */
async function approved(): Promise<{
  listed: string;
  shown: string | undefined;
  observed: string | undefined;
}> {
  const { stores, organization } = collector;
  while ((await reviewDue(stores, new Date())) > 0);
  const device = await stores.devices.byId(organization.number, laptop.id);
  if (device === undefined) throw new Error('the laptop is gone');
  const point = (await judgeNow(stores, device, new Date())).findings.find(
    ({ check }) => check === 'device-approval',
  )?.points[0];
  const listed = device.failing.includes('device-approval')
    ? 'fail'
    : device.unknown.includes('device-approval')
      ? 'unknown'
      : 'pass';
  return { listed, shown: point?.status, observed: point?.observed };
}

test('an approval counts from the second person’s yes until it is ended, for its own laptop only', async () => {
  expect(await approved()).toMatchObject({
    listed: 'fail',
    shown: 'fail',
    observed: expect.stringMatching(/neither/),
  });
  const made = await ask({ device: label.toLowerCase() });
  expect(await approved()).toMatchObject({ listed: 'fail', shown: 'fail' });
  const given = await approve(made);
  expect(await approved()).toMatchObject({
    listed: 'pass',
    shown: 'pass',
    observed: expect.stringMatching(/the approval holds until/),
  });

  const other = await collector.device();
  await post(collector.url, other.full(sampleFacts('on')));
  const { stores, organization } = collector;
  expect((await stores.devices.byId(organization.number, other.id))?.failing).toContain('device-approval');

  await step(asks, given, 'end');
  expect(await approved()).toMatchObject({
    listed: 'fail',
    shown: 'fail',
    observed: expect.stringMatching(/was withdrawn/),
  });
});

test('a report that breaks its condition ends what the approval is good for, and one that mends it brings it back', async () => {
  await approve(await ask());
  expect(await approved()).toMatchObject({ listed: 'pass' });
  await post(collector.url, laptop.full(sampleFacts('off')));
  const { stores, organization } = collector;
  const listed = async () => (await stores.devices.byId(organization.number, laptop.id))?.failing;
  // Judged as the report came, not later.
  expect(await listed()).toContain('device-approval');
  expect(await approved()).toMatchObject({
    shown: 'fail',
    observed: expect.stringMatching(/1 condition of the approval not met/),
  });
  await post(collector.url, laptop.full(sampleFacts('on')));
  expect(await listed()).not.toContain('device-approval');
});

test('a record that is put on another laptop’s name counts for that one from then on', async () => {
  const second = await collector.device();
  await post(collector.url, second.full(sampleFacts('on')));
  const { stores, organization } = collector;
  const device = await stores.devices.byId(organization.number, second.id);
  const made = await ask({ device: device?.label, content: 'none', data: undefined });
  const renamed = await call(asks, 'PUT', `/${made.id}`, {
    version: made.version,
    values: { ...made.values, device: label },
  });
  await approve(renamed);
  const approvals = async (id: string) => (await stores.devices.byId(organization.number, id))?.approval;
  expect(await approvals(second.id)).toBeNull();
  expect(await approvals(laptop.id)).toMatchObject({ basis: 'no-personal-data', until: '2099-12-31' });
});
