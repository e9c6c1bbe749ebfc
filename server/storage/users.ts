import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';
import { momentOf } from './moments.ts';
import { appendPersonAudit } from './person-audit.ts';
import { keepAdministrator, type RoleStore, roleStore } from './roles.ts';

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

/** People with an account, and the roles they hold. */
export interface UserStore extends RoleStore {
  /** Throws where the address is taken. */
  create(given: { email: string; name: string }, actor: Actor, at: Date): Promise<User>;
  byEmail(email: string): Promise<Credentials | undefined>;
  byNumber(number: number): Promise<User | undefined>;
  byId(id: string): Promise<User | undefined>;
  /** What signing in needs to know of a person who is known already. */
  credentials(number: number): Promise<Credentials | undefined>;
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

export function userStore(db: Database): UserStore {
  return {
    ...roleStore(db),
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
