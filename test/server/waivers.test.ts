import { describe, expect, test } from 'vitest';
import { verifiedPolicy, waiversFor } from '../../agent/sync/kept-policy.ts';
import { newId } from '../../server/storage/ids.ts';
import { post, type SampleDevice, sampleFacts } from './sample-device.ts';
import {
  approve,
  ask,
  asked,
  asks,
  collector,
  decides,
  decideWaivers,
  failingDevice,
  find,
  inDays,
  reviewAll,
  stateOf,
} from './waived-fleet.ts';

decideWaivers();

const day = 86_400_000;

test('an approved waiver takes its device out of the failing, its status stays, and it fails again by itself', async () => {
  const { stores, organization } = collector;
  const device = await failingDevice();
  const id = await ask(asked({ kind: 'device', device: device.id }));
  await reviewAll();
  expect(await stateOf(device)).toBe('failing');
  expect(await approve(id, decides, inDays(3))).toBe('done');
  await reviewAll();
  expect(await stateOf(device)).toBe('compliant');
  const { number, failing } = await find(device);
  expect(failing).toEqual([]);
  const findings = await stores.findings.ofDevice(organization.number, number);
  expect(findings.get('firewall/enabled')?.status).toBe('fail');
  expect(findings.get('firewall')?.status).toBe('fail');
  expect((await stores.devices.stateCounts(organization.number)).failing).toBe(0);

  // A report that says the same changes nothing; only the end of the waiver does.
  await post(collector.url, device.full(sampleFacts('off')));
  expect(await stateOf(device)).toBe('compliant');
  await reviewAll(inDays(2.9));
  expect(await stateOf(device)).toBe('compliant');
  await reviewAll(inDays(3.01));
  expect(await stateOf(device)).toBe('failing');
});

describe('a decision', () => {
  test('is for somebody else than whoever asked, once, and within what the policy allows', async () => {
    const device = await failingDevice();
    const id = await ask(asked({ kind: 'device', device: device.id }));
    expect(await approve(id, asks)).toBe('own-request');
    expect(await approve(id, decides, inDays(91))).toBe('bad-dates');
    expect(await approve(id, decides, inDays(-1))).toBe('bad-dates');
    expect(await Promise.all([approve(id), approve(id)])).toEqual(
      expect.arrayContaining(['done', 'decided-already']),
    );
    const { stores, organization } = collector;
    const refused = await stores.waivers.refuse(
      organization.number,
      id,
      '',
      `user:${decides.id}`,
      new Date(),
    );
    expect(refused).toBe('decided-already');
    expect(
      await stores.waivers.approve(
        organization.number + 1,
        id,
        { startsAt: new Date(), expiresAt: inDays(1), maxDays: 90, note: '' },
        'console',
        new Date(),
      ),
    ).toBe('not-found');
  });

  test('refuses, and what was refused excuses nothing', async () => {
    const { stores, organization } = collector;
    const device = await failingDevice();
    const id = await ask(asked({ kind: 'device', device: device.id }));
    await stores.waivers.refuse(organization.number, id, 'Turn it on.', `user:${decides.id}`, new Date());
    await reviewAll();
    expect(await stateOf(device)).toBe('failing');
    const history = await stores.waivers.history(organization.number, id);
    expect(history.map(({ action, note }) => [action, note])).toEqual([
      ['request', ''],
      ['refuse', 'Turn it on.'],
    ]);
  });

  test('can be shortened but not prolonged, and withdrawn at once', async () => {
    const { stores, organization } = collector;
    const device = await failingDevice();
    const id = await ask(asked({ kind: 'device', device: device.id }));
    await approve(id);
    const shorten = (expiresAt: Date) =>
      stores.waivers.shorten(
        organization.number,
        id,
        { expiresAt, note: '' },
        `user:${decides.id}`,
        new Date(),
      );
    expect(await shorten(inDays(40))).toBe('bad-dates');
    expect(await shorten(inDays(-1))).toBe('bad-dates');
    expect(await shorten(inDays(2))).toBe('done');
    await reviewAll();
    expect(await stateOf(device)).toBe('compliant');
    expect((await stores.waivers.byId(organization.number, id))?.expiresAt?.getTime()).toBeLessThan(
      inDays(2.1).getTime(),
    );
    await stores.waivers.withdraw(organization.number, id, 'Moved.', `user:${asks.id}`, new Date());
    await reviewAll();
    expect(await stateOf(device)).toBe('failing');
    expect((await stores.waivers.history(organization.number, id)).map(({ action }) => action)).toEqual([
      'request',
      'approve',
      'shorten',
      'withdraw',
    ]);
    const before = (await stores.waivers.history(organization.number, id))[2]?.at ?? new Date();
    expect((await stores.waivers.asOf(organization.number, before)).map((one) => one.id)).toContain(id);
    expect((await stores.waivers.asOf(organization.number, inDays(1))).map((one) => one.id)).not.toContain(
      id,
    );
    expect(await stores.audit.firstBroken()).toBeUndefined();
  });
});

test('a group is everything of a kind, now and later', async () => {
  const { stores, organization } = collector;
  const device = await failingDevice();
  const personal = await ask(asked({ kind: 'owner', owner: 'personal' }));
  await approve(personal);
  await reviewAll();
  expect(await stateOf(device)).toBe('failing');
  await stores.devices.declare(organization.number, device.id, 'personal', 'console', new Date());
  await reviewAll();
  expect(await stateOf(device)).toBe('compliant');
  await stores.waivers.withdraw(organization.number, personal, '', 'console', new Date());
  await reviewAll();
  expect(await stateOf(device)).toBe('failing');
  const linux = await ask(asked({ kind: 'platform', platform: 'linux' }, { point: null }));
  await approve(linux);
  const later = await collector.device();
  await post(collector.url, later.full(sampleFacts('off')));
  expect(await stateOf(later)).toBe('compliant');
  await stores.waivers.withdraw(organization.number, linux, '', 'console', new Date());
  await reviewAll();
  expect(await stateOf(later)).toBe('failing');
});

