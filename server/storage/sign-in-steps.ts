import { sha256 } from '../signing/compact-jws.ts';
import type { Database } from './database.ts';
import { newSecret } from './ids.ts';

/** What a browser has begun and must finish within minutes. */
export type StepPurpose = 'second-factor' | 'passkey' | 'passkey-setup' | 'single-sign-on';

export interface SignInStep {
  /** The person it is about; null where that shows only at the end. */
  readonly user: number | null;
  /** What the next request has to fit: a challenge, a nonce, where to go afterwards. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Half-finished sign-ins. Each is known to one browser by a cookie, and good once. */
export interface SignInStepStore {
  /** Begins a step; the answer is the cookie's value. */
  begin(purpose: StepPurpose, step: SignInStep, expiresAt: Date): Promise<string>;
  /** Looks at a step without using it up. Undefined when it is over or was tried too often. */
  find(secret: string, purpose: StepPurpose, at: Date): Promise<SignInStep | undefined>;
  /** Looks at a step without using it up; counts the try. Undefined when it is over or was tried too often. */
  attempt(secret: string, purpose: StepPurpose, at: Date): Promise<SignInStep | undefined>;
  /** Adds to what the next request has to fit. */
  amend(secret: string, detail: Readonly<Record<string, string>>): Promise<void>;
  /** Uses a step up: of two who come with it at the same time, one is too late. */
  take(secret: string, purpose: StepPurpose, at: Date): Promise<SignInStep | undefined>;
}

/** Wrong codes before one has to begin again with the password. */
const maxTries = 5;

export function signInStepStore(db: Database): SignInStepStore {
  return {
    async begin(purpose, { user, detail }, expiresAt) {
      const secret = newSecret();
      await db
        .insertInto('sign_in_steps')
        .values({
          digest: sha256(secret),
          purpose,
          user,
          detail: JSON.stringify(detail),
          tries: 0,
          expires_at: expiresAt.getTime(),
        })
        .execute();
      return secret;
    },
    async find(secret, purpose, at) {
      const row = await db
        .selectFrom('sign_in_steps')
        .select(['user', 'detail'])
        .where('digest', '=', sha256(secret))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', at.getTime())
        .where('tries', '<', maxTries)
        .executeTakeFirst();
      return row && stepOf(row);
    },
    async attempt(secret, purpose, at) {
      const row = await db
        .updateTable('sign_in_steps')
        .set((expression) => ({ tries: expression('tries', '+', 1) }))
        .where('digest', '=', sha256(secret))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', at.getTime())
        .where('tries', '<', maxTries)
        .returning(['user', 'detail'])
        .executeTakeFirst();
      return row && stepOf(row);
    },
    async amend(secret, detail) {
      await db.transaction().execute(async (writing) => {
        const row = await writing
          .selectFrom('sign_in_steps')
          .select('detail')
          .where('digest', '=', sha256(secret))
          .executeTakeFirst();
        if (row === undefined) return;
        await writing
          .updateTable('sign_in_steps')
          .set({ detail: JSON.stringify({ ...stepOf({ user: null, ...row }).detail, ...detail }) })
          .where('digest', '=', sha256(secret))
          .execute();
      });
    },
    async take(secret, purpose, at) {
      const row = await db
        .deleteFrom('sign_in_steps')
        .where('digest', '=', sha256(secret))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', at.getTime())
        .returning(['user', 'detail'])
        .executeTakeFirst();
      return row && stepOf(row);
    },
  };
}

const stepOf = ({ user, detail }: { user: number | null; detail: string }): SignInStep => ({
  user,
  detail: JSON.parse(detail) as SignInStep['detail'],
});
