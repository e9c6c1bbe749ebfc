import { attestationAddresses } from '../pages/attestations/addresses.ts';
import { dayWords } from '../pages/words.ts';
import type { Sealer } from '../signing/sealing.ts';
import type { Delivery } from '../storage/deliveries.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import type { Message } from './message.ts';

const day = 86_400_000;
/** So many days before answers are due, whoever has not answered is reminded. */
const reminders = [7, 2];
/** An e-mail with the question goes out within the first day, so that nobody hears late of what is long known. */
const firstMs = day;

/**
 * Puts into the outbox what people who are asked for a statement are to be told: the question once, and a reminder at each interval. The
 * same again is the same thing.
 */
export async function scheduleStatementMails(stores: Stores, now: Date): Promise<void> {
  for (const { number } of await stores.organizations.all()) {
    for (const { person, createdAt, dueAt } of await stores.statementMails.unanswered(number, now)) {
      const left = dueAt.getTime() - now.getTime();
      const [days] = reminders.filter((of) => left <= of * day).toSorted((a, b) => a - b);
      const asked = now.getTime() - createdAt.getTime() < firstMs;
      // Who has just been asked is not reminded.
      if (!asked && days === undefined) continue;
      const id = `statement:${person}:${asked ? 'asked' : days}`;
      if (await stores.deliveries.has(id)) continue;
      const content = asked ? ('statement' as const) : ('reminder' as const);
      const given = { id, organization: number, channel: 'person', target: person, content } as const;
      await stores.deliveries.add({ ...given, coversFrom: null }, now);
    }
  }
}

/** Where an e-mail goes and what it says; a reason in words where none is to go out. */
export type StatementMail = { readonly to: string; readonly message: Message } | { readonly not: string };

export async function statementMail(
  {
    stores,
    sealer,
    publicUrl,
  }: { readonly stores: Stores; readonly sealer: Sealer; readonly publicUrl: string },
  delivery: Delivery,
  organization: Organization,
  now: Date,
): Promise<StatementMail> {
  const person = delivery.target;
  const asked = await stores.statementMails.asked(organization.number, person);
  if (asked === undefined) return { not: 'nothing is kept of the person any more' };
  if (asked.over || asked.dueAt <= now) return { not: 'it was answered, or is over' };
  const to = await addressOf(stores, organization.number, person, asked.device);
  if (to === undefined) return { not: 'no e-mail address is kept of the person' };
  if (await isRestricted(stores, organization.number, asked.device, to)) {
    return { not: 'the person’s data are not used for now' };
  }
  const code = await stores.statementMails.code(person, (nonce) =>
    sealer.digest('statement-link', person, nonce).toString('base64url'),
  );
  const { name, contact } = organization;
  const reminder = delivery.content === 'reminder';
  return {
    to,
    message: {
      subject: reminder ? `${name}: your answer is still missing` : `${name} has a question for you`,
      intro: [
        reminder
          ? `${name} asked you for a short statement and has no answer yet.`
          : `${name} asks you for a short statement.`,
        `It takes a minute; answers are due by ${dayWords(asked.dueAt.toISOString().slice(0, 10))}.`,
        'Yes, no and “does not apply” are all fine: a no only leads to something being put right.',
        'The link is yours alone and needs no account; please do not pass it on.',
        `Responsible for this is ${name}.${contact === '' ? '' : ` Questions: ${contact}.`}`,
      ].join(' '),
      sections: [],
      link: { text: 'Read it and answer', url: publicUrl + attestationAddresses.link(code) },
    },
  };
}

const isAddress = (text: string) => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(text);

/** What was given when they were asked; else that of whoever holds the laptop. */
async function addressOf(
  { attestationContacts, people }: Stores,
  organization: number,
  person: string,
  device: string | null,
): Promise<string | undefined> {
  const given = (await attestationContacts.read([person])).get(person);
  if (given !== undefined) return isAddress(given) ? given : undefined;
  const holder = device === null ? undefined : await people.holder(organization, device);
  return holder !== undefined && isAddress(holder.email) ? holder.email : undefined;
}

/** Did they ask that their data are not used for now? Known by their laptops. */
async function isRestricted(
  { restrictions, people }: Stores,
  organization: number,
  device: string | null,
  address: string,
): Promise<boolean> {
  const restricted = await restrictions.of(organization);
  if (restricted.size === 0) return false;
  if (device !== null && restricted.has(device)) return true;
  for (const { id, email } of await people.list(organization)) {
    if (email.toLowerCase() !== address.toLowerCase()) continue;
    const holdings = await people.holdings(organization, id);
    if (holdings.some(({ device: held, until }) => until === null && restricted.has(held))) return true;
  }
  return false;
}
