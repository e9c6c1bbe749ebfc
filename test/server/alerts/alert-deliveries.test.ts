import { describe, expect, test } from 'vitest';
import { scheduleDigests } from '../../../server/alerts/digests.ts';
import type { Delivery } from '../../../server/storage/deliveries.ts';
import { newId } from '../../../server/storage/ids.ts';

import {
  addHook,
  alerts,
  brokenDevice,
  collect,
  collector,
  deliver,
  deliveries,
  hook,
  labelOf,
  mails,
  organization,
  reader,
  subscribe,
  tellAnOrganization,
} from './told-organization.ts';

const day = 86_400_000;
const minute = 60_000;

tellAnOrganization();

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
