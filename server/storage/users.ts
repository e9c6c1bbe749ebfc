import type { Role } from '../permissions.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';

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
  readonly totpSecret: string | null;
}

export interface Membership {
  readonly organization: number;
  readonly roles: readonly Role[];
  /** The organization is made up for a demonstration. */
  readonly sample: boolean;
}

export interface UserStore {
  /** Throws where the address is taken. */
  create(given: { email: string; name: string }, actor: Actor, at: Date): Promise<User>;
  byEmail(email: string): Promise<Credentials | undefined>;
  byNumber(number: number): Promise<User | undefined>;
  memberships(user: number): Promise<readonly Membership[]>;
  /** Gives a role beside those the person has there; twice the same is no change. */
  grant(user: User, organization: number, role: Role, actor: Actor, at: Date): Promise<void>;
  /** Sets a password (already hashed) and ends every session there is. */
  setPassword(user: User, hash: string, actor: Actor, at: Date): Promise<void>;
}

export function userStore(db: Database): UserStore {
  return {
    create: ({ email, name }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const row = { id: newId(at), email: email.trim().toLowerCase(), name, created_at: at.getTime() };
        const { number } = await writing
          .insertInto('users')
          .values({ ...row, password_hash: null, totp_secret: null, totp_step: null, disabled_at: null })
          .returning('number')
          .executeTakeFirstOrThrow();
        await appendAudit(writing, { organization: null, actor, action: 'user.create', subject: row.id }, at);
        return { number, id: row.id, email: row.email, name, disabled: false };
      }),
    async byEmail(email) {
      const row = await db
        .selectFrom('users')
        .select(['number', 'id', 'email', 'name', 'disabled_at', 'password_hash', 'totp_secret'])
        .where('email', '=', email.trim().toLowerCase())
        .executeTakeFirst();
      return row && { ...userOf(row), passwordHash: row.password_hash, totpSecret: row.totp_secret };
    },
    async byNumber(number) {
      const row = await db
        .selectFrom('users')
        .select(['number', 'id', 'email', 'name', 'disabled_at'])
        .where('number', '=', number)
        .executeTakeFirst();
      return row && userOf(row);
    },
    async memberships(user) {
      const rows = await db
        .selectFrom('memberships')
        .innerJoin('organizations', 'organizations.number', 'memberships.organization')
        .select(['memberships.organization', 'memberships.role', 'organizations.sample'])
        .where('memberships.user', '=', user)
        .orderBy('memberships.organization')
        .execute();
      const held = new Map<number, { organization: number; roles: Role[]; sample: boolean }>();
      for (const { organization, role, sample } of rows) {
        const membership = held.get(organization);
        if (membership !== undefined) membership.roles.push(role as Role);
        else held.set(organization, { organization, roles: [role as Role], sample: sample === 1 });
      }
      return [...held.values()];
    },
    grant: (user, organization, role, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .insertInto('memberships')
          .values({ user: user.number, organization, role })
          .onConflict((conflict) => conflict.columns(['user', 'organization', 'role']).doNothing())
          .execute();
        await appendAudit(
          writing,
          { organization, actor, action: 'membership.grant', subject: user.id, detail: { role } },
          at,
        );
      }),
    setPassword: (user, hash, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('users')
          .set({ password_hash: hash })
          .where('number', '=', user.number)
          .execute();
        await writing.deleteFrom('sessions').where('user', '=', user.number).execute();
        await appendAudit(
          writing,
          { organization: null, actor, action: 'user.set-password', subject: user.id },
          at,
        );
      }),
  };
}

function userOf(row: {
  number: number;
  id: string;
  email: string;
  name: string;
  disabled_at: number | null;
}): User {
  return {
    number: row.number,
    id: row.id,
    email: row.email,
    name: row.name,
    disabled: row.disabled_at !== null,
  };
}
