import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
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
import { openCollector } from '../../agent/sync/client.ts';
import { deliver } from '../../agent/sync/delivery.ts';
import { Outbox } from '../../agent/sync/outbox.ts';
import { serviceFlags } from '../../installers/bundle.ts';
import { FakeCollector } from '../agent/sync/fake-collector.ts';
import { recordedWire } from '../agent/sync/recorded-wire.ts';
import { benchCallers } from './callers.ts';
import { median, printRow } from './measure.ts';
import { sampleObservation } from './sample-observation.ts';
import { benchCycles } from './service-cycles.ts';

const program = join(import.meta.dirname, '../../dist/agent/start.js');

/** The idle service, the outbox against a raw durable append, and what travels. */
export async function benchService(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  try {
    process.stdout.write('Agent as a service\n');
    if (process.platform === 'linux') await idle(join(folder, 'idle'));
    await writes(join(folder, 'outbox'));
    await offline(join(folder, 'offline'));
    await wire(join(folder, 'wire'));
    if (process.platform === 'linux') await benchCycles(join(folder, 'cycles'));
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

/** What one delivery sends and gets, head and body, as a wire in front of a collector sees it. TLS adds 22 bytes a record. */
async function wire(directory: string): Promise<void> {
  mkdirSync(directory);
  const collector = await FakeCollector.start({ tls: null });
  const wire = await recordedWire(collector.port);
  const open = openCollector(wire.url, null);
  const outbox = await Outbox.open(directory);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  collector.publicKey = publicKey.export({ format: 'jwk' }).x ?? '';
  const none = async () => {};
  const store = { home: 'file', description: '', read: async () => '', write: none, remove: none } as const;
  const key = { privateKey, publicKey: collector.publicKey, store };
  const context = { directory, device: collector.device, outbox, collector: open, key, prove: none };
  const send = async (number: number) => {
    outbox.add({ ...sampleObservation(number), takenAt: new Date() });
    const { problem } = await deliver({ ...context, now: () => new Date() });
    if (problem !== undefined) throw problem;
    const bytes = wire.take();
    return { total: bytes.length, body: bytes.length - bytes.indexOf('\r\n\r\n') - 4 };
  };
  const full = await send(1);
  const unchanged = await send(1);
  printRow(
    'an unchanged report, signed: HTTP body; with head',
    `${unchanged.body} B; ${unchanged.total} B`,
    'at most 1024 B',
    unchanged.total <= 1_024,
  );
  const jws = collector.kept[0]?.jws.length ?? 0;
  printRow(
    'a full report, signed: packed; with head',
    `${full.body} B; ${full.total} B`,
    `(${jws} B unpacked)`,
  );
  open.close();
  outbox.close();
  wire.stop();
  await collector.stop();
}
