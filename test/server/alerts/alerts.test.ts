import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collectAlerts } from '../../../server/alerts/collect.ts';
import { scheduleDigests } from '../../../server/alerts/digests.ts';
import { deliverDue, type Outlets } from '../../../server/alerts/dispatch.ts';
import { openMailer } from '../../../server/alerts/mail.ts';
import { newWebhookKey } from '../../../server/alerts/webhook.ts';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';
import type { Delivery } from '../../../server/storage/deliveries.ts';
import { newId } from '../../../server/storage/ids.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import type { User } from '../../../server/storage/users.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, SampleDevice, sampleFacts } from '../sample-device.ts';
import { type HookServer, type MailServer, startHookServer, startMailServer } from './receivers.ts';

const day = 86_400_000;
const minute = 60_000;
let collector: SampleCollector;
let mails: MailServer;
let hook: HookServer;
let outlets: Outlets;
let people = 0;
/** Every test looks after an organization of its own. */
let organization: Organization;
let reader: User;

beforeAll(async () => {
  collector = await startCollector();
  mails = await startMailServer();
  hook = await startHookServer();
  outlets = {
    stores: collector.stores,
    sealer: sealerOf(readCollectorKey(collector.folder)),
    mailer: openMailer({ url: mails.url, from: 'muster@collector.example' }),
    publicUrl: 'https://muster.example',
    allowPrivateWebhooks: true,
  };
  await collect();
});
afterAll(async () => {
  outlets.mailer?.close();
  await Promise.all([mails.close(), hook.close()]);
  await collector.close();
});
beforeEach(async () => {
  const { stores } = collector;
  people += 1;
  organization = await stores.organizations.create(
    { name: `Client ${people}`, contact: '', policy: basePolicy() },
    'console',
    new Date(),
  );
  reader = await stores.users.create(
    { email: `reader${people}@it.example`, name: 'Nomvula Reader' },
    'console',
    new Date(),
  );
  await stores.users.grant(reader, organization.number, 'contractor', 'console', new Date());
  mails.mails.length = 0;
  mails.refuse = undefined;
  hook.received.length = 0;
  hook.answer = 204;
});

/** Nothing counts but what a test lets count. */
const onlyBackup = Object.fromEntries(
  Object.entries(basePolicy().checks).map(([check, points]) => [
    check,
    Object.fromEntries(Object.keys(points).map((point) => [point, { mode: 'advisory' }])),
  ]),
);
const atOnce = { quietMs: 0, longestMs: 0, restMs: 0 };
const collect = (now = new Date(), timing = atOnce) =>
  collectAlerts(collector.stores, now, undefined, timing);
async function deliver(now = () => new Date()): Promise<void> {
  while ((await deliverDue(outlets, now)) > 0);
}
const subscribe = (immediate: boolean, digest: 'none' | 'daily' | 'weekly' = 'none') =>
  collector.stores.alertSettings.subscribe(
    organization.number,
    reader.number,
    { immediate, digest },
    'console',
    new Date(),
  );
const alerts = () => collector.stores.alerts.list(organization.number, { limit: 50, offset: 0 }, 10);
const deliveries = () => collector.stores.deliveries.list(organization.number, 50, 0);
const reviewAll = async (at = new Date()) => {
  while ((await reviewDue(collector.stores, at, 100)) > 0);
};
const labelOf = async (device: SampleDevice) =>
  (await collector.stores.devices.byId(organization.number, device.id))?.label ?? '';

async function addHook(format: 'plain' | 'slack' | 'teams' = 'plain', url = hook.url) {
  const key = newWebhookKey();
  const id = await collector.stores.alertSettings.addWebhook(
    organization.number,
    { name: 'Chat', host: '127.0.0.1', format },
    (webhook) => ({
      url: outlets.sealer.seal('webhook-url', webhook, url),
      secret: outlets.sealer.seal('webhook-key', webhook, key),
    }),
    'console',
    new Date(),
  );
  return { id, key };
}

