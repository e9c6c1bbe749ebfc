import type { Role } from '../permissions.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { momentOf } from './moments.ts';
import type { HeldRole } from './roles.ts';

/** Somebody with a role in an organization, also one that has ended. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly roles: readonly HeldRole[];
  readonly secondFactor: boolean;
  /** Can this person come in by themselves, or only by a link? */
  readonly hasSignIn: boolean;
  readonly signedInAt: Date | null;
}

/** An organization's people, as whoever manages them sees them. */
export interface MemberStore {
  /** By name. */
  list(organization: number): Promise<readonly Member[]>;
  /** Is this person in no other organization, and has no way in but a link? Then an invitation can be repeated. */
  isOnlyInvited(organization: number, user: number): Promise<boolean>;
  /** Does this person have a role, current or not, anywhere but here? */
  isElsewhere(organization: number, user: number): Promise<boolean>;
  secondFactorRequired(organization: number): Promise<boolean>;
  requireSecondFactor(organization: number, required: boolean, actor: Actor, at: Date): Promise<void>;
  /** Names for ids, of people this organization knows: those with a role here. */
  names(organization: number): Promise<ReadonlyMap<string, string>>;
}

export function memberStore(db: Database): MemberStore {
  const isElsewhere = async (organization: number, user: number) =>
    (await db
      .selectFrom('memberships')
      .select('organization')
      .where('user', '=', user)
      .where('organization', '<>', organization)
      .limit(1)
      .executeTakeFirst()) !== undefined;

  return {
    async list(organization) {
      const rows = await db
        .selectFrom('memberships')
        .innerJoin('users', 'users.number', 'memberships.user')
        .select([
          'users.number',
          'users.id',
          'users.email',
          'users.name',
          'users.disabled_at',
          'users.password_hash',
          'users.totp_secret',
          'memberships.role',
          'memberships.expires_at',
        ])
        .where('memberships.organization', '=', organization)
        .orderBy('users.name')
        .orderBy('users.number')
        .orderBy('memberships.role')
        .execute();
      const passkeys = await db
        .selectFrom('memberships')
        .innerJoin('passkeys', 'passkeys.user', 'memberships.user')
        .select('passkeys.user')
        .distinct()
        .where('memberships.organization', '=', organization)
        .execute();
      const withPasskey = new Set(passkeys.map(({ user }) => user));
      const groups = [...Map.groupBy(rows, ({ number }) => number).values()];
      return Promise.all(
        groups.map(async (roles): Promise<Member> => {
          // A group holds the row it was made for.
          const [row] = roles as [(typeof rows)[number]];
          const last = await db
            .selectFrom('audit')
            .select('at')
            .where('organization', '=', organization)
            .where('subject', '=', row.id)
            .where('action', '=', 'session.begin')
            .orderBy('number', 'desc')
            .limit(1)
            .executeTakeFirst();
          return {
            id: row.id,
            email: row.email,
            name: row.name,
            disabled: row.disabled_at !== null,
            secondFactor: row.totp_secret !== null || withPasskey.has(row.number),
            hasSignIn: row.password_hash !== null || withPasskey.has(row.number),
            signedInAt: last === undefined ? null : new Date(last.at),
            roles: roles.map(({ role, expires_at }) => ({
              role: role as Role,
              expiresAt: momentOf(expires_at),
            })),
          };
        }),
      );
    },
    isElsewhere,
    async isOnlyInvited(organization, user) {
      const row = await db
        .selectFrom('users')
        .leftJoin('passkeys', 'passkeys.user', 'users.number')
        .select(['users.password_hash', 'passkeys.id as passkey'])
        .where('users.number', '=', user)
        .limit(1)
        .executeTakeFirst();
      const hasSignIn = row === undefined || row.password_hash !== null || row.passkey !== null;
      return !hasSignIn && !(await isElsewhere(organization, user));
    },
    async secondFactorRequired(organization) {
      const row = await db
        .selectFrom('organizations')
        .select('second_factor_required')
        .where('number', '=', organization)
        .executeTakeFirstOrThrow();
      return row.second_factor_required === 1;
    },
    requireSecondFactor: (organization, required, actor, at) =>
      db.transaction().execute(async (writing) => {
        const { id } = await writing
          .updateTable('organizations')
          .set({ second_factor_required: required ? 1 : 0 })
          .where('number', '=', organization)
          .returning('id')
          .executeTakeFirstOrThrow();
        await appendAudit(
          writing,
          {
            organization,
            actor,
            action: 'organization.second-factor',
            subject: id,
            detail: { required: required ? 'yes' : 'no' },
          },
          at,
        );
      }),
    async names(organization) {
      const rows = await db
        .selectFrom('memberships')
        .innerJoin('users', 'users.number', 'memberships.user')
        .select(['users.id', 'users.name'])
        .where('memberships.organization', '=', organization)
        .execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}
