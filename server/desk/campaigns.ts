import { type AttestationId, attestationTemplates } from '../../shared/attestations.ts';
import { after } from '../../shared/interval.ts';
import { attestationTerm } from '../review/clauses.ts';
import { sentencesOf } from '../sentences.ts';
import type { Actor } from '../storage/audit.ts';
import type { Stores } from '../storage/stores.ts';
import { Refusal } from './refusal.ts';

/** Asked in one campaign. */
const mostPeople = 1_000;
/** Longer than any period there is, for statements that come with a case. */
export const withoutTerm = '12mo';

type CampaignStores = Pick<Stores, 'attestations' | 'clauses' | 'devices' | 'organizations'>;

/** Whom a statement is asked of, and in what words. */
export interface CampaignAsked {
  readonly template: AttestationId;
  readonly statement: string;
  readonly role: string;
  /** Days, UTC. */
  readonly periodFrom: string;
  readonly due: string;
  /** Of whoever uses each laptop. */
  readonly laptops: boolean;
  /** E-mail addresses; each gets a link of their own. */
  readonly people: readonly string[];
}

/** How often the sentences in force ask for a statement; undefined where it comes with each case. */
export async function termOf(
  stores: CampaignStores,
  organization: number,
  template: AttestationId,
  at: Date,
) {
  const { policy } = await stores.organizations.policy(organization);
  return attestationTerm(await sentencesOf(stores, organization, policy.id, at), template);
}

/** Asks people for a statement. Each gets a code for a link, told here once and nowhere kept. Throws Refusal. */
export async function askPeople(
  stores: CampaignStores,
  organization: number,
  asked: CampaignAsked,
  actor: Actor,
  at: Date,
) {
  const { template, role, periodFrom, due, laptops, people } = asked;
  const refuse = (field: keyof CampaignAsked, words: string) => new Refusal(words, { [field]: words });
  const dueAt = new Date(`${due}T23:59:59.999Z`);
  const statement = asked.statement.trim().replaceAll(/\s+/g, ' ');
  if (statement.length < 20 || statement.length > 1_000) {
    throw refuse('statement', 'Say the statement in 20 to 1000 characters.');
  }
  if (role.trim().length === 0) throw refuse('role', 'Say whom it is meant for.');
  if (dueAt <= at) throw refuse('due', 'Choose a day to come for the answers.');
  const contacts = [...new Set(people)];
  const odd = contacts.findIndex((contact) => !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(contact));
  if (odd >= 0) throw refuse('people', `The address number ${odd + 1} is none; write one a line.`);
  const devices = laptops ? await stores.devices.after(organization, '', mostPeople) : [];
  const everybody = [
    ...contacts.map((contact) => ({ contact })),
    ...devices.map((device) => ({ device: device.number })),
  ];
  if (everybody.length === 0) throw refuse('people', 'Say who is asked: laptops, addresses, or both.');
  if (everybody.length > mostPeople) throw refuse('people', `Ask at most ${mostPeople} people at once.`);
  const term = await termOf(stores, organization, template, at);
  return stores.attestations.create(
    organization,
    {
      template,
      title: attestationTemplates[template].title,
      statement,
      role: role.trim(),
      periodFrom: new Date(`${periodFrom}T00:00:00Z`),
      dueAt,
      validUntil: after(dueAt, term?.every ?? withoutTerm),
      people: everybody,
    },
    actor,
    at,
  );
}

/** Says that what a no opened was put right. False where there is nothing such. Throws Refusal. */
export async function putRight(
  { attestations }: Pick<Stores, 'attestations'>,
  organization: number,
  { campaign, person, note }: { readonly campaign: string; readonly person: string; readonly note: string },
  actor: Actor,
  at: Date,
): Promise<boolean> {
  const said = note.trim();
  if (said.length < 5 || said.length > 500) {
    const words = 'Say what was done, in 5 to 500 characters.';
    throw new Refusal(words, { note: words });
  }
  return attestations.putRight(organization, campaign, person, said, actor, at);
}
