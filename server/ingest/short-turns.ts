import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Hundreds of requests may be read from their connections in one turn of the event loop, and everybody else would wait until the
 * last of them is done. `turn()` lets a turn do work for about `maxMs`, and the rest in the turns that follow, in the order they
 * came.
 */
export function shortTurns(maxMs = 4): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let busy = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const until = performance.now() + maxMs;
      while (waiting.length > 0 && performance.now() < until) {
        waiting.shift()?.();
        // What was let go does its work before this goes on.
        await undefined;
      }
      await nextTurn();
    }
    busy = false;
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (busy) return;
      busy = true;
      void work();
    });
}
