import childProcess, { type ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Preloaded into the service, and there only, by the bench: its clock and its timers run a hundred times as fast, and of the runs it
// starts only every so many-th is one (`MUSTER_WHOLE`); the others are a program that ends at once. A dot on file descriptor 3 for
// each run that has ended.
const faster = 100;
const whole = Number(process.env['MUSTER_WHOLE']);

if (process.argv.includes('--service')) {
  const TrueDate = Date;
  const begun = TrueDate.now();
  const now = () => begun + (TrueDate.now() - begun) * faster;
  globalThis.Date = class extends TrueDate {
    constructor(...given: []) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static override now(): number {
      return now();
    }
  } as DateConstructor;
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  globalThis.setTimeout = ((work: () => void, ms = 0) => timeout(work, ms / faster)) as typeof timeout;
  globalThis.setInterval = ((work: () => void, ms = 0) => interval(work, ms / faster)) as typeof interval;

  const { spawn } = childProcess;
  let runs = 0;
  Object.assign(childProcess, {
    spawn(program: string, args: readonly string[], options: object): ChildProcess {
      runs += 1;
      const child = runs % whole === 0 ? spawn(program, args, options) : spawn('/bin/true', [], options);
      child.once('exit', () => {
        try {
          writeSync(3, '.');
        } catch {
          // Nobody counts any more.
        }
      });
      return child;
    },
  });
  syncBuiltinESMExports();
}
