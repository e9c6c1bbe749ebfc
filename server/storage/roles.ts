import type { Role } from '../permissions.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database, Writing } from './database.ts';

export interface Membership {
  readonly organization: number;
  readonly roles: readonly Role[];
  /** The organization is made up for a demonstration. */
  readonly sample: boolean;
}

/** One role of a person in an organization. */
export interface HeldRole {
  readonly role: Role;
  readonly expiresAt: Date | null;
}

/** Nobody would be left who may manage the people of this organization. */
export class LastAdministrator extends Error {
  override readonly name = 'LastAdministrator';
}

/** Somebody who holds roles, or is to. */
interface Holder {
  readonly number: number;
  readonly id: string;
}

/** Who holds which role where. */
export interface RoleStore {
  /** The roles that count at this moment. */
  memberships(user: number, at: Date): Promise<readonly Membership[]>;
  /** Does an organization this person has a role in require a second factor? */
  needsSecondFactor(user: number, at: Date): Promise<boolean>;
  /** Gives a role beside those the person has there, or gives it another end. Throws LastAdministrator. */
  grant(
    user: Holder,
    organization: number,
    role: Role,
    actor: Actor,
    at: Date,
    expiresAt?: Date | null,
  ): Promise<void>;
  /** Takes a role away. False when the person does not have it. Throws LastAdministrator. */
  revoke(user: Holder, organization: number, role: Role, actor: Actor, at: Date): Promise<boolean>;
}

/** Gives a person a role in an organization, or gives the role another end. Throws LastAdministrator. */
export async function grantRole(
  writing: Writing,
  user: Holder,
  organization: number,
  role: Role,
  expiresAt: Date | null,
  actor: Actor,
  at: Date,
): Promise<void> {
  const expires = expiresAt?.getTime() ?? null;
  const before = await writing
    .selectFrom('memberships')
    .select('expires_at')
    .where('user', '=', user.number)
    .where('organization', '=', organization)
    .where('role', '=', role)
    .executeTakeFirst();
  await writing
    .insertInto('memberships')
    .values({ user: user.number, organization, role, expires_at: expires })
    .onConflict((conflict) =>
      conflict.columns(['user', 'organization', 'role']).doUpdateSet({ expires_at: expires }),
    )
    .execute();
  if (role === 'admin' && expires !== null) await keepAdministrator(writing, organization);
  await appendAudit(
    writing,
    {
      organization,
      actor,
      action: before === undefined ? 'membership.grant' : 'membership.expiry',
      subject: user.id,
      detail: {
        role,
        until: expires === null ? null : new Date(expires - 1).toISOString().slice(0, 10),
      },
    },
    at,
  );
}

/** Undoes the change by throwing where no administrator without an end, who may sign in, is left. */
export async function keepAdministrator(writing: Writing, organization: number): Promise<void> {
  const left = await writing
    .selectFrom('memberships')
    .innerJoin('users', 'users.number', 'memberships.user')
    .select('users.number')
    .where('memberships.organization', '=', organization)
    .where('memberships.role', '=', 'admin')
    .where('memberships.expires_at', 'is', null)
    .where('users.disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (left === undefined) throw new LastAdministrator('an organization keeps one administrator');
}

export function roleStore(db: Database): RoleStore {
  /** The memberships of a person that count at a moment. */
  const current = (user: number, at: Date) =>
    db
      .selectFrom('memberships')
      .innerJoin('organizations', 'organizations.number', 'memberships.organization')
      .where('memberships.user', '=', user)
      .where((where) =>
        where.or([
          where('memberships.expires_at', 'is', null),
          where('memberships.expires_at', '>', at.getTime()),
        ]),
      );

  return {
    async memberships(user, at) {
      const rows = await current(user, at)
        .select(['memberships.organization', 'memberships.role', 'organizations.sample'])
        .orderBy('memberships.organization')
        .execute();
      const held = Map.groupBy(rows, ({ organization }) => organization);
      return [...held].map(([organization, of]) => ({
        organization,
        roles: of.map(({ role }) => role as Role),
        sample: of.some(({ sample }) => sample === 1),
      }));
    },
    async needsSecondFactor(user, at) {
      const row = await current(user, at)
        .select('organizations.number')
        .where('organizations.second_factor_required', '=', 1)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    grant: (user, organization, role, actor, at, expiresAt = null) =>
      db
        .transaction()
        .execute((writing) => grantRole(writing, user, organization, role, expiresAt, actor, at)),
    revoke: (user, organization, role, actor, at) =>
      audited(db, at, async (writing) => {
        const { numDeletedRows } = await writing
          .deleteFrom('memberships')
          .where('user', '=', user.number)
          .where('organization', '=', organization)
          .where('role', '=', role)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return undefined;
        if (role === 'admin') await keepAdministrator(writing, organization);
        return { organization, actor, action: 'membership.revoke', subject: user.id, detail: { role } };
      }),
  };
}
