import type { Sealer } from './signing/sealing.ts';
import type { FailedAttemptStore } from './storage/failed-attempts.ts';

/** Failures one name may have in a window before it has to wait, wherever they come from and whichever process they reach. */
const limit = { failures: 10, windowMs: 15 * 60_000, names: 50_000 };

/**
 * Counts attempts to prove who one is, by the name they are for. Kept in the database, so that a restart or a second process gives nobody
 * more of them; a name is kept as a keyed digest, which says nothing to whoever has the database alone.
 */
export interface Attempts {
  /**
   * Counts one more attempt. `locks` where its failing makes the name wait; undefined where the name must wait already. The same for
   * names that exist and names that do not.
   */
  begin(name: string, at: Date): Promise<{ readonly locks: boolean } | undefined>;
  /** The attempt was right. */
  succeeded(name: string): Promise<void>;
}

export function countAttempts(store: FailedAttemptStore, sealer: Sealer): Attempts {
  const digest = (name: string) => sealer.digest('failed-attempts', '', name);
  return {
    async begin(name, at) {
      const count = await store.begin(digest(name), limit, at);
      return count === undefined ? undefined : { locks: count === limit.failures };
    },
    succeeded: (name) => store.forget(digest(name)),
  };
}
