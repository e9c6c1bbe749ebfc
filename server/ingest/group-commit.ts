import { HttpProblem } from '../problem.ts';

export interface GroupCommitOptions<T, R> {
  /** Keeps a group; what it returns, in the group's order, is on the disk. Throws when nothing was kept. */
  readonly keep: (group: readonly T[]) => Promise<readonly R[]>;
  /** A group is written when it has this many, */
  readonly maxGroup?: number;
  /** or when its first member has waited this long. */
  readonly maxDelayMs?: number;
  /** More waiting than this are turned away at once: memory must not grow with the load. */
  readonly maxWaiting?: number;
}

export interface GroupCommit<T, R> {
  /** Resolves when it is on the disk. Throws HttpProblem `overloaded` when too many wait, or whatever `keep` threw for it. */
  add(item: T): Promise<R>;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One flush of the disk for many: what arrives close together is committed together, and nobody is answered before. This is
 * what makes full durability cheap.
 */
export function groupCommit<T, R>(options: GroupCommitOptions<T, R>): GroupCommit<T, R> {
  const { keep, maxGroup = 200, maxDelayMs = 5, maxWaiting = 2_000 } = options;
  let waiting: Waiting<T, R>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  async function write(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await keep(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => {
        resolve(results[index] as R);
      });
    } catch (error) {
      if (group.length === 1) {
        group[0]?.reject(error);
        return;
      }
      // One that cannot be kept must not take the others with it.
      for (const one of group) await write([one]);
    }
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writing !== undefined || waiting.length === 0) return;
    const group = waiting.slice(0, maxGroup);
    waiting = waiting.slice(maxGroup);
    writing = write(group).finally(() => {
      writing = undefined;
      // Let everybody else have a turn before the next group.
      if (waiting.length > 0) setImmediate(flush);
    });
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= maxWaiting) {
          reject(new HttpProblem('overloaded', {}, 5 + Math.floor(Math.random() * 25)));
          return;
        }
        waiting.push({ item, resolve, reject });
        if (waiting.length >= maxGroup) flush();
        else timer ??= setTimeout(flush, maxDelayMs);
      }),
    async drained() {
      while (writing !== undefined || waiting.length > 0) {
        flush();
        await (writing ?? new Promise((resolve) => setImmediate(resolve)));
      }
    },
  };
}