test('what was judged by waivers that have changed in the meantime is judged again at once', async () => {
  const { stores, organization } = collector;
  const device = await failingDevice();
  const id = await ask(asked({ kind: 'device', device: device.id }));
  const before = await stores.waivers.granted(organization.number);
  await approve(id);
  await reviewAll();
  const { number, factsSequence } = await find(device);
  const late = {
    device: number,
    organization: organization.number,
    version: 2,
    waivers: before.revision,
    at: new Date(),
    stateAt: new Date(),
    sequence: null,
    factsSequence,
    state: 'failing' as const,
    failing: ['firewall'],
    unknown: [],
    outcomes: [],
    statuses: '',
    judgeAt: inDays(1),
  };
  await stores.findings.write([late]);
  expect(await stateOf(device)).toBe('failing');
  await reviewAll();
  expect(await stateOf(device)).toBe('compliant');
});

test('a point that breaks while it is waived, or is waived after it broke, is no news while that lasts', async () => {
  const { stores, organization } = collector;
  const since = new Date(Date.now() - day);
  const count = async (at = new Date()) =>
    (await stores.findings.broken(organization.number, since, at, 1)).total;
  const before = await count();
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('on')));
  const id = await ask(asked({ kind: 'device', device: device.id }));
  await approve(id, decides, inDays(3));
  await reviewAll();
  await post(collector.url, device.full(sampleFacts('off')));
  expect(await count()).toBe(before);

  const other = await collector.device();
  await post(collector.url, other.full(sampleFacts('on')));
  await post(collector.url, other.full(sampleFacts('off')));
  expect(await count()).toBe(before + 1);
  for (const scope of [
    { kind: 'device', device: other.id },
    { kind: 'platform', platform: 'linux' },
    { kind: 'organization' },
  ] as const) {
    for (const point of [null, 'enabled']) {
      const waiver = await ask(asked(scope, { point }));
      await approve(waiver, decides, inDays(3));
      expect(await count()).toBeLessThanOrEqual(before);
      expect(await count(inDays(4))).toBe(before + 1);
      await stores.waivers.withdraw(organization.number, waiver, '', 'console', new Date());
    }
  }
  await approve(await ask(asked({ kind: 'platform', platform: 'win32' })));
  await approve(await ask(asked({ kind: 'device', device: other.id }, { point: 'inbound-default' })));
  expect(await count()).toBe(before + 1);
});

test('a device learns of its own waivers with the signed policy, and of nobody else’s', async () => {
  const { stores, organization, url, folder } = collector;
  const mine = await failingDevice();
  const other = await failingDevice();
  const pull = async (device: SampleDevice, etag?: string) => {
    const path = '/api/v1/policy';
    const response = await fetch(url + path, {
      headers: {
        authorization: device.authorize('GET', path),
        ...(etag !== undefined && { 'if-none-match': etag }),
      },
    });
    return { status: response.status, etag: response.headers.get('etag') ?? '', body: await response.text() };
  };
  const plain = await pull(mine);
  expect((await pull(mine, plain.etag)).status).toBe(304);
  const id = await ask(asked({ kind: 'device', device: mine.id }));
  await approve(id);
  const answer = await pull(mine, plain.etag);
  expect(answer.status).toBe(200);
  expect((await pull(mine, answer.etag)).status).toBe(304);
  const { readCollectorKey } = await import('../../server/signing/collector-key.ts');
  const { rawPublicKey } = await import('../../server/signing/keys.ts');
  const { createPublicKey } = await import('node:crypto');
  const key = rawPublicKey(createPublicKey(readCollectorKey(folder).privateKey)).toString('base64url');
  const verified = verifiedPolicy(answer.body, key);
  if (verified === undefined) throw new Error('not signed by the collector');
  expect(waiversFor(mine.id, verified)).toMatchObject([{ id, check: 'firewall', point: 'enabled' }]);
  expect(waiversFor(other.id, verified)).toEqual([]);
  expect(JSON.stringify(verified.document)).not.toContain(decides.id);
  expect((await pull(other)).body).not.toContain('"device"');
  const others = verifiedPolicy((await pull(other)).body, key);
  expect(others?.document.device).toBeUndefined();
  await stores.waivers.withdraw(organization.number, id, '', 'console', new Date());
  expect((await pull(mine)).etag).toBe(plain.etag);
});

test('a laptop may have twenty requests waiting, and no more', async () => {
  const { stores, organization } = collector;
  const device = await collector.device();
  const { number } = await find(device);
  const from = { organization: organization.number, device: number, deviceId: device.id };
  const request = () => ({
    id: newId(new Date()),
    check: 'firewall',
    point: null,
    reason: 'It breaks the printer.',
  });
  for (let count = 0; count < 20; count += 1) {
    expect(await stores.waivers.requestFromDevice(from, request(), new Date())).toBe(true);
  }
  expect(await stores.waivers.requestFromDevice(from, request(), new Date())).toBe(false);
  expect(await stores.waivers.waitingFor(organization.number, number)).toHaveLength(20);
});