/** Enrolled behind the limit on attempts, which this many would meet. */
async function enrolledDevice(): Promise<SampleDevice> {
  const device = new SampleDevice();
  const enrolled = await collector.stores.enrollments.enroll(
    {
      code: await collector.code(organization),
      publicKey: device.publicKey,
      agent: '0.1.0',
      machine: device.machine,
      noticeVersion: '1',
    },
    new Date(),
  );
  device.id = enrolled?.device ?? '';
  return device;
}

async function brokenDevice(): Promise<SampleDevice> {
  const device = await enrolledDevice();
  await post(collector.url, device.full(sampleFacts('on')));
  await post(collector.url, device.full(sampleFacts('off')));
  return device;
}

describe('one event, one alert', () => {
  test('a point that starts to fail is told once, by e-mail and webhook, with pseudonyms and links only', async () => {
    await subscribe(true);
    const { key } = await addHook();
    const device = await brokenDevice();
    for (let again = 0; again < 3; again += 1) await collect();
    const [alert, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: 'failing', total: 1 });
    await deliver();
    await collect();
    await deliver();

    expect(mails.mails).toHaveLength(1);
    const [mail] = mails.mails;
    expect(mail?.to).toEqual([reader.email]);
    const label = await labelOf(device);
    expect(mail?.text).toContain(`${label}: Firewall, switched on`);
    expect(mail?.text).toContain(
      `https://muster.example/organizations/${organization.id}/devices/${device.id}`,
    );
    expect(mail?.raw).toContain('text/html');
    expect(mail?.raw).toContain('text/plain');
    expect(mail?.raw.replaceAll(/\r\n\s+/g, ' ')).toMatch(
      /List-Unsubscribe: <https:\/\/muster\.example\/organizations\/[^>]+\/alerts#e-mails>/,
    );
    expect(mail?.text.replace(/^To: .*$/m, '')).not.toMatch(/Nomvula|it\.example/);

    expect(hook.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = hook.received;
    const id = String(headers['webhook-id']);
    const seconds = Number(headers['webhook-timestamp']);
    const secret = Buffer.from(key.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(Math.abs(seconds - Date.now() / 1_000)).toBeLessThan(60);
    expect(JSON.parse(body)).toMatchObject({
      type: 'muster.alert',
      data: { subject: expect.stringContaining(label) },
    });
  });

  test('what breaks below the severity asked for, and what is waived, raises none', async () => {
    const { stores } = collector;
    const settings = { timeZone: 'UTC', digestHour: 7, minSeverity: 'critical' } as const;
    await stores.alertSettings.write(organization.number, settings, 'console', new Date());
    const { policy } = await stores.organizations.policy(organization.number);
    expect(policy.checks.firewall['enabled']?.severity).not.toBe('critical');
    await brokenDevice();
    await collect();
    expect(await alerts()).toEqual([]);
  });

  test.each([
    [
      'asks for more',
      {
        'disk-encryption': { 'recovery-key': { mode: 'advisory' } },
        backup: { recent: { mode: 'enforce', maxAgeDays: 1 } },
      },
    ],
    ['counts what it did not', { backup: { recent: { mode: 'enforce' } } }],
  ] as const)('a policy change that %s and makes many fail is one alert', async (_what, checks) => {
    const { stores } = collector;
    await subscribe(true);
    const backup = (ageHours: number) => ({ backup: { recent: { value: { ageHours } } } });
    const publish = (version: number, authored: object) =>
      stores.organizations.publish(
        organization.number,
        extendPolicy(
          basePolicy(),
          AuthoredPolicy.parse({
            policy: 'acme',
            version,
            checks: { ...onlyBackup, ...authored },
          }),
        ),
        'console',
        new Date(),
      );
    const counting = 'disk-encryption' in checks ? 'enforce' : 'advisory';
    await publish(2, { backup: { recent: { mode: counting, maxAgeDays: 7 } } });
    for (let count = 0; count < 12; count += 1) {
      const device = await enrolledDevice();
      await post(
        collector.url,
        device.full({ ...sampleFacts('on'), ...backup(24 * ('disk-encryption' in checks ? 3 : 30)) }),
      );
    }
    await reviewAll();
    await collect();
    expect(await alerts()).toEqual([]);
    await publish(3, checks);
    await reviewAll();
    await collect();
    expect((await alerts()).map(({ kind, total }) => [kind, total])).toEqual([['policy', 12]]);
    await deliver();
    expect(mails.mails).toHaveLength(1);
    expect(mails.mails[0]?.text).toContain('and 2 more');
  });

  test('two collectors that look and send at the same time send once', async () => {
    await subscribe(true);
    await addHook();
    await brokenDevice();
    await Promise.all([collect(), collect()]);
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(mails.mails).toHaveLength(1);
    expect(hook.received).toHaveLength(1);
    expect(await deliveries()).toHaveLength(2);
  });

  test('an alert waits until nothing more comes, and the next of its kind for a while', async () => {
    const timing = { quietMs: 2 * minute, longestMs: 15 * minute, restMs: 30 * minute };
    const start = new Date();
    await brokenDevice();
    await collect(start, timing);
    await brokenDevice();
    await collect(new Date(start.getTime() + minute), timing);
    expect((await alerts()).map(({ total, sealedAt }) => [total, sealedAt])).toEqual([[2, null]]);
    await collect(new Date(start.getTime() + 4 * minute), timing);
    expect((await alerts())[0]?.sealedAt).not.toBeNull();
    await brokenDevice();
    await collect(new Date(start.getTime() + 10 * minute), timing);
    await collect(new Date(start.getTime() + 20 * minute), timing);
    expect((await alerts())[0]).toMatchObject({ total: 1, sealedAt: null });
    await collect(new Date(start.getTime() + 35 * minute), timing);
    expect((await alerts())[0]?.sealedAt).not.toBeNull();
  });
});

describe('what is told', () => {
  test('silence, and the return; a new laptop’s first report is no return', async () => {
    const device = await enrolledDevice();
    await post(collector.url, device.full(sampleFacts('on')));
    await collect();
    expect(await alerts()).toEqual([]);
    const later = new Date(Date.now() + 8 * day);
    await reviewAll(later);
    await collect(later);
    expect((await alerts()).map(({ kind }) => kind)).toEqual(['silent']);
    collector.clock = () => later;
    await post(collector.url, device.unchanged({ takenAt: later.toISOString() }));
    await reviewAll(later);
    await collect(later);
    collector.clock = () => new Date();
    expect((await alerts()).map(({ kind }) => kind).toSorted()).toEqual(['back', 'silent']);
  });

  test('a waiver that waits, ends in two weeks, in three days, and has ended: each once', async () => {
    const { stores } = collector;
    const start = Date.now();
    const asked = {
      scope: { kind: 'organization' as const },
      check: 'firewall',
      point: 'enabled',
      reason: 'The lab network filters in front of it.',
      control: '',
      startsAt: new Date(start),
      expiresAt: new Date(start + 30 * day),
    };
    const id = await stores.waivers.request(organization.number, asked, 'console', new Date(start));
    await collect(new Date(start));
    const terms = { startsAt: new Date(start), expiresAt: asked.expiresAt, maxDays: 90, note: '' };
    await stores.waivers.approve(organization.number, id, terms, `user:${reader.id}`, new Date(start));
    const seen: string[][] = [];
    for (const days of [1, 15, 17, 26, 28, 31, 32]) {
      await collect(new Date(start + days * day));
      seen.push((await alerts()).map(({ kind }) => kind));
    }
    const counts = seen.map((kinds) => kinds.length);
    expect(counts).toEqual([1, 1, 2, 2, 3, 4, 4]);
    expect(seen.at(-1)?.toSorted()).toEqual([
      'waiver-ended',
      'waiver-ending',
      'waiver-ending',
      'waiver-waiting',
    ]);
  });

  test('a copied key', async () => {
    const device = await enrolledDevice();
    await post(collector.url, device.full(sampleFacts('on')));
    device.sequence = 0;
    device.previous = null;
    await post(collector.url, device.full(sampleFacts('off')));
    await collect();
    expect((await alerts()).map(({ kind }) => kind)).toEqual(['duplicate-key']);
  });

  test('a record whose clock ran out, by its reference and never by what it is called', async () => {
    const { stores } = collector;
    const dueAt = new Date(Date.now() - 60_000);
    await stores.records.insert(
      { id: newId(new Date()), organization: organization.number, register: 'actions' },
      {
        title: 'Talk to Nomvula',
        state: 'open',
        closed: false,
        values: {},
        dueAt,
        due: 'done by its day',
        missed: 0,
        closedAt: null,
        purgeAt: null,
        personal: undefined,
        links: [],
        event: { action: 'create', changes: {} },
      },
      { actor: 'console', person: 'console' },
      new Date(),
    );
    for (let again = 0; again < 2; again += 1) await collect();
    const [alert, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ kind: 'overdue', total: 1 });
    expect(alert?.events[0]?.line).toContain('done by its day');
    expect(JSON.stringify(alert)).not.toContain('Nomvula');
  });
});

