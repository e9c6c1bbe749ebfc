import type { Database } from './database.ts';

/** How many attempts of a name are counted together, and for how long. */
export interface AttemptLimit {
  readonly failures: number;
  readonly windowMs: number;
  /** Names remembered; those whose time is over soonest are forgotten first. */
  readonly names: number;
}

/** Attempts to prove who one is that have not succeeded, shared by every process on this database. Names are digests. */
export interface FailedAttemptStore {
  /**
   * Counts an attempt as failed before it is looked at, so that of many at once no more than the limit are looked at. The answer is how many
   * have failed with it; undefined where the name has to wait, and nothing is counted.
   */
  begin(name: Uint8Array, limit: AttemptLimit, at: Date): Promise<number | undefined>;
  /** The attempt was right: the name has a clean sheet. */
  forget(name: Uint8Array): Promise<void>;
}

export function failedAttemptStore(db: Database): FailedAttemptStore {
  return {
    async begin(name, { failures, windowMs, names }, at) {
      const now = at.getTime();
      const until = now + windowMs;
      const row = await db
        .insertInto('failed_attempts')
        .values({ name: Buffer.from(name), failures: 1, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet((known) => ({
              failures: known
                .case()
                .when('failed_attempts.until', '<=', now)
                .then(1)
                .else(known('failed_attempts.failures', '+', 1))
                .end(),
              until,
            }))
            .where((where) =>
              where.or([
                where('failed_attempts.until', '<=', now),
                where('failed_attempts.failures', '<', failures),
              ]),
            ),
        )
        .returning('failures')
        .executeTakeFirst();
      if (row?.failures === 1) {
        await db.deleteFrom('failed_attempts').where('until', '<=', now).execute();
        const surplus = await db
          .selectFrom('failed_attempts')
          .select('until')
          .orderBy('until', 'desc')
          .offset(names)
          .limit(1)
          .executeTakeFirst();
        if (surplus !== undefined) {
          await db.deleteFrom('failed_attempts').where('until', '<=', surplus.until).execute();
        }
      }
      return row?.failures;
    },
    async forget(name) {
      await db.deleteFrom('failed_attempts').where('name', '=', Buffer.from(name)).execute();
    },
  };
}
