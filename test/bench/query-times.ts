import { StatementSync } from 'node:sqlite';
import pg from 'pg';
import { median } from './measure.ts';

/** How long every statement the stores have sent took, in milliseconds, since it was last asked. */
const times = new Map<string, number[]>();
const texts = new WeakMap<object, string>();

const note = (text: string, startedAt: number) => {
  const took = performance.now() - startedAt;
  const known = times.get(text);
  if (known === undefined) times.set(text, [took]);
  else known.push(took);
};

/** From now on every statement is timed, on either database. */
export function timeQueries(): void {
  for (const method of ['all', 'get', 'run'] as const) {
    const original = StatementSync.prototype[method] as (...given: unknown[]) => unknown;
    StatementSync.prototype[method] = function (this: StatementSync, ...given: unknown[]) {
      const startedAt = performance.now();
      const result = original.apply(this, given);
      const text = texts.get(this) ?? this.sourceSQL;
      texts.set(this, text);
      note(text, startedAt);
      return result;
    } as never;
  }
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const startedAt = performance.now();
    const result = query.apply(this, given);
    const [asked] = given as [string | { text?: string }];
    const text = typeof asked === 'string' ? asked : (asked.text ?? '');
    if (result instanceof Promise) void result.then(() => note(text, startedAt)).catch(() => {});
    return result;
  } as never;
}

/**
 * The statements that took longer in the middle of all times since this was last asked, slowest first: whatever else the machine
 * had to do at some moment does not make a statement slow.
 */
export function slowQueries(longerThanMs: number): readonly { readonly text: string; readonly ms: number }[] {
  const found = [...times]
    .map(([text, all]) => ({ text, ms: median(all) }))
    .filter(({ ms }) => ms > longerThanMs)
    .toSorted((a, b) => b.ms - a.ms);
  times.clear();
  return found;
}