describe('what cannot be delivered', () => {
  test('is tried again with longer and longer waits, under the same id, and fails after a day', async () => {
    await addHook();
    await brokenDevice();
    await collect();
    hook.answer = 500;
    let now = Date.now();
    const started = now;
    for (let attempts = 0; attempts < 20; attempts += 1) {
      await deliver(() => new Date(now));
      const [delivery] = await deliveries();
      if (delivery?.outcome !== null) break;
      expect(delivery?.problem).toBe('it answered 500');
      now = delivery?.nextAt.getTime() ?? 0;
    }
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ outcome: 'failed', problem: 'it answered 500' });
    expect(now - started).toBeGreaterThan(20 * 3_600_000);
    expect(now - started).toBeLessThan(28 * 3_600_000);
    expect(hook.received.length).toBe(delivery?.attempts);
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('comes through when the receiver is back; a redirect is not followed', async () => {
    await addHook();
    await brokenDevice();
    await collect();
    hook.answer = 302;
    await deliver();
    expect((await deliveries())[0]).toMatchObject({
      outcome: null,
      problem: 'it redirects (302); that is not followed',
    });
    hook.answer = 200;
    await deliver(() => new Date(Date.now() + 2 * minute));
    expect((await deliveries())[0]).toMatchObject({ outcome: 'sent', attempts: 2, problem: '' });
  });

  test('a receiver that never answers holds up nobody else for long', { timeout: 30_000 }, async () => {
    await subscribe(true);
    await addHook();
    await brokenDevice();
    await collect();
    hook.answer = 'hang';
    await deliver();
    expect(mails.mails).toHaveLength(1);
    const waiting = (await deliveries()).find(({ channel }) => channel === 'webhook');
    expect(waiting).toMatchObject({ outcome: null, problem: 'no answer in time' });
  });

  test('e-mail: put off by 4xx, given up at 5xx, tried again when nobody answers', async () => {
    await subscribe(true);
    await brokenDevice();
    await collect();
    mails.refuse = 451;
    await deliver();
    expect((await deliveries())[0]).toMatchObject({
      outcome: null,
      problem: 'the mail server asks to wait (451)',
    });
    mails.refuse = undefined;
    await deliver(() => new Date(Date.now() + 2 * minute));
    expect((await deliveries())[0]).toMatchObject({ outcome: 'sent' });
    await brokenDevice();
    await collect();
    mails.refuse = 550;
    await deliver();
    expect((await deliveries())[0]).toMatchObject({
      outcome: 'failed',
      problem: 'the mail server refuses it (550)',
    });
  });

  test('what was taken by somebody who died is sent after a while, once', async () => {
    await subscribe(true);
    await brokenDevice();
    await collect();
    const taken = await collector.stores.deliveries.claim(new Date(), 3 * minute, 10);
    expect(taken.filter(({ organization: of }) => of === organization.number)).toHaveLength(1);
    await deliver();
    expect(mails.mails).toHaveLength(0);
    await deliver(() => new Date(Date.now() + 4 * minute));
    expect(mails.mails).toHaveLength(1);
  });

  test('whoever lost access or the webhook is told nothing any more', async () => {
    const { stores } = collector;
    await subscribe(true);
    const { id } = await addHook();
    await brokenDevice();
    await collect();
    await stores.users.setDisabled(reader, true, 'console', new Date());
    await stores.alertSettings.removeWebhook(organization.number, id, 'console', new Date());
    await deliver();
    expect(mails.mails).toEqual([]);
    expect(hook.received).toEqual([]);
    expect((await deliveries()).map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped']);
  });
});

describe('a digest', () => {
  const at = (moment: string) => new Date(moment);
  const digestOf = async () => (await deliveries()).filter(({ content }: Delivery) => content === 'digest');
  const settings = (timeZone: string) =>
    collector.stores.alertSettings.write(
      organization.number,
      { timeZone, digestHour: 7, minSeverity: 'low' },
      'console',
      new Date(),
    );

  test('goes out at the organization’s hour by its own clocks, once a day', async () => {
    await settings('Africa/Johannesburg');
    await subscribe(false, 'daily');
    await scheduleDigests(collector.stores, at('2027-01-12T04:59:00Z'));
    expect(await digestOf()).toEqual([]);
    for (let again = 0; again < 3; again += 1) {
      await scheduleDigests(collector.stores, at('2027-01-12T05:00:00Z'));
    }
    expect(await digestOf()).toHaveLength(1);
    expect((await digestOf())[0]).toMatchObject({ outcome: 'dropped' });
  });

  test('comes weekly on Mondays, also when nothing happened, and says where the laptops stand', async () => {
    await settings('America/New_York');
    await subscribe(false, 'weekly');
    const device = await brokenDevice();
    await collect();
    await scheduleDigests(collector.stores, at('2026-11-24T13:00:00Z'));
    expect(await digestOf()).toEqual([]);
    const monday = at('2026-11-23T12:30:00Z');
    await scheduleDigests(collector.stores, monday);
    await deliver(() => monday);
    const [mail] = mails.mails;
    expect(mail?.to).toEqual([reader.email]);
    expect(mail?.text).toContain('weekly digest');
    expect(mail?.text).toContain('1 failing');
    expect(mail?.text).toContain(await labelOf(device));
    expect(mail?.text.replace(/^To: .*$/m, '')).not.toMatch(/Nomvula|it\.example/);
  });
});

test.each(['slack', 'teams'] as const)('a %s webhook gets what that chat understands', async (format) => {
  await addHook(format);
  const device = await brokenDevice();
  await collect();
  await deliver();
  const body = JSON.parse(hook.received[0]?.body ?? '{}') as {
    text?: string;
    type?: string;
    attachments?: { contentType: string; content: { body: { text: string }[] } }[];
  };
  const label = await labelOf(device);
  if (format === 'slack') expect(body.text).toContain(label);
  else {
    expect(body.attachments?.[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(JSON.stringify(body.attachments?.[0]?.content.body)).toContain(label);
  }
});

test('a test is sent to one webhook, also when it is paused', async () => {
  const { stores } = collector;
  const { id } = await addHook();
  await stores.alertSettings.pauseWebhook(organization.number, id, true, 'console', new Date());
  const test = {
    id: newId(new Date()),
    organization: organization.number,
    channel: 'webhook',
    target: id,
  } as const;
  await stores.deliveries.add({ ...test, content: 'test', coversFrom: null }, new Date());
  await deliver();
  expect(hook.received).toHaveLength(1);
});

test('what was told long ago is forgotten, with its deliveries', async () => {
  await subscribe(true);
  await brokenDevice();
  await collect();
  await deliver();
  await collector.stores.alerts.purge(new Date(Date.now() - day));
  expect([(await alerts()).length, (await deliveries()).length]).toEqual([1, 1]);
  await collector.stores.alerts.purge(new Date(Date.now() + day));
  expect([(await alerts()).length, (await deliveries()).length]).toEqual([0, 0]);
});
