import type { Actor } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { appendPersonAudit, personAudited } from './person-audit.ts';
import type { User } from './users.ts';

/** Which second factors a person has. */
export interface SecondFactors {
  readonly app: boolean;
  readonly passkeys: number;
  /** Recovery codes that were not used yet. */
  readonly recoveryCodes: number;
}

export interface SecondFactorStore {
  of(user: number): Promise<SecondFactors>;
  /** Sets up an authenticator app by its sealed secret, with recovery codes by digest; the code of this step is used up. */
  addApp(
    user: User,
    given: { readonly secret: string; readonly step: number; readonly recoveryCodes: readonly Uint8Array[] },
    actor: Actor,
    at: Date,
  ): Promise<void>;
  /** Takes the app and the recovery codes away. */
  removeApp(user: User, actor: Actor, at: Date): Promise<void>;
  /** Uses up a time step and every one before it; false when it was used already. */
  useStep(user: number, step: number): Promise<boolean>;
  /** New recovery codes instead of those there are. */
  replaceRecoveryCodes(user: User, digests: readonly Uint8Array[], actor: Actor, at: Date): Promise<void>;
  /** Uses up a recovery code; false when there is no such code or it was used. */
  useRecoveryCode(user: User, digest: Uint8Array, at: Date): Promise<boolean>;
}

export function secondFactorStore(db: Database): SecondFactorStore {
  async function writeCodes(writing: Writing, user: number, digests: readonly Uint8Array[]): Promise<void> {
    await writing.deleteFrom('recovery_codes').where('user', '=', user).execute();
    await writing
      .insertInto('recovery_codes')
      .values(digests.map((digest) => ({ digest, user, used_at: null })))
      .execute();
  }

  return {
    async of(user) {
      const [app, passkeys, codes] = await Promise.all([
        db.selectFrom('users').select('totp_secret').where('number', '=', user).executeTakeFirst(),
        db.selectFrom('passkeys').select('id').where('user', '=', user).execute(),
        db
          .selectFrom('recovery_codes')
          .select('digest')
          .where('user', '=', user)
          .where('used_at', 'is', null)
          .execute(),
      ]);
      return {
        app: app !== undefined && app.totp_secret !== null,
        passkeys: passkeys.length,
        recoveryCodes: codes.length,
      };
    },
    addApp: (user, { secret, step, recoveryCodes }, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('users')
          .set({ totp_secret: secret, totp_step: step })
          .where('number', '=', user.number)
          .execute();
        await writeCodes(writing, user.number, recoveryCodes);
        await writing.updateTable('sessions').set({ confined: 0 }).where('user', '=', user.number).execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'second-factor.add', subject: user.id },
          at,
        );
      }),
    removeApp: (user, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('users')
          .set({ totp_secret: null, totp_step: null })
          .where('number', '=', user.number)
          .execute();
        await writing.deleteFrom('recovery_codes').where('user', '=', user.number).execute();
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'second-factor.remove', subject: user.id },
          at,
        );
      }),
    async useStep(user, step) {
      const { numUpdatedRows } = await db
        .updateTable('users')
        .set({ totp_step: step })
        .where('number', '=', user)
        .where((where) => where.or([where('totp_step', 'is', null), where('totp_step', '<', step)]))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    replaceRecoveryCodes: (user, digests, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writeCodes(writing, user.number, digests);
        await appendPersonAudit(
          writing,
          user.number,
          { actor, action: 'recovery-codes.create', subject: user.id },
          at,
        );
      }),
    useRecoveryCode: (user, digest, at) =>
      personAudited(db, user.number, at, async (writing) => {
        const { numUpdatedRows } = await writing
          .updateTable('recovery_codes')
          .set({ used_at: at.getTime() })
          .where('digest', '=', digest)
          .where('user', '=', user.number)
          .where('used_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return undefined;
        return { actor: `user:${user.id}`, action: 'recovery-code.use', subject: user.id };
      }),
  };
}
