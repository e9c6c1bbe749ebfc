import { type Erasure, erasePerson } from '../privacy/erase.ts';
import { revealHolder } from '../privacy/identity.ts';
import { mentionsOf } from '../privacy/mentions.ts';
import { type Cell, numbers, weekOf } from '../privacy/numbers.ts';
import { subjectPackage } from '../privacy/subject-export.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import type { Actor } from '../storage/audit.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Person, PersonDetails } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

const openRequests = { search: '', state: 'open', sort: 'reference', descending: false } as const;

const note = (
  { audit }: Pick<Stores, 'audit'>,
  organization: number,
  action:
    | 'identity.add'
    | 'identity.view'
    | 'identity.change'
    | 'identity.assign'
    | 'identity.list'
    | 'identity.export',
  subject: string,
  actor: Actor,
  at: Date,
) => audit.record({ organization, actor, action, subject }, at);

/** Everybody whose data are held. */
export async function listPeople(
  stores: Stores,
  { number, id }: { readonly number: number; readonly id: string },
  actor: Actor,
  at: Date,
) {
  const people = await stores.people.list(number);
  await note(stores, number, 'identity.list', id, actor, at);
  return people;
}

export async function addPerson(
  stores: Stores,
  organization: number,
  details: PersonDetails,
  actor: Actor,
  at: Date,
): Promise<Person> {
  const person = await stores.people.create(organization, details, at);
  await note(stores, organization, 'identity.add', person.id, actor, at);
  return person;
}

export async function correctPerson(
  stores: Stores,
  { organization, id }: Person,
  details: PersonDetails,
  actor: Actor,
  at: Date,
): Promise<void> {
  await stores.people.change(organization, id, details);
  await note(stores, organization, 'identity.change', id, actor, at);
}

/** Where a person is known: laptops they hold or held, records that name them, their open requests for erasure. */
export async function whereKnown(stores: Stores, person: Person, at: Date) {
  const { organization } = person;
  const [holdings, restrictions, mentions, open] = await Promise.all([
    stores.people.holdings(organization, person.id),
    stores.restrictions.of(organization),
    mentionsOf(stores, person),
    stores.records.list(organization, 'requests', openRequests, at, 200, 0),
  ]);
  const devices = await Promise.all(holdings.map(({ device }) => stores.devices.byId(organization, device)));
  return {
    laptops: holdings.map(({ device, since, until }, index) => ({
      id: device,
      label: devices[index]?.label ?? 'deleted',
      since,
      until,
      restrictedSince: restrictions.get(device) ?? null,
    })),
    mentions,
    requests: open.filter(({ values }) => values['kind'] === 'erasure'),
  };
}

/** Looks at what is held about a person; that somebody did is in the audit log. */
export async function lookAtPerson(stores: Stores, person: Person, actor: Actor, at: Date) {
  await note(stores, person.organization, 'identity.view', person.id, actor, at);
  return whereKnown(stores, person, at);
}

/** Says that a person holds a laptop; whoever had it no longer does. */
export async function assignLaptop(
  stores: Stores,
  person: Person,
  device: string,
  actor: Actor,
  at: Date,
): Promise<void> {
  await note(stores, person.organization, 'identity.assign', device, actor, at);
  await stores.people.assign(person.organization, device, person.id, at);
}

/** The copy of what is held about a person (Art. 15), as one ZIP file. */
export async function copyOf(
  { stores, collectorKey }: { readonly stores: Stores; readonly collectorKey: CollectorKey },
  organization: Organization,
  person: Person,
  actor: Actor,
  at: Date,
): Promise<Uint8Array> {
  await note(stores, organization.number, 'identity.export', person.id, actor, at);
  return subjectPackage(stores, collectorKey, organization, person, at);
}

/** Has the data of every laptop a person holds not used for now (Art. 18), or used again. */
export async function restrictPerson(
  stores: Stores,
  { organization, id }: Person,
  act: 'restrict' | 'lift',
  actor: Actor,
  at: Date,
): Promise<void> {
  const holdings = await stores.people.holdings(organization, id);
  for (const { device } of holdings.filter(({ until }) => until === null)) {
    await stores.restrictions[act](organization, device, actor, at);
  }
}

/** Erases a person once somebody wrote that they mean it. Undefined where there is no such request. Throws Refusal, RegisterRefusal. */
export async function erase(
  stores: Stores,
  person: Person,
  { confirm, request }: { readonly confirm: string; readonly request: string | null },
  actor: Actor,
  at: Date,
): Promise<Erasure | undefined> {
  if (confirm.trim() !== 'ERASE') {
    const words = 'Nothing was erased: write ERASE to confirm.';
    throw new Refusal(words, { confirm: words });
  }
  if (
    request !== null &&
    (await stores.records.byId(person.organization, 'requests', request)) === undefined
  ) {
    return undefined;
  }
  return erasePerson(stores, person, { actor, person: actor }, request, at);
}

/** Tells who holds a laptop, to somebody who says why; undefined where nobody is known to. Throws Refusal. */
export async function reveal(
  stores: Stores,
  asked: {
    readonly organization: number;
    readonly device: string;
    readonly actor: Actor;
    readonly reason: string;
  },
  at: Date,
): Promise<Person | undefined> {
  const reason = asked.reason.trim();
  if (reason.length < 10) {
    const words = 'Say why, in a sentence.';
    throw new Refusal(words, { reason: words });
  }
  return revealHolder(stores, { ...asked, reason }, at);
}

/** Numbers of this week that name nobody; that they were taken is in the audit log. */
export async function numbersOf(
  stores: Pick<Stores, 'audit' | 'devices'>,
  { number: organization, id: subject }: { readonly number: number; readonly id: string },
  actor: Actor,
  at: Date,
): Promise<readonly Cell[]> {
  const counts = await stores.devices.findingCounts(organization);
  const checks = new Map([...counts].filter(([name]) => !name.includes('/')));
  await stores.audit.record({ organization, actor, action: 'privacy.analytics', subject }, at);
  return numbers(weekOf(at), checks);
}
