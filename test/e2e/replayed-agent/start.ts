import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The agent as it is, but for two things a test has to decide: what machine it reads (live.ts beside this file), and what time the
// clock of that machine says: `MUSTER_CLOCK` is how many milliseconds it is ahead.
const ahead = Number(process.env['MUSTER_CLOCK'] ?? 0);
if (ahead !== 0) {
  const TrueDate = Date;
  globalThis.Date = class extends TrueDate {
    constructor(...given: []) {
      if (given.length === 0) super(TrueDate.now() + ahead);
      else super(...given);
    }
    static override now(): number {
      return TrueDate.now() + ahead;
    }
  } as DateConstructor;
}
enableCompileCache(join(import.meta.dirname, '.cache'));
await import('../../../agent/main.ts');
