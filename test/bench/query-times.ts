import { StatementSync } from 'node:sqlite';
import pg from 'pg';

/** The slowest time of every statement the stores have sent, in milliseconds, since it was last asked. */
const slowest = new Map<string, number>();
const texts = new WeakMap<object, string>();

const note = (text: string, startedAt: number) => {
  const took = performance.now() - startedAt;
  if (took > (slowest.get(text) ?? 0)) slowest.set(text, took);
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

/** The statements that took longer since this was last asked, slowest first. */
export function slowQueries(longerThanMs: number): readonly { readonly text: string; readonly ms: number }[] {
  const found = [...slowest]
    .map(([text, ms]) => ({ text, ms }))
    .filter(({ ms }) => ms > longerThanMs)
    .toSorted((a, b) => b.ms - a.ms);
  slowest.clear();
  return found;
}
