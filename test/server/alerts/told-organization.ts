import { afterAll, beforeAll, beforeEach } from 'vitest';
import { collectAlerts } from '../../../server/alerts/collect.ts';
import { deliverDue, type Outlets } from '../../../server/alerts/dispatch.ts';
import { openMailer } from '../../../server/alerts/mail.ts';
import { newWebhookKey } from '../../../server/alerts/webhook.ts';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import type { User } from '../../../server/storage/users.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, SampleDevice, sampleFacts } from '../sample-device.ts';
import { type HookServer, type MailServer, startHookServer, startMailServer } from './receivers.ts';

export let collector: SampleCollector;
export let mails: MailServer;
export let hook: HookServer;
let outlets: Outlets;
let people = 0;
/** Every test looks after an organization of its own. */
export let organization: Organization;
export let reader: User;

/** An organization of which somebody is told: a collector, a mail server and a webhook's receiver, all real. */
export function tellAnOrganization(): void {
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
}

const atOnce = { quietMs: 0, longestMs: 0, restMs: 0 };
export const collect = (now = new Date(), timing = atOnce) =>
  collectAlerts(collector.stores, now, undefined, timing);
export async function deliver(now = () => new Date()): Promise<void> {
  while ((await deliverDue(outlets, now)) > 0);
}
export const subscribe = (immediate: boolean, digest: 'none' | 'daily' | 'weekly' = 'none') =>
  collector.stores.alertSettings.subscribe(
    organization.number,
    reader.number,
    { immediate, digest },
    'console',
    new Date(),
  );
export const alerts = () => collector.stores.alerts.list(organization.number, { limit: 50, offset: 0 }, 10);
export const deliveries = () => collector.stores.deliveries.list(organization.number, 50, 0);
export const reviewAll = async (at = new Date()) => {
  while ((await reviewDue(collector.stores, at, 100)) > 0);
};
export const labelOf = async (device: SampleDevice) =>
  (await collector.stores.devices.byId(organization.number, device.id))?.label ?? '';

export async function addHook(format: 'plain' | 'slack' | 'teams' = 'plain', url = hook.url) {
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
export async function enrolledDevice(): Promise<SampleDevice> {
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

export async function brokenDevice(): Promise<SampleDevice> {
  const device = await enrolledDevice();
  await post(collector.url, device.full(sampleFacts('on')));
  await post(collector.url, device.full(sampleFacts('off')));
  return device;
}
