import { sha256 } from '../signing/compact-jws.ts';
import type { Actor } from './audit.ts';
import type { Database } from './database.ts';
import { newId, newSecret } from './ids.ts';
import { appendPersonAudit, personAudited } from './person-audit.ts';
import type { User } from './users.ts';

/** A session ends this long after it began, whatever happens in it. */
export const sessionHours = 12;
/** And this long after it was last used. */
export const sessionIdleHours = 2;

/** How a person proved who they are. */
export const signInWays = [
  'password',
  'password-and-code',
  'password-and-recovery-code',
  'password-and-passkey',
  'passkey',
  'link',
  'single-sign-on',
] as const;
export type SignInWay = (typeof signInWays)[number];

export interface Session {
  readonly id: string;
  readonly user: number;
  readonly how: SignInWay;
  /** Must come with every request of this session that changes something. */
  readonly csrf: string;
  /** Only the account's own pages are open, until a second factor is set up. */
  readonly confined: boolean;
}

/** A session as its owner sees it listed. */
export interface ListedSession {
  readonly id: string;
  readonly how: SignInWay;
  /** `Firefox on Linux`; empty where it did not say. */
  readonly browser: string;
  readonly beganAt: Date;
  readonly seenAt: Date;
}

/** What a sign-in link is made for. */
export type LinkPurpose = 'console' | 'invitation';

export interface SessionStore {
  /** Begins a session; the answer is the cookie's value. */
  begin(
    user: User,
    how: SignInWay,
    at: Date,
    more?: { readonly browser?: string; readonly confined?: boolean },
  ): Promise<string>;
  /** The session behind a cookie, or undefined when it ended or never was. */
  find(cookie: string, at: Date): Promise<Session | undefined>;
  /** The sessions of a person that have not ended, newest first. */
  list(user: number, at: Date): Promise<readonly ListedSession[]>;
  end(cookie: string): Promise<void>;
  /** Ends one session of this person. False when there is no such session. */
  revoke(user: User, id: string, actor: Actor, at: Date): Promise<boolean>;
  /** Ends every session of this person but the one named. */
  revokeAll(user: User, except: string | undefined, actor: Actor, at: Date): Promise<void>;
  /** Notes that signing in as somebody was held up: one entry, also where there is no such person. */
  noteLocked(user: User | undefined, at: Date): Promise<void>;
  /** A link that signs this person in once, until it expires; the answer is its secret. */
  createLink(user: User, expiresAt: Date, actor: Actor, at: Date, purpose?: LinkPurpose): Promise<string>;
  /** Whom a link is for, and why it was made; used up by asking. Undefined when it is not (or no longer) good. */
  useLink(
    secret: string,
    at: Date,
  ): Promise<{ readonly user: number; readonly purpose: LinkPurpose } | undefined>;
  /** Removes what has expired. */
  purge(at: Date): Promise<void>;
}

const hour = 3_600_000;

export function sessionStore(db: Database): SessionStore {
  return {
    begin: (user, how, at, { browser = '', confined = false } = {}) =>
      db.transaction().execute(async (writing) => {
        const cookie = newSecret();
        await writing
          .insertInto('sessions')
          .values({
            digest: sha256(cookie),
            id: newId(at),
            user: user.number,
            csrf: newSecret(),
            how,
            browser,
            confined: confined ? 1 : 0,
            created_at: at.getTime(),
            seen_at: at.getTime(),
            expires_at: at.getTime() + sessionHours * hour,
          })
          .execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor: `user:${user.id}`, action: 'session.begin', subject: user.id, detail: { how } },
          at,
        );
        return cookie;
      }),
    async find(cookie, at) {
      const digest = sha256(cookie);
      const row = await db
        .selectFrom('sessions')
        .select(['id', 'user', 'how', 'csrf', 'confined', 'seen_at', 'expires_at'])
        .where('digest', '=', digest)
        .executeTakeFirst();
      const now = at.getTime();
      if (row === undefined || row.expires_at <= now || row.seen_at + sessionIdleHours * hour <= now) {
        return undefined;
      }
      // Noted at most once a minute: looking at a page should not cost a write.
      if (row.seen_at + 60_000 < now) {
        await db.updateTable('sessions').set({ seen_at: now }).where('digest', '=', digest).execute();
      }
      const { id, user, csrf } = row;
      return { id, user, how: row.how as SignInWay, csrf, confined: row.confined === 1 };
    },
    async list(user, at) {
      const now = at.getTime();
      const rows = await db
        .selectFrom('sessions')
        .select(['id', 'how', 'browser', 'created_at', 'seen_at'])
        .where('user', '=', user)
        .where('expires_at', '>', now)
        .where('seen_at', '>', now - sessionIdleHours * hour)
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        how: row.how as SignInWay,
        browser: row.browser,
        beganAt: new Date(row.created_at),
        seenAt: new Date(row.seen_at),
      }));
    },
    async end(cookie) {
      await db.deleteFrom('sessions').where('digest', '=', sha256(cookie)).execute();
    },
    revoke: (user, id, actor, at) =>
      personAudited(db, user.number, at, async (writing) => {
        const { numDeletedRows } = await writing
          .deleteFrom('sessions')
          .where('user', '=', user.number)
          .where('id', '=', id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return undefined;
        return { actor, action: 'session.end', subject: user.id };
      }),
    revokeAll: (user, except, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .deleteFrom('sessions')
          .where('user', '=', user.number)
          .where('id', '<>', except ?? '')
          .execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'session.end-all', subject: user.id },
          at,
        );
      }),
    noteLocked: (user, at) =>
      db
        .transaction()
        .execute((writing) =>
          appendPersonAudit(
            writing,
            user?.number ?? 0,
            { actor: 'collector', action: 'sign-in.locked', subject: user?.id ?? '' },
            at,
          ),
        ),
    createLink: (user, expiresAt, actor, at, purpose = 'console') =>
      db.transaction().execute(async (writing) => {
        const secret = newSecret();
        await writing
          .insertInto('sign_in_links')
          .values({
            digest: sha256(secret),
            user: user.number,
            purpose,
            created_at: at.getTime(),
            expires_at: expiresAt.getTime(),
            used_at: null,
          })
          .execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'sign-in-link.create', subject: user.id },
          at,
        );
        return secret;
      }),
    async useLink(secret, at) {
      // One statement: of two who come with the same link at the same time, one is too late.
      const row = await db
        .updateTable('sign_in_links')
        .set({ used_at: at.getTime() })
        .where('digest', '=', sha256(secret))
        .where('used_at', 'is', null)
        .where('expires_at', '>', at.getTime())
        .returning(['user', 'purpose'])
        .executeTakeFirst();
      return row && { user: row.user, purpose: row.purpose as LinkPurpose };
    },
    async purge(at) {
      const now = at.getTime();
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      await db.deleteFrom('sign_in_links').where('expires_at', '<=', now).execute();
      await db.deleteFrom('sign_in_steps').where('expires_at', '<=', now).execute();
      await db.deleteFrom('failed_attempts').where('until', '<=', now).execute();
      await db.deleteFrom('request_nonces').where('expires_at', '<=', now).execute();
    },
  };
}
