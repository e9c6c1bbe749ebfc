import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifiedPolicy, waiversFor } from '../../agent/sync/kept-policy.ts';
import { judgeNow } from '../../server/desk/judge-now.ts';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { newId } from '../../server/storage/ids.ts';
import type { User } from '../../server/storage/users.ts';
import type { NewWaiver } from '../../server/storage/waivers.ts';
import type { Facts } from '../../shared/facts.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import type { WaiverScope } from '../../shared/waiver.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
let asks: User;
let decides: User;

/** Only the firewall counts, so that its waiver decides where a laptop stands. */
const onlyFirewall = extendPolicy(
  basePolicy(),
  AuthoredPolicy.parse({
    policy: 'acme',
    version: 2,
    checks: Object.fromEntries(
      Object.entries(basePolicy().checks).map(([check, points]) => [
        check,
        Object.fromEntries(
          Object.keys(points).map((point) => [
            point,
            { mode: check === 'firewall' ? 'enforce' : 'advisory' },
          ]),
        ),
      ]),
    ),
  }),
);

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  asks = await stores.users.create({ email: 'asks@it.example', name: 'Asks' }, 'console', at);
  decides = await stores.users.create({ email: 'decides@it.example', name: 'Decides' }, 'console', at);
  await stores.organizations.publish(organization.number, onlyFirewall, 'console', at);
});
afterAll(() => collector.close());

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);
const reviewAll = async (at = new Date()) => {
  while ((await reviewDue(collector.stores, at)) > 0);
};
const find = async (device: SampleDevice) => {
  const found = await collector.stores.devices.byId(collector.organization.number, device.id);
  if (found === undefined) throw new Error('no such device');
  return found;
};
const stateOf = async (device: SampleDevice) => (await find(device)).state;

function asked(scope: WaiverScope, change: Partial<NewWaiver> = {}): NewWaiver {
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

const ask = (waiver: NewWaiver, by = asks) =>
  collector.stores.waivers.request(collector.organization.number, waiver, `user:${by.id}`, new Date());
const approve = (id: string, by = decides, expiresAt = inDays(30)) =>
  collector.stores.waivers.approve(
    collector.organization.number,
    id,
    { startsAt: new Date(), expiresAt, maxDays: 90, note: 'Until the move.' },
    `user:${by.id}`,
    new Date(),
  );

async function failingDevice(): Promise<SampleDevice> {
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  await reviewAll();
  expect(await stateOf(device)).toBe('failing');
  return device;
}

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
  afterAll(async () => {
    await collector.stores.organizations.publish(
      collector.organization.number,
      { ...onlyFirewall, version: 4 },
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
