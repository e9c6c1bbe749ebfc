import { newWebhookKey, webhookAddressProblem } from '../alerts/webhook.ts';
import type { Sealer } from '../signing/sealing.ts';
import type { Webhook } from '../storage/alert-settings.ts';
import type { Actor } from '../storage/audit.ts';
import { newId } from '../storage/ids.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

const maxWebhooks = 20;

/** What it takes to keep addresses and keys of webhooks. */
export interface WebhookDesk {
  readonly stores: Pick<Stores, 'alertSettings' | 'deliveries' | 'audit'>;
  readonly sealer: Sealer;
  /** They may go to this machine and to private networks. */
  readonly allowPrivate: boolean;
}

/** Adds a webhook with a key of its own; answers its id. Throws Refusal. */
export async function addWebhook(
  { stores, sealer, allowPrivate }: WebhookDesk,
  organization: number,
  { name, url, format }: { readonly name: string; readonly url: string; readonly format: Webhook['format'] },
  actor: Actor,
  at: Date,
): Promise<string> {
  if (name === '') throw new Refusal('Give it a name.', { name: 'Give it a name.' });
  if ((await stores.alertSettings.webhooks(organization)).length >= maxWebhooks) {
    throw new Refusal(`There are ${maxWebhooks} webhooks already; remove one first.`);
  }
  const problem = webhookAddressProblem(url, allowPrivate);
  if (problem !== undefined) throw new Refusal(problem, { url: problem });
  return stores.alertSettings.addWebhook(
    organization,
    { name, host: new URL(url).host, format },
    (hook) => ({
      url: sealer.seal('webhook-url', hook, url),
      secret: sealer.seal('webhook-key', hook, newWebhookKey()),
    }),
    actor,
    at,
  );
}

/** What a receiver verifies signatures with; undefined where it was sealed by another collector's key. */
export const webhookKey = ({ sealer }: Pick<WebhookDesk, 'sealer'>, { id, secret }: Webhook) =>
  sealer.open('webhook-key', id, secret);

/** Sends it a test; the delivery log says how it went. False where there is no such webhook. */
export async function testWebhook(
  { stores }: Pick<WebhookDesk, 'stores'>,
  organization: number,
  webhook: string,
  actor: Actor,
  at: Date,
): Promise<boolean> {
  if ((await stores.alertSettings.webhook(organization, webhook)) === undefined) return false;
  const given = { id: newId(at), organization, channel: 'webhook', target: webhook } as const;
  await stores.deliveries.add({ ...given, content: 'test', coversFrom: null }, at);
  await stores.audit.record({ organization, actor, action: 'webhook.test', subject: webhook }, at);
  return true;
}
