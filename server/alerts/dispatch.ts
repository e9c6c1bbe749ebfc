import { addresses } from '../pages/addresses.ts';
import { allows } from '../permissions.ts';
import type { Sealer } from '../signing/sealing.ts';
import type { Delivery } from '../storage/deliveries.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { MailError, type Mailer } from './mail.ts';
import { alertMessage, digestMessage, linesShown, type Message } from './message.ts';
import { statementMail } from './statement-mails.ts';
import { postWebhook, WebhookError, webhookBody } from './webhook.ts';

/** What deliveries are made with. */
export interface Outlets {
  readonly stores: Stores;
  readonly sealer: Sealer;
  /** Undefined where no mail server is set. */
  readonly mailer: Mailer | undefined;
  /** How people reach the collector; links begin with it. */
  readonly publicUrl: string;
  /** Webhooks may go to this machine and to private networks. */
  readonly allowPrivateWebhooks: boolean;
}

/** Waits after each failed attempt, in minutes: over a day, then it has failed. */
const waits = [1, 5, 15, 60, 180, 360, 840];
const minute = 60_000;
/** Whoever took a delivery and died is waited for so long. */
const claimMs = 3 * minute;
/** A sudden flood is spread: so many are taken at once. */
const atOnce = 20;
const digestAlerts = 30;

/** There is nothing to be sent any more, and why. */
class Dropped extends Error {
  override readonly name = 'Dropped';
}

/** Sends what is due; answers how many it took. Each is for one collector only, and tried again until it is done. */
export async function deliverDue(outlets: Outlets, now: () => Date): Promise<number> {
  const { stores } = outlets;
  const due = await stores.deliveries.claim(now(), claimMs, atOnce);
  await Promise.all(due.map((delivery) => deliver(outlets, delivery, now)));
  return due.length;
}

async function deliver(outlets: Outlets, delivery: Delivery, now: () => Date): Promise<void> {
  const { deliveries } = outlets.stores;
  try {
    const organization = await outlets.stores.organizations.byNumber(delivery.organization);
    if (organization === undefined) throw new Dropped('the organization is gone');
    await senders[delivery.channel](outlets, delivery, organization, now());
    await deliveries.finish(delivery.id, 'sent', '', now());
  } catch (error) {
    if (error instanceof Dropped) {
      await deliveries.finish(delivery.id, 'dropped', error.message, now());
      return;
    }
    const known = error instanceof MailError || error instanceof WebhookError;
    const problem = known ? error.message : 'something went wrong here';
    const wait = waits[delivery.attempts - 1];
    if (wait === undefined || (error instanceof MailError && error.final)) {
      await deliveries.finish(delivery.id, 'failed', problem, now());
    } else {
      await deliveries.retry(delivery.id, new Date(now().getTime() + wait * minute), problem);
    }
    if (!known) throw error;
  }
}

async function mail(
  outlets: Outlets,
  delivery: Delivery,
  organization: Organization,
  now: Date,
): Promise<void> {
  const { stores, mailer } = outlets;
  if (mailer === undefined) throw new Dropped('no mail server is set: SMTP_URL');
  const person = await stores.users.byId(delivery.target);
  const roles =
    person &&
    (await stores.users.memberships(person.number, now)).find(
      (membership) => membership.organization === organization.number,
    )?.roles;
  // Whoever lost the role or the account since is told nothing any more.
  if (person === undefined || person.disabled || roles === undefined || !allows(roles, 'fleet.read')) {
    throw new Dropped('the person no longer has access');
  }
  await mailer.send(person.email, delivery.id, await messageOf(outlets, delivery, organization));
}

/** To somebody who is asked for a statement. */
async function ask(
  outlets: Outlets,
  delivery: Delivery,
  organization: Organization,
  now: Date,
): Promise<void> {
  if (outlets.mailer === undefined) throw new Dropped('no mail server is set: SMTP_URL');
  const mail = await statementMail(outlets, delivery, organization, now);
  if ('not' in mail) throw new Dropped(mail.not);
  await outlets.mailer.send(mail.to, delivery.id, mail.message);
}

async function hook(
  outlets: Outlets,
  delivery: Delivery,
  organization: Organization,
  now: Date,
): Promise<void> {
  const { stores, sealer, allowPrivateWebhooks } = outlets;
  const webhook = await stores.alertSettings.webhook(organization.number, delivery.target);
  if (webhook === undefined) throw new Dropped('the webhook was removed');
  if (webhook.pausedAt !== null && delivery.content !== 'test') throw new Dropped('the webhook is paused');
  const address = sealer.open('webhook-url', webhook.id, webhook.url);
  const key = sealer.open('webhook-key', webhook.id, webhook.secret);
  if (address === undefined || key === undefined) {
    throw new Dropped('the webhook was set up with another collector key');
  }
  const message = await messageOf(outlets, delivery, organization);
  await postWebhook(
    { address, key, allowPrivate: allowPrivateWebhooks },
    {
      id: delivery.id,
      body: webhookBody(webhook.format, `muster.${delivery.content}`, delivery.createdAt, message),
      now,
    },
  );
}

const senders = { email: mail, webhook: hook, person: ask } as const;

async function messageOf(outlets: Outlets, delivery: Delivery, organization: Organization): Promise<Message> {
  const { stores, publicUrl } = outlets;
  const { id, number, name } = organization;
  const urls = {
    publicUrl,
    alertsPath: addresses.alerts(id),
    organizationPath: addresses.organization(id),
  };
  if (delivery.content === 'test') {
    return {
      subject: `${name}: a test from Muster`,
      intro: 'Somebody pressed the test button. Alerts will come here like this.',
      sections: [],
      link: { text: 'All alerts', url: publicUrl + urls.alertsPath },
      settingsUrl: `${publicUrl}${urls.alertsPath}#e-mails`,
    };
  }
  if (delivery.content === 'digest') {
    const from = delivery.coversFrom ?? delivery.createdAt;
    const [counts, alerts, waiversWaiting, recordsOverdue] = await Promise.all([
      stores.devices.stateCounts(number),
      stores.alerts.list(number, { from, limit: digestAlerts, offset: 0 }, linesShown),
      stores.waivers.waitingCount(number),
      stores.records.dueCount(number, delivery.createdAt),
    ]);
    const rhythm = delivery.createdAt.getTime() - from.getTime() > 2 * 86_400_000 ? 'weekly' : 'daily';
    return digestMessage(
      { organization: { name }, counts, alerts, waiversWaiting, recordsOverdue, rhythm },
      urls,
    );
  }
  const alert =
    delivery.alert === null ? undefined : await stores.alerts.byId(number, delivery.alert, linesShown);
  if (alert === undefined) throw new Dropped('the alert is gone');
  return alertMessage(alert, { name }, urls);
}
