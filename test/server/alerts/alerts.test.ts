import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { collectAlerts } from '../../../server/alerts/collect.ts';
import { failing } from '../../../server/alerts/sources/failing.ts';
import { newId } from '../../../server/storage/ids.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import { countingOnly } from '../counting-only.ts';
import { post, sampleFacts } from '../sample-device.ts';
import {
  addHook,
  alerts,
  brokenDevice,
  collect,
  collector,
  deliver,
  deliveries,
  enrolledDevice,
  hook,
  labelOf,
  mails,
  organization,
  reader,
  reviewAll,
  subscribe,
  tellAnOrganization,
} from './told-organization.ts';

const day = 86_400_000;
const minute = 60_000;

tellAnOrganization();

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

  test('what was there before alerts are used for the first time is no news, the first time and later', async () => {
    await brokenDevice();
    const anew = [{ ...failing, id: 'failing-anew' }];
    const timing = { quietMs: 0, longestMs: 0, restMs: 0 };
    for (let again = 0; again < 3; again += 1)
      await collectAlerts(collector.stores, new Date(), anew, timing);
    expect(await alerts()).toEqual([]);

    const label = await labelOf(await brokenDevice());
    for (let again = 0; again < 3; again += 1)
      await collectAlerts(collector.stores, new Date(), anew, timing);
    const [alert, ...more] = await alerts();
    expect(more).toEqual([]);
    expect(alert?.events.map(({ line }) => line)).toEqual([expect.stringContaining(label)]);
    await collect();
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
            checks: { ...countingOnly(() => false), ...authored },
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
