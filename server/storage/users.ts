import type { Role } from '../permissions.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newId } from './ids.ts';
import { momentOf } from './moments.ts';
import { appendPersonAudit } from './person-audit.ts';

export interface User {
  readonly number: number;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly disabled: boolean;
}

/** What signing in needs to know, and nothing else may see. */
export interface Credentials extends User {
  readonly passwordHash: string | null;
  /** Sealed; null where no authenticator app is set up. */
  readonly totpSecret: string | null;
  /** From when on a second factor cannot be put off any longer; null where that was never said. */
  readonly secondFactorDueAt: Date | null;
}

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

export interface UserStore {
  /** Throws where the address is taken. */
  create(given: { email: string; name: string }, actor: Actor, at: Date): Promise<User>;
  byEmail(email: string): Promise<Credentials | undefined>;
  byNumber(number: number): Promise<User | undefined>;
  byId(id: string): Promise<User | undefined>;
  /** What signing in needs to know of a person who is known already. */
  credentials(number: number): Promise<Credentials | undefined>;
  /** The roles that count at this moment. */
  memberships(user: number, at: Date): Promise<readonly Membership[]>;
  /** Does an organization this person has a role in require a second factor? */
  needsSecondFactor(user: number, at: Date): Promise<boolean>;
  /** Gives a role beside those the person has there, or gives it another end. Throws LastAdministrator. */
  grant(
    user: User,
    organization: number,
    role: Role,
    actor: Actor,
    at: Date,
    expiresAt?: Date | null,
  ): Promise<void>;
  /** Takes a role away. False when the person does not have it. Throws LastAdministrator. */
  revoke(user: User, organization: number, role: Role, actor: Actor, at: Date): Promise<boolean>;
  /** The names of users by their ids; those who are gone are not in it. */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Sets a password (already hashed) and ends every session there is. */
  setPassword(user: User, hash: string, actor: Actor, at: Date): Promise<void>;
  rename(user: User, name: string, actor: Actor, at: Date): Promise<void>;
  /** Says once by when the person needs a second factor; a date that is there stays. */
  setSecondFactorDue(user: User, dueAt: Date): Promise<void>;
  /** Locks an account everywhere and ends its sessions, or opens it again. Throws LastAdministrator. */
  setDisabled(user: User, disabled: boolean, actor: Actor, at: Date): Promise<void>;
}

const userColumns = ['number', 'id', 'email', 'name', 'disabled_at'] as const;
const credentialColumns = [...userColumns, 'password_hash', 'totp_secret', 'second_factor_due_at'] as const;

/** Gives a person a role in an organization, or gives the role another end. Throws LastAdministrator. */
export async function grantRole(
  writing: Writing,
  user: User,
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

export function userStore(db: Database): UserStore {
  return {
    create: ({ email, name }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const row = { id: newId(at), email: email.trim().toLowerCase(), name, created_at: at.getTime() };
        const { number } = await writing
          .insertInto('users')
          .values({
            ...row,
            password_hash: null,
            totp_secret: null,
            totp_step: null,
            second_factor_due_at: null,
            disabled_at: null,
          })
          .returning('number')
          .executeTakeFirstOrThrow();
        await appendAudit(writing, { organization: null, actor, action: 'user.create', subject: row.id }, at);
        return { number, id: row.id, email: row.email, name, disabled: false };
      }),
    async byEmail(email) {
      const row = await db
        .selectFrom('users')
        .select(credentialColumns)
        .where('email', '=', email.trim().toLowerCase())
        .executeTakeFirst();
      return row && credentialsOf(row);
    },
    async byNumber(number) {
      const row = await db
        .selectFrom('users')
        .select(userColumns)
        .where('number', '=', number)
        .executeTakeFirst();
      return row && userOf(row);
    },
    async byId(id) {
      const row = await db.selectFrom('users').select(userColumns).where('id', '=', id).executeTakeFirst();
      return row && userOf(row);
    },
    async credentials(number) {
      const row = await db
        .selectFrom('users')
        .select(credentialColumns)
        .where('number', '=', number)
        .executeTakeFirst();
      return row && credentialsOf(row);
    },
    async names(ids) {
      const asked = [...new Set(ids)];
      if (asked.length === 0) return new Map();
      const rows = await db.selectFrom('users').select(['id', 'name']).where('id', 'in', asked).execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
    async memberships(user, at) {
      const rows = await db
        .selectFrom('memberships')
        .innerJoin('organizations', 'organizations.number', 'memberships.organization')
        .select(['memberships.organization', 'memberships.role', 'organizations.sample'])
        .where('memberships.user', '=', user)
        .where((where) =>
          where.or([
            where('memberships.expires_at', 'is', null),
            where('memberships.expires_at', '>', at.getTime()),
          ]),
        )
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
      const row = await db
        .selectFrom('memberships')
        .innerJoin('organizations', 'organizations.number', 'memberships.organization')
        .select('organizations.number')
        .where('memberships.user', '=', user)
        .where('organizations.second_factor_required', '=', 1)
        .where((where) =>
          where.or([
            where('memberships.expires_at', 'is', null),
            where('memberships.expires_at', '>', at.getTime()),
          ]),
        )
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
    setPassword: (user, hash, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('users')
          .set({ password_hash: hash })
          .where('number', '=', user.number)
          .execute();
        await writing.deleteFrom('sessions').where('user', '=', user.number).execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'user.set-password', subject: user.id },
          at,
        );
      }),
    rename: (user, name, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing.updateTable('users').set({ name }).where('number', '=', user.number).execute();
        await appendPersonAudit(writing, user.number, { actor, action: 'user.rename', subject: user.id }, at);
      }),
    async setSecondFactorDue(user, dueAt) {
      await db
        .updateTable('users')
        .set({ second_factor_due_at: dueAt.getTime() })
        .where('number', '=', user.number)
        .where('second_factor_due_at', 'is', null)
        .execute();
    },
    setDisabled: (user, disabled, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('users')
          .set({ disabled_at: disabled ? at.getTime() : null })
          .where('number', '=', user.number)
          .execute();
        if (disabled) {
          await writing.deleteFrom('sessions').where('user', '=', user.number).execute();
          const administered = await writing
            .selectFrom('memberships')
            .select('organization')
            .where('user', '=', user.number)
            .where('role', '=', 'admin')
            .where('expires_at', 'is', null)
            .execute();
          for (const { organization } of administered) await keepAdministrator(writing, organization);
        }
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: disabled ? 'user.disable' : 'user.enable', subject: user.id },
          at,
        );
      }),
  };
}

/** Undoes the change by throwing where no administrator without an end, who may sign in, is left. */
async function keepAdministrator(writing: Writing, organization: number): Promise<void> {
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

interface UserRow {
  readonly number: number;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly disabled_at: number | null;
}

const userOf = (row: UserRow): User => ({
  number: row.number,
  id: row.id,
  email: row.email,
  name: row.name,
  disabled: row.disabled_at !== null,
});

const credentialsOf = (
  row: UserRow & {
    readonly password_hash: string | null;
    readonly totp_secret: string | null;
    readonly second_factor_due_at: number | null;
  },
): Credentials => ({
  ...userOf(row),
  passwordHash: row.password_hash,
  totpSecret: row.totp_secret,
  secondFactorDueAt: momentOf(row.second_factor_due_at),
});
