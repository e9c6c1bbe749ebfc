import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { createCollectorKey } from '../../server/signing/collector-key.ts';
import { openStores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import type { SampleDevice } from '../server/sample-device.ts';
import { bundled } from './bundled.ts';
import { type Load, sendAll } from './load.ts';
import { median, printRow, quantile } from './measure.ts';
import { sampleFleetFacts, seeded, seedFleet, withFirewall } from './sample-fleet.ts';

export const connections = 64;
const perRound = 40;
const rounds = 5;
/** Rounds that are not counted: a collector runs for weeks, and the compiler has finished with its code after its first 20,000 reports. */
const warming = 6;
const statusPort = 39_871;

/** On a machine with several cores the server has one for itself, and everything else the others. */
const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Leaves the server's core alone, or takes part in it again. */
function keepTo(cores: 'others' | 'all'): void {
  if (!pinned) return;
  const last = availableParallelism() - 1;
  spawnSync('taskset', ['-apc', `${cores === 'others' ? 1 : 0}-${last}`, String(process.pid)]);
}

export interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

export function start(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcess {
  const command = pinned ? ['taskset', '-c', '0', process.execPath] : [process.execPath];
  return spawn(command[0] ?? '', [...command.slice(1), program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

export async function firstLine<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return JSON.parse(line) as T;
}

async function statusOf(port: number): Promise<{ cpuMs: number; turnP99: number; rss: number }> {
  return (await (await fetch(`http://127.0.0.1:${port}`)).json()) as {
    cpuMs: number;
    turnP99: number;
    rss: number;
  };
}

interface Round {
  readonly load: Load;
  /** Processor time of the server for each report, in microseconds. */
  readonly cpu: number;
  readonly turnP99: number;
  readonly rss: number;
}

export async function measure(
  server: Server,
  status: number,
  reports: readonly (readonly string[])[],
): Promise<Round> {
  const before = await statusOf(status);
  const load = await sendAll(server.port, reports);
  const after = await statusOf(status);
  return {
    load,
    cpu: ((after.cpuMs - before.cpuMs) * 1_000) / load.latencies.length,
    turnP99: after.turnP99,
    rss: after.rss,
  };
}

/** The next reports of every device: each one changed in one point, or none. */
export function nextReports(devices: readonly SampleDevice[], changed: boolean, round: number): string[][] {
  return devices.map((device, index) => {
    const facts = sampleFleetFacts(seeded(index), device.machine);
    return Array.from({ length: perRound }, (_, turn) =>
      changed
        ? device.full(withFirewall(facts, (turn + round) % 2 === 0 ? 'on' : 'off'))
        : device.unchanged(),
    );
  });
}

/** What the parts that no collector can do without take by themselves. */
interface BareParts {
  /** Rows a second that SQLite takes in groups of 50, everything on the disk. */
  readonly sqliteRate: number;
  /** Processor time of such a row, and of a signature of each kind of report, in microseconds. */
  readonly row: number;
  readonly fullSignature: number;
  readonly unchangedSignature: number;
}

/** Accepted signed reports a second on one core, beside what the machine can do, taking turns in one run. */
export async function benchIngest(): Promise<void> {
  const program = await bundled('ingest-server');
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  createCollectorKey(folder);
  const stores = await openStores(`sqlite:${join(folder, 'collector.db')}`);
  const organization = await stores.organizations.create(
    { name: 'Sample', contact: '', policy: basePolicy() },
    'console',
    new Date(),
  );
  const fleet = await seedFleet(stores, organization, connections + 20, seeded(1));
  await stores.close();
  // Those that have reported; the others have no chain to go on with.
  const devices = fleet.filter(({ sequence }) => sequence > 0).slice(0, connections);

  const children: ChildProcess[] = [];
  const serve = async (what: string, status: number): Promise<Server> => {
    const child = start(program, [what, String(status)], { MUSTER_DATA: folder });
    children.push(child);
    return { child, port: (await firstLine<{ port: number }>(child)).port };
  };
  try {
    const collector = await serve('collector', statusPort);
    const ack = await serve('ack', statusPort + 1);
    const results: Record<'full' | 'unchanged' | 'ackFull' | 'ackUnchanged', Round[]> = {
      full: [],
      unchanged: [],
      ackFull: [],
      ackUnchanged: [],
    };
    const measureBare = async (name: string, full: string[], unchanged: string[]): Promise<BareParts> => {
      const once = async <T>(what: string, bodies: readonly string[]): Promise<T> => {
        const file = join(folder, 'bodies.json');
        writeFileSync(file, JSON.stringify(bodies));
        const child = start(program, [what, file, join(folder, `${name}.db`)]);
        children.push(child);
        return firstLine<T>(child);
      };
      const { rate, cpuMs } = await once<{ rate: number; cpuMs: number }>('sqlite', full);
      const signature = async (of: string[]) => (await once<{ cpuMs: number }>('signatures', of)).cpuMs;
      return {
        sqliteRate: rate,
        row: cpuMs * 1_000,
        fullSignature: (await signature(full)) * 1_000,
        unchangedSignature: (await signature(unchanged)) * 1_000,
      };
    };
    const bare: BareParts[] = [];
    keepTo('others');
    for (let round = -warming; round < rounds; round += 1) {
      const full = nextReports(devices, true, round);
      const [rFull, aFull] = [
        await measure(collector, statusPort, full),
        await measure(ack, statusPort + 1, full),
      ];
      const unchanged = nextReports(devices, false, round);
      const [rUnchanged, aUnchanged] = [
        await measure(collector, statusPort, unchanged),
        await measure(ack, statusPort + 1, unchanged),
      ];
      if (round < 0) continue;
      results.full.push(rFull);
      results.ackFull.push(aFull);
      results.unchanged.push(rUnchanged);
      results.ackUnchanged.push(aUnchanged);
      bare.push(await measureBare(`raw${round}`, full.flat(), unchanged.flat()));
    }
    report(results, bare);
    sizes(join(folder, 'collector.db'));
  } finally {
    keepTo('all');
    for (const child of children) child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  results: Readonly<Record<'full' | 'unchanged' | 'ackFull' | 'ackUnchanged', readonly Round[]>>,
  bare: readonly BareParts[],
): void {
  const rate = (of: readonly Round[]) => median(of.map(({ load }) => load.rate));
  const cpu = (of: readonly Round[]) => median(of.map((round) => round.cpu));
  process.stdout.write(
    `Ingest, ${connections} connections, server ${pinned ? 'alone on one core' : 'not pinned to a core'}, medians of ${rounds} rounds of ${connections * perRound} reports\n`,
  );
  const part = (name: keyof BareParts) => median(bare.map((parts) => parts[name]));
  const raw = part('sqliteRate');
  printRow(
    'bare fastify acknowledgement, full report',
    `${rate(results.ackFull).toFixed(0)}/s, ${cpu(results.ackFull).toFixed(0)} µs`,
  );
  printRow('raw SQLite, groups of 50, FULL', `${raw.toFixed(0)}/s, ${part('row').toFixed(0)} µs`);
  for (const [name, of, ack, signature] of [
    ['changed full report', results.full, results.ackFull, part('fullSignature')],
    ['unchanged report', results.unchanged, results.ackUnchanged, part('unchangedSignature')],
  ] as const) {
    const statuses = new Set(of.flatMap(({ load }) => [...load.statuses.keys()]));
    if (statuses.size !== 1 || !statuses.has('201'))
      throw new Error(`not all accepted: ${[...statuses].join(', ')}`);
    printRow(`${name}, whole duty`, `${rate(of).toFixed(0)}/s, ${cpu(of).toFixed(0)} µs`);
    const ofAck = rate(of) / rate(ack);
    printRow('  of the acknowledgement', `${ofAck.toFixed(2)} x`, 'at least 0.17 x', ofAck >= 0.17);
    const byCpu = cpu(ack) / cpu(of);
    printRow('  the same by processor time', `${byCpu.toFixed(2)} x`, 'at least 0.17 x', byCpu >= 0.17);
    const ofRaw = rate(of) / raw;
    printRow('  of raw SQLite', `${ofRaw.toFixed(2)} x`, 'at least 0.13 x', ofRaw >= 0.13);
    const parts = cpu(ack) + signature + part('row');
    printRow('  acknowledgement + signature + row, bare', `${parts.toFixed(0)} µs`);
    printRow('  they alone, of the acknowledgement', `${(cpu(ack) / parts).toFixed(2)} x`);
    printRow('  the whole duty against them', `${(cpu(of) / parts).toFixed(1)} x`);
    const late = quantile(
      of.flatMap(({ load }) => load.latencies),
      0.99,
    );
    printRow('  p99 at full load', `${late.toFixed(1)} ms`);
    printRow(
      '  event loop turn, p99',
      `${median(of.map(({ turnP99 }) => turnP99)).toFixed(1)} ms`,
      'at most 20 ms',
    );
  }
  printRow(
    'memory of the collector',
    `${(Math.max(...results.full.map(({ rss }) => rss)) / 2 ** 20).toFixed(0)} MiB`,
  );
}

/** What a report takes on the disk, index included. */
function sizes(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('pragma wal_checkpoint(truncate)');
  const number = (sql: string) => Number(database.prepare(sql).get()?.['n'] ?? 0);
  const changed = number('select avg(length(body)) as n from reports where facts_digest is not null');
  // The unchanged ones alone, in the order they came, index included.
  database.exec(`attach '${path}.unchanged' as alone;
    create table alone.reports as select * from reports where 0;
    create unique index alone.reports_by_device on reports (device, sequence);
    insert into alone.reports select * from main.reports where facts_digest is null order by number`);
  const unchanged = number(
    "select sum(pgsize) * 1.0 / (select count(*) from alone.reports) as n from dbstat('alone') where name like 'reports%'",
  );
  printRow('disk for a changed report', `${changed.toFixed(0)} B`, 'at most 2500 B', changed <= 2_500);
  printRow('disk for an unchanged report', `${unchanged.toFixed(0)} B`, 'at most 200 B', unchanged <= 200);
  database.close();
}
