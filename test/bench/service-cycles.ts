import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { serviceFlags } from '../../installers/bundle.ts';
import { formatToken } from '../../shared/api.ts';
import { runAgent } from '../agent/run-agent.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { printRow } from './measure.ts';

const program = join(import.meta.dirname, '../../dist/agent/start.js');
const accelerated = join(import.meta.dirname, 'accelerated.ts');
const cycles = 10_000;
/** One in so many cycles makes and delivers a whole report; `MUSTER_WHOLE=1` for all of them, which takes hours. */
const whole = Number(process.env['MUSTER_WHOLE'] ?? 50);
/** The heap finds its size in the first cycles. */
const settled = 2_000;
const every = 250;

/** The service itself, its clock a hundred times as fast, against a collector process: what 10,000 cycles leave behind in its memory. */
export async function benchCycles(folder: string): Promise<void> {
  const state = join(folder, 'laptop');
  const data = join(folder, 'collector');
  mkdirSync(state, { recursive: true });
  mkdirSync(data);
  const collector = await CollectorProcess.at(data, { LOG_LEVEL: 'silent' });
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  await collector.serve();
  try {
    const env = { MUSTER_STATE: state };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const token = formatToken({ url: collector.url, code: await collector.code(), expiresAt, pin: null });
    const enrolled = await runAgent(['--enroll', token, '--yes'], env, program);
    if (enrolled.code !== 0) throw new Error(enrolled.stderr);
    // The service runs without WebAssembly, which Node needs to leave the types out.
    const preload = join(folder, 'accelerated.mjs');
    writeFileSync(preload, stripTypeScriptTypes(readFileSync(accelerated, 'utf8')));
    const memory = await run(state, preload);
    const growth = slope(memory.filter(({ cycle }) => cycle >= settled)) * cycles;
    const last = memory.at(-1)?.privateMiB ?? Number.NaN;
    printRow(`private after ${cycles} cycles`, `${last.toFixed(1)} MiB`);
    printRow(
      `slope over ${cycles} cycles, ${Math.floor(cycles / whole)} whole reports`,
      `${growth.toFixed(2)} MiB`,
      'at most 1 MiB',
      growth <= 1,
    );
  } finally {
    await collector.end('SIGKILL');
  }
}

interface Sample {
  readonly cycle: number;
  readonly privateMiB: number;
}

async function run(state: string, preload: string): Promise<readonly Sample[]> {
  const service = spawn(
    process.execPath,
    [...serviceFlags, '--import', preload, program, '--service', '--log-level', 'silent'],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...process.env, MUSTER_STATE: state, MUSTER_INTERVAL: '1s', MUSTER_WHOLE: String(whole) },
    },
  );
  const memory: Sample[] = [];
  let cycle = 0;
  try {
    for await (const dots of service.stdio[3] as Readable) {
      const before = cycle;
      cycle += (dots as Buffer).length;
      if (Math.floor(before / every) < Math.floor(cycle / every))
        memory.push({ cycle, privateMiB: privateOf(service.pid ?? 0) });
      if (cycle >= cycles) break;
    }
    return memory;
  } finally {
    service.kill('SIGTERM');
  }
}

function privateOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm)].reduce(
    (sum, [, found]) => sum + Number(found),
    0,
  );
  return kib / 1024;
}

/** Least squares: MiB a cycle. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [cycleMean, mibMean] = [mean(({ cycle }) => cycle), mean(({ privateMiB }) => privateMiB)];
  const over = samples.reduce(
    (sum, { cycle, privateMiB }) => sum + (cycle - cycleMean) * (privateMiB - mibMean),
    0,
  );
  return over / samples.reduce((sum, { cycle }) => sum + (cycle - cycleMean) ** 2, 0);
}
