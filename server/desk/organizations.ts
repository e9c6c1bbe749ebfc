import { presets } from '../../shared/policies/index.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import type { User } from '../storage/users.ts';
import { Refusal } from './refusal.ts';

/** What one more organization begins with. */
export interface OrganizationAsked {
  readonly name: string;
  /** Whom its staff can ask. */
  readonly contact: string;
  /** The policy that comes with Muster to begin from. */
  readonly preset: string;
}

/** Makes one more organization; whoever makes it looks after its people. Throws Refusal. */
export async function makeOrganization(
  { organizations }: Pick<Stores, 'organizations'>,
  asked: OrganizationAsked,
  administrator: User,
  at: Date,
): Promise<Organization> {
  const [name, contact] = [asked.name.trim(), asked.contact.trim()];
  const preset = presets.find(({ id }) => id === asked.preset);
  const wrong: Record<string, string> = {};
  if (name === '' || name.length > 200) wrong['name'] = 'Write a name of 1 to 200 characters.';
  // It stands in terminals and at the head of e-mails.
  else if (/\p{Cc}/u.test(name)) wrong['name'] = 'Write it on one line.';
  // The command line asks for organizations by name: two of one name would get each other's laptops.
  else if ((await organizations.all()).some((known) => known.name === name)) {
    wrong['name'] = 'Choose another name: this one cannot be used here.';
  }
  if (contact === '' || contact.length > 200) {
    wrong['contact'] = 'Say whom staff can ask, in 1 to 200 characters.';
  }
  if (/\p{Cc}/u.test(contact)) wrong['contact'] = 'Write it on one line.';
  if (preset === undefined) wrong['preset'] = 'There is no such policy to begin from.';
  if (preset === undefined || Object.keys(wrong).length > 0) {
    throw new Refusal('Some fields need another look.', wrong);
  }
  return organizations.create(
    { name, contact, policy: preset.policy, administrator },
    `user:${administrator.id}`,
    at,
  );
}
