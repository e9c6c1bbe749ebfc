import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../shared/api.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const send = (jws: string) => post(collector.url, jws);
const refusal = async (jws: string) => {
  const response = await send(jws);
  return response.ok ? response.status : ((await response.json()) as Problem).type.split(':').at(-1);
};
const rowOf = async (device: SampleDevice) => {
  const row = await collector.stores.devices.byId(collector.organization.number, device.id);
  if (row === undefined) throw new Error('no such device');
  return row;
};

describe('the chain', () => {
  test('begins with a report that follows nothing', async () => {
    const device = await collector.device();
    device.previous = 'ab'.repeat(32);
    expect(await refusal(device.full(sampleFacts()))).toBe('chain-broken');
    expect((await rowOf(device)).sequence).toBe(0);
  });

  test('goes on only with what names the digest of the last one', async () => {
    const device = await collector.device();
    expect(await refusal(device.full(sampleFacts()))).toBe(201);
    device.previous = null;
    expect(await refusal(device.unchanged())).toBe('chain-broken');
    expect((await rowOf(device)).sequence).toBe(1);
  });

  test('refers to the newest facts, never to others', async () => {
    const device = await collector.device();
    expect(await refusal(device.full(sampleFacts('on')))).toBe(201);
    const { factsDigest: first, sequence, previous } = device;
    expect(await refusal(device.unchanged({ unchanged: 'cd'.repeat(32) }))).toBe('digest-unknown');
    Object.assign(device, { sequence, previous });
    expect(await refusal(device.full(sampleFacts('off')))).toBe(201);
    expect(await refusal(device.unchanged({ unchanged: first }))).toBe('digest-unknown');
  });
});

test('a device that keeps straying is marked once, and fills the disk with two hundred reports at most', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  await send(device.full(sampleFacts()));
  const { id, privateKey } = device;
  for (let index = 0; index < 202; index += 1) {
    const copy = Object.assign(new SampleDevice(), { id, privateKey });
    expect(await refusal(copy.full(sampleFacts('off'), { agent: `0.1.${index}` }))).toBe('chain-broken');
  }
  const { number } = await rowOf(device);
  expect(await stores.reports.strayCount(number)).toBe(200);
  const entries = await stores.audit.list(organization.number, undefined, 1_000);
  const marked = entries.filter(({ action, subject }) => action === 'device.diverged' && subject === id);
  expect(marked).toHaveLength(1);
});

test('a report of a time of which nothing is kept any more marks nobody, whoever has it and sends it again', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  const first = device.full(sampleFacts('on'));
  const taken = { id: device.id, privateKey: device.privateKey };
  for (const jws of [first, device.full(sampleFacts('off')), device.full(sampleFacts('on'))]) await send(jws);
  await stores.retention.purgeReports(organization.number, new Date(Date.now() + 1_000));
  expect(await refusal(first)).toBe('chain-broken');
  expect((await rowOf(device)).divergedAt).toBeNull();
  // A machine that was copied in those days says something new there.
  expect(await refusal(Object.assign(new SampleDevice(), taken).full(sampleFacts('off')))).toBe(
    'chain-broken',
  );
  expect((await rowOf(device)).divergedAt).not.toBeNull();
});

describe('the time a report names', () => {
  const since = async (takenAt: Date) => {
    const device = await collector.device();
    const sent = Date.now();
    expect(await refusal(device.full(sampleFacts('off'), { takenAt: takenAt.toISOString() }))).toBe(201);
    const findings = await collector.stores.findings.ofDevice(
      collector.organization.number,
      (await rowOf(device)).number,
    );
    const found = findings.get('firewall/enabled')?.since.getTime() ?? 0;
    return found < sent - 1_000 ? found : 'when it came';
  };
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

  test('is when its findings began, as far back as agents keep what they could not send', async () => {
    const at = daysAgo(31);
    expect(await since(at)).toBe(at.getTime());
  });

  test('is not believed where it is older than that, or has not come yet', async () => {
    expect(await since(daysAgo(33))).toBe('when it came');
    const device = await collector.device();
    const ahead = new Date(Date.now() + 200_000);
    await send(device.full(sampleFacts('off'), { takenAt: ahead.toISOString() }));
    const findings = await collector.stores.findings.ofDevice(
      collector.organization.number,
      (await rowOf(device)).number,
    );
    expect(findings.size).toBeGreaterThan(0);
    for (const found of findings.values())
      expect(found.since.getTime()).toBeLessThan(ahead.getTime() - 1_000);
  });

  test('is not believed where the report before it was taken later: what was then stays as it was', async () => {
    const { stores, organization } = collector;
    const device = await collector.device();
    const at = (days: number) => ({ takenAt: daysAgo(days).toISOString() });
    const sentAt = Date.now() - 1_000;
    await send(device.full(sampleFacts('on'), at(20)));
    await send(device.full(sampleFacts('off'), at(15)));
    // Nor does it help to lead up to it.
    expect(await refusal(device.unchanged(at(19)))).toBe(201);
    expect(await refusal(device.full(sampleFacts('on'), at(19)))).toBe(201);
    const { number } = await rowOf(device);
    const timeline = await stores.findings.timeline(organization.number, number, 10);
    const firewall = timeline.filter(({ subject }) => subject === 'firewall/enabled');
    expect(firewall.map(({ after, at: moment }) => [after, moment.getTime() > sentAt])).toEqual([
      ['pass', true],
      ['fail', false],
    ]);
  });
});
