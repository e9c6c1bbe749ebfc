import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The middle value; of an even number of values the lower middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** The value below which `share` (0 to 1) of all values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface Command {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

/** What a start-up comparison must not inherit: it changes how long Node itself takes. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
}

/** Wall time in milliseconds of every command, in turn, after `warmUp` rounds that are not counted. */
export function wallTimes(commands: readonly Command[], rounds: number, warmUp = 1): Map<string, number[]> {
  const times = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { name, argv } of commands) {
      const [program, ...args] = argv;
      const started = performance.now();
      spawnSync(program, args, { stdio: 'ignore', env: environment() });
      if (round >= 0) times.get(name)?.push(performance.now() - started);
    }
  }
  return times;
}

/** Peak resident memory in MiB of a Node program, by its own account at its end; children are not in it. */
export function peakMemory(argv: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'peak-'));
  try {
    const hook = join(folder, 'hook.cjs');
    const result = join(folder, 'peak');
    writeFileSync(
      hook,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS)));`,
    );
    spawnSync(process.execPath, ['--require', hook, ...argv], { stdio: 'ignore', env: environment() });
    return Number(readFileSync(result, 'utf8')) / 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One line of a benchmark: what, the figure, the budget, and whether it is kept. */
export function printRow(what: string, figure: string, budget = '', kept?: boolean): void {
  const verdict = kept === undefined ? '' : kept ? 'within' : 'OVER';
  process.stdout.write(`  ${what.padEnd(46)} ${figure.padStart(18)}   ${budget.padEnd(22)} ${verdict}\n`);
}
