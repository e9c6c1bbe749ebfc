import type { Access } from '../access/access.ts';
import { endOf, endProblem } from '../access/membership.ts';
import { addresses } from '../pages/addresses.ts';
import type { Role } from '../permissions.ts';
import type { Actor } from '../storage/audit.ts';
import type { Member } from '../storage/members.ts';
import type { Organization } from '../storage/organizations.ts';
import { LastAdministrator } from '../storage/roles.ts';
import type { Stores } from '../storage/stores.ts';
import type { User } from '../storage/users.ts';
import { Refusal } from './refusal.ts';

/** Days an invitation is good. */
export const invitationDays = 7;

const lastAdministrator =
  'Nobody would be left to look after this organization’s people. Make somebody else an administrator first.';

/** Whoever manages people: a person, whose own roles and account are not theirs to change. */
export interface Manager {
  readonly actor: Actor;
  /** Their own id. */
  readonly self: string;
}

type PeopleStores = Pick<Stores, 'users' | 'members' | 'audit' | 'sessions'>;

/** Somebody with a role in the organization, current or ended; undefined for anybody else. */
export async function memberOf(
  stores: PeopleStores,
  organization: number,
  id: string,
): Promise<{ readonly member: Member; readonly user: User } | undefined> {
  const member = (await stores.members.list(organization)).find((known) => known.id === id);
  const user = member && (await stores.users.byId(member.id));
  return member === undefined || user === undefined ? undefined : { member, user };
}

/** Gives somebody their first role here, with an account where they have none. Throws Refusal. */
export async function invite(
  stores: PeopleStores,
  organization: number,
  given: {
    readonly email: string;
    readonly name: string;
    readonly role: Role;
    /** The last day; empty for no end. */
    readonly until: string;
  },
  { actor, self }: Manager,
  at: Date,
): Promise<User> {
  const { email, name, role, until } = given;
  const problem = endProblem(role, until, at);
  if (problem !== undefined) throw new Refusal(problem, { until: problem });
  const known = await stores.users.byEmail(email);
  if (known !== undefined && known.id === self) {
    throw new Refusal('That is you. Nobody gives themselves a role.');
  }
  const user: User = known ?? (await stores.users.create({ email, name }, actor, at));
  await stores.users.grant(user, organization, role, actor, at, endOf(until));
  await stores.audit.record({ organization, actor, action: 'user.invite', subject: user.id }, at);
  return user;
}

/**
 * Tells somebody who was invited, by e-mail where any is sent, and answers the link that lets them in once: only where there is no
 * other way in, and no other organization, so that nobody gets hold of somebody else's account by it.
 */
export async function sendInvitation(
  stores: PeopleStores,
  { mailer }: Pick<Access, 'mailer'>,
  { number, name }: Organization,
  user: User,
  given: {
    /** Where people reach the collector. */
    readonly origin: string;
    readonly actor: Actor;
    readonly log: { warn(fields: object, message: string): void };
  },
  at: Date,
): Promise<{ readonly link: string | null; readonly mailed: boolean }> {
  const { origin, actor, log } = given;
  const until = new Date(at.getTime() + invitationDays * 86_400_000);
  const code = (await stores.members.isOnlyInvited(number, user.number))
    ? await stores.sessions.createLink(user, until, actor, at, 'invitation')
    : undefined;
  const link = code === undefined ? null : `${origin}${addresses.signInLink(code)}`;
  if (mailer === undefined) return { link, mailed: false };
  const intro =
    link === null
      ? `You can see ${name} from now on: sign in as usual.`
      : `You are invited to see the laptops of ${name}. The link lets you in once, within ${invitationDays} days, to choose a password.`;
  try {
    await mailer.send(user.email, `invitation-${user.id}-${at.getTime()}`, {
      subject: `${name}: you are invited`,
      intro,
      sections: [],
      link: { text: 'Sign in', url: link ?? `${origin}${addresses.signIn}` },
      settingsUrl: `${origin}${addresses.account}`,
    });
    return { link, mailed: true };
  } catch (error) {
    // A server that does not take it is no reason to fail: whoever invited has the link.
    log.warn({ err: error }, 'an invitation could not be mailed');
    return { link, mailed: false };
  }
}

/** Gives a role, or gives the role another last day. Throws Refusal. */
export async function giveRole(
  stores: PeopleStores,
  organization: number,
  user: User,
  { role, until }: { readonly role: Role; readonly until: string },
  { actor, self }: Manager,
  at: Date,
): Promise<void> {
  if (user.id === self) throw new Refusal('Nobody gives themselves a role.');
  const problem = endProblem(role, until, at);
  if (problem !== undefined) throw new Refusal(problem, { until: problem });
  await unlessLast(stores.users.grant(user, organization, role, actor, at, endOf(until)));
}

/** Takes a role away; false where the person does not have it. Throws Refusal. */
export const takeRole = (
  stores: PeopleStores,
  organization: number,
  user: User,
  role: Role,
  actor: Actor,
  at: Date,
): Promise<boolean> => unlessLast(stores.users.revoke(user, organization, role, actor, at));

/** May this account be closed by whoever manages this organization? */
export const mayDisable = async (
  stores: PeopleStores,
  organization: number,
  user: User,
  { self }: Pick<Manager, 'self'>,
): Promise<boolean> =>
  // An account somebody else's organization relies on is not this one's to close, nor is one's own.
  user.id !== self && !(await stores.members.isElsewhere(organization, user.number));

/** Closes an account and ends its sessions, or opens it again. Throws Refusal. */
export const setDisabled = (
  stores: PeopleStores,
  user: User,
  disabled: boolean,
  actor: Actor,
  at: Date,
): Promise<void> => unlessLast(stores.users.setDisabled(user, disabled, actor, at));

async function unlessLast<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof LastAdministrator ? new Refusal(lastAdministrator) : error;
  }
}
