import { printable } from '../../shared/words.ts';
import { endOf, endProblem } from '../access/membership.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import type { Configuration } from '../configuration.ts';
import { issueSignInLink } from '../issue.ts';
import { type Role, roles } from '../permissions.ts';
import type { Organization } from '../storage/organizations.ts';
import { LastAdministrator } from '../storage/roles.ts';
import type { Stores } from '../storage/stores.ts';
import type { User } from '../storage/users.ts';
import { findOrganization, withStores } from './open.ts';

const linkDays = 7;

/** `collector user`: accounts and roles, for whoever may use the collector's own terminal. */
export async function user(args: Arguments): Promise<number> {
  return withStores(async (stores, configuration) => {
    try {
      return (await actions[String(args['action'])]?.(args, stores, configuration)) ?? 64;
    } catch (error) {
      if (error instanceof LastAdministrator) {
        throw new UsageError(
          'user: nobody would be left to manage the people; make somebody else an admin first',
        );
      }
      throw error;
    }
  });
}

type Action = (args: Arguments, stores: Stores, configuration: Configuration) => Promise<number>;
const say = (text: string) => process.stdout.write(`${text}\n`);

const actions: Readonly<Record<string, Action>> = {
  async list(args, stores) {
    const name = textOf(args, 'organization');
    const organizations =
      name === undefined ? await stores.organizations.all() : [await findOrganization(stores, name)];
    const listed = await Promise.all(
      organizations.map(async (organization) => ({
        organization: organization.name,
        people: (await stores.members.list(organization.number)).map((member) => ({
          email: member.email,
          name: member.name,
          disabled: member.disabled,
          secondFactor: member.secondFactor,
          roles: member.roles.map(({ role, expiresAt }) => ({
            role,
            expiresAt: expiresAt?.toISOString() ?? null,
          })),
          signedInAt: member.signedInAt?.toISOString() ?? null,
        })),
      })),
    );
    if (args['json'] === true) {
      say(JSON.stringify({ schema: 'muster.users/1', organizations: listed }, null, 2));
      return 0;
    }
    for (const { organization, people } of listed) {
      say(printable(organization));
      for (const { email, name: called, disabled, secondFactor, roles: held } of people) {
        const words = held.map(
          ({ role, expiresAt }) => `${role}${expiresAt === null ? '' : ` (ends ${expiresAt.slice(0, 16)}Z)`}`,
        );
        const notes = [words.join(', '), secondFactor ? '' : 'no second factor', disabled ? 'disabled' : ''];
        say(
          `  ${printable(email).padEnd(32)} ${printable(called).padEnd(24)} ${notes.filter(Boolean).join('; ')}`,
        );
      }
    }
    return 0;
  },

  async add(args, stores, configuration) {
    const at = new Date();
    const email = emailOf(args);
    const { role, expiresAt } = roleOf(args, at);
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    const known = await stores.users.byEmail(email);
    const name = textOf(args, 'name')?.trim() ?? email;
    const person = known ?? (await stores.users.create({ email, name }, 'console', at));
    await stores.users.grant(person, organization.number, role, 'console', at, expiresAt);
    process.stderr.write(`${person.email} is ${role} of ${organization.name}.\n`);
    if (known !== undefined) return 0;
    const until = new Date(at.getTime() + linkDays * 86_400_000);
    say(await issueSignInLink(stores, configuration, person, until, at, 'invitation'));
    process.stderr.write(`This link lets them in once, within ${linkDays} days, to choose a password.\n`);
    return 0;
  },

  async role(args, stores) {
    const at = new Date();
    const person = await personOf(args, stores);
    const organization = await findOrganization(stores, textOf(args, 'organization'));
    if (args['remove'] === true) return takeRole(args, stores, person, organization, at);
    const { role, expiresAt } = roleOf(args, at);
    await stores.users.grant(person, organization.number, role, 'console', at, expiresAt);
    say(`${person.email} is ${role} of ${organization.name}.`);
    return 0;
  },

  async disable(args, stores) {
    const person = await personOf(args, stores);
    await stores.users.setDisabled(person, true, 'console', new Date());
    say(`${person.email} can no longer sign in, and every session is ended.`);
    return 0;
  },

  async enable(args, stores) {
    const person = await personOf(args, stores);
    await stores.users.setDisabled(person, false, 'console', new Date());
    say(`${person.email} can sign in again.`);
    return 0;
  },
};

async function takeRole(
  args: Arguments,
  stores: Stores,
  person: User,
  organization: Organization,
  at: Date,
): Promise<number> {
  const role = roleNamed(args);
  if (!(await stores.users.revoke(person, organization.number, role, 'console', at))) {
    throw new UsageError(`user: ${person.email} is not ${role} of ${organization.name}`);
  }
  say(`${person.email} is no longer ${role} of ${organization.name}.`);
  return 0;
}

function emailOf(args: Arguments): string {
  const email = textOf(args, 'email')?.trim();
  if (email === undefined || !/^[^@\s]+@[^@\s]+$/.test(email) || email.length > 200) {
    throw new UsageError('user: --email EMAIL is needed');
  }
  return email;
}

async function personOf(args: Arguments, stores: Stores): Promise<User> {
  const found = await stores.users.byEmail(emailOf(args));
  if (found === undefined) throw new UsageError('user: nobody has that address');
  return found;
}

function roleNamed(args: Arguments): Role {
  const role = roles.find((one) => one === textOf(args, 'role'));
  if (role === undefined) throw new UsageError(`user: --role is one of ${roles.join(', ')}`);
  return role;
}

function roleOf(args: Arguments, at: Date): { readonly role: Role; readonly expiresAt: Date | null } {
  const role = roleNamed(args);
  const until = textOf(args, 'until') ?? '';
  if (
    until !== '' &&
    (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(`${until}T00:00:00Z`)))
  ) {
    throw new UsageError('user: --until is a day such as 2026-12-31');
  }
  const problem = endProblem(role, until, at);
  if (problem !== undefined) throw new UsageError(`user: ${problem} (--until)`);
  return { role, expiresAt: endOf(until) };
}
