import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUIDv7 } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Outbox, sha256 } from '../../agent/sync/outbox.ts';
import { composeReport, signReport } from '../../agent/sync/report.ts';
import { serviceFlags } from '../../installers/bundle.ts';
import { factsDigestInput } from '../../shared/report.ts';
import { benchCallers } from './callers.ts';
import { median, printRow } from './measure.ts';
import { sampleObservation } from './sample-observation.ts';

const program = join(import.meta.dirname, '../../dist/agent/start.js');

/** The idle service, the outbox against a raw durable append, and what travels. */
export async function benchService(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  try {
    process.stdout.write('Agent as a service\n');
    if (process.platform === 'linux') await idle(join(folder, 'idle'));
    await writes(join(folder, 'outbox'));
    await offline(join(folder, 'offline'));
    wire();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const kibOf = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}:\\s+(\\d+)`, 'gm'))].reduce((sum, [, kib]) => sum + Number(kib), 0);

/** Resident and private memory of a process that waits, and the processor time it takes in ten seconds. */
async function waiting(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  afterwards: (pid: number) => Promise<void> = async () => {},
) {
  const child = spawn(process.execPath, argv, { stdio: 'ignore', env });
  try {
    await pause(5_000);
    const proc = `/proc/${child.pid}`;
    // Nanoseconds on a processor, of all threads: clock ticks of 10 ms are too coarse for what is measured here.
    const busy = () =>
      readdirSync(`${proc}/task`).reduce(
        (sum, task) => sum + Number(readFileSync(`${proc}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
        0,
      );
    const before = busy();
    await pause(10_000);
    const cpuMs = (busy() - before) / 1e6;
    const smaps = readFileSync(`${proc}/smaps_rollup`, 'utf8');
    const measured = {
      rssMiB: kibOf(smaps, 'Rss') / 1024,
      privateMiB: (kibOf(smaps, 'Private_Clean') + kibOf(smaps, 'Private_Dirty')) / 1024,
      cpuMs,
    };
    await afterwards(child.pid ?? 0);
    return measured;
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
}

async function idle(directory: string): Promise<void> {
  mkdirSync(directory);
  writeFileSync(join(directory, 'enrollment.json'), '{}');
  const nextCheckAt = new Date(Date.now() + 3_600_000).toISOString();
  const schedule = {
    schema: 'muster.schedule/1',
    lastCheckAt: null,
    nextCheckAt,
    retryAt: null,
    longestMs: 86_400_000,
  };
  writeFileSync(join(directory, 'schedule.json'), JSON.stringify(schedule));
  const service = await waiting(
    [...serviceFlags, program, '--service'],
    {
      ...process.env,
      MUSTER_STATE: directory,
    },
    (pid) => benchCallers(join(directory, 'agent.sock'), pid),
  );
  const bare = await waiting(['-e', 'setInterval(() => {}, 60_000)'], process.env);
  const ratio = service.rssMiB / bare.rssMiB;
  printRow('idle, resident', `${service.rssMiB.toFixed(1)} MiB`, 'at most 55 MiB', service.rssMiB <= 55);
  printRow(
    'idle, against a bare timer',
    `${ratio.toFixed(2)} x (${bare.rssMiB.toFixed(1)} MiB)`,
    'at most 1.4 x',
    ratio <= 1.4,
  );
  printRow(
    'idle, private',
    `${service.privateMiB.toFixed(1)} MiB`,
    'at most 15 MiB',
    service.privateMiB <= 15,
  );
  printRow(
    'idle, processor time in 10 s',
    `${service.cpuMs.toFixed(1)} ms`,
    'at most 10 ms',
    service.cpuMs <= 10,
  );
}

/** A durable add to the outbox beside an append with fdatasync of as many bytes, in turn. */
async function writes(directory: string): Promise<void> {
  const outbox = await Outbox.open(directory);
  const raw = openSync(join(directory, 'raw'), 'a');
  const adds: number[] = [];
  const appends: number[] = [];
  for (let number = 0; number < 300; number += 1) {
    const observation = sampleObservation(number);
    const bytes = JSON.stringify(observation);
    let started = performance.now();
    outbox.add(observation);
    adds.push(performance.now() - started);
    started = performance.now();
    writeSync(raw, bytes);
    fdatasyncSync(raw);
    appends.push(performance.now() - started);
  }
  closeSync(raw);
  outbox.close();
  const ratio = median(adds) / median(appends);
  printRow(
    'outbox, durable write against append+fdatasync',
    `${ratio.toFixed(2)} x (${median(adds).toFixed(2)} ms)`,
    'at most 3 x',
    ratio <= 3,
  );
}

/** A month without a network, reporting every hour, with one change a day. */
async function offline(directory: string): Promise<void> {
  const outbox = await Outbox.open(directory);
  for (let hour = 0; hour < 30 * 24; hour += 1) outbox.add(sampleObservation(Math.floor(hour / 24), hour));
  const { reports, dropped } = outbox.waiting();
  outbox.close();
  const mib = statSync(join(directory, 'outbox.db')).size / 1024 / 1024;
  printRow(
    `30 days offline: ${reports} kept, ${dropped} dropped`,
    `${mib.toFixed(2)} MiB`,
    'at most 20 MiB',
    mib <= 20,
  );
}

function wire(): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const none = async () => {};
  const key = {
    privateKey,
    publicKey: '',
    store: { home: 'file', description: '', read: async () => undefined, write: none, remove: none },
  } as const;
  const observation = sampleObservation(1);
  const body = { machine: observation.machine, facts: observation.facts };
  const digest = sha256(factsDigestInput(body));
  const pending = { ...observation, takenAt: observation.takenAt.toISOString(), digest, body };
  const size = (acceptedDigest: string | undefined) =>
    signReport(
      composeReport(pending, randomUUIDv7(), { sequence: 100_000, previous: digest, acceptedDigest }),
      key,
    );
  const unchanged = size(digest).length;
  const full = size(undefined);
  printRow('a report without a change, signed', `${unchanged} B`, 'at most 1024 B', unchanged <= 1_024);
  printRow('a full report, signed and packed', `${gzipSync(full).length} B (of ${full.length})`);
}
