import type { Actor } from './audit.ts';
import type { Database } from './database.ts';

/** What is known of a request that names itself. */
export type KeptAnswer =
  /** It comes for the first time; from now on it counts as begun. */
  | { readonly kind: 'new' }
  /** It was answered before, and like this; null where the answer was to be given once. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: string | null }
  /** It is under way, or was when the collector ended: it may have been done. */
  | { readonly kind: 'begun' }
  /** Another request had this name. */
  | { readonly kind: 'other' };

/** Answers are kept this long. */
export const keptHours = 24;

/** Requests that may come twice, and how they were answered the first time. */
export interface KeptAnswerStore {
  /** `request` is a digest of everything that was asked. */
  begin(caller: Actor, key: string, request: Uint8Array, at: Date): Promise<KeptAnswer>;
  keep(caller: Actor, key: string, status: number, body: string | null): Promise<void>;
  /** Nothing was done: it may be tried again under the same name. */
  forget(caller: Actor, key: string): Promise<void>;
  /** Removes what has expired. */
  purge(at: Date): Promise<void>;
}

export function keptAnswerStore(db: Database): KeptAnswerStore {
  return {
    begin: (caller, key, request, at) =>
      db.transaction().execute(async (writing) => {
        const known = await writing
          .selectFrom('kept_answers')
          .select(['request', 'status', 'body', 'expires_at'])
          .where('caller', '=', caller)
          .where('key', '=', key)
          .executeTakeFirst();
        if (known !== undefined && known.expires_at > at.getTime()) {
          if (Buffer.compare(known.request, request) !== 0) return { kind: 'other' };
          const { status, body } = known;
          return status === null ? { kind: 'begun' } : { kind: 'answered', status, body };
        }
        const row = {
          request,
          status: null,
          body: null,
          expires_at: at.getTime() + keptHours * 3_600_000,
        };
        await writing
          .insertInto('kept_answers')
          .values({ caller, key, ...row })
          .onConflict((conflict) => conflict.columns(['caller', 'key']).doUpdateSet(row))
          .execute();
        return { kind: 'new' };
      }),
    async keep(caller, key, status, body) {
      await db
        .updateTable('kept_answers')
        .set({ status, body })
        .where('caller', '=', caller)
        .where('key', '=', key)
        .execute();
    },
    async forget(caller, key) {
      await db.deleteFrom('kept_answers').where('caller', '=', caller).where('key', '=', key).execute();
    },
    async purge(at) {
      await db.deleteFrom('kept_answers').where('expires_at', '<=', at.getTime()).execute();
    },
  };
}
