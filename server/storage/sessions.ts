import { sha256 } from '../signing/compact-jws.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { newSecret } from './ids.ts';
import type { User } from './users.ts';

/** A session ends this long after it began, whatever happens in it. */
export const sessionHours = 12;
/** And this long after it was last used. */
export const sessionIdleHours = 2;

export interface Session {
  readonly user: number;
  /** Must come with every request of this session that changes something. */
  readonly csrf: string;
}

export interface SessionStore {
  /** Begins a session; the answer is the cookie's value. */
  begin(user: User, how: 'password' | 'link', at: Date): Promise<string>;
  /** The session behind a cookie, or undefined when it ended or never was. */
  find(cookie: string, at: Date): Promise<Session | undefined>;
  end(cookie: string): Promise<void>;
  /** A link that signs this person in once, until it expires; the answer is its secret. */
  createLink(user: User, expiresAt: Date, actor: Actor, at: Date): Promise<string>;
  /** The person a link is for; used up by asking. Undefined when it is not (or no longer) good. */
  useLink(secret: string, at: Date): Promise<number | undefined>;
  /** Removes what has expired. */
  purge(at: Date): Promise<void>;
}

const hour = 3_600_000;

export function sessionStore(db: Database): SessionStore {
  return {
    begin: (user, how, at) =>
      db.transaction().execute(async (writing) => {
        const cookie = newSecret();
        await writing
          .insertInto('sessions')
          .values({
            digest: sha256(cookie),
            user: user.number,
            csrf: newSecret(),
            created_at: at.getTime(),
            seen_at: at.getTime(),
            expires_at: at.getTime() + sessionHours * hour,
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization: null,
            actor: `user:${user.id}`,
            action: 'session.begin',
            subject: user.id,
            detail: { how },
          },
          at,
        );
        return cookie;
      }),
    async find(cookie, at) {
      const digest = sha256(cookie);
      const row = await db
        .selectFrom('sessions')
        .select(['user', 'csrf', 'seen_at', 'expires_at'])
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
      return { user: row.user, csrf: row.csrf };
    },
    async end(cookie) {
      await db.deleteFrom('sessions').where('digest', '=', sha256(cookie)).execute();
    },
    createLink: (user, expiresAt, actor, at) =>
      db.transaction().execute(async (writing) => {
        const secret = newSecret();
        await writing
          .insertInto('sign_in_links')
          .values({
            digest: sha256(secret),
            user: user.number,
            created_at: at.getTime(),
            expires_at: expiresAt.getTime(),
            used_at: null,
          })
          .execute();
        await appendAudit(
          writing,
          { organization: null, actor, action: 'sign-in-link.create', subject: user.id },
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
        .returning('user')
        .executeTakeFirst();
      return row?.user;
    },
    async purge(at) {
      await db.deleteFrom('sessions').where('expires_at', '<=', at.getTime()).execute();
      await db.deleteFrom('sign_in_links').where('expires_at', '<=', at.getTime()).execute();
      await db.deleteFrom('request_nonces').where('expires_at', '<=', at.getTime()).execute();
    },
  };
}
