import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollectorKey } from '../../server/signing/collector-key.ts';
import { openStores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import { addressOf, postgresIsHere, startCluster, stopCluster } from '../databases/postgres-cluster.ts';
import type { SampleDevice } from '../server/sample-device.ts';
import { bundled } from './bundled.ts';
import { connections, firstLine, measure, nextReports, type Server, start } from './ingest.ts';
import { median, printRow } from './measure.ts';
import { seeded, seedFleet } from './sample-fleet.ts';

const rounds = 5;
const statusPort = 39_881;

interface Side {
  readonly server: Server;
  readonly status: number;
  readonly devices: readonly SampleDevice[];
}

/** The same collector on SQLite and on PostgreSQL, taking turns in one run: accepted signed reports a second. */
export async function benchDatabases(): Promise<void> {
  if (!postgresIsHere) {
    process.stdout.write('PostgreSQL is not installed here.\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const cluster = mkdtempSync(join(tmpdir(), 'muster-bench-postgres-'));
  const program = await bundled('ingest-server');
  const children: ChildProcess[] = [];
  try {
    await startCluster(cluster);
    const side = async (name: string, address: string, status: number): Promise<Side> => {
      const data = join(folder, name);
      mkdirSync(data);
      createCollectorKey(data);
      const stores = await openStores(address, data);
      const given = { name: 'Sample', contact: '', policy: basePolicy() };
      const organization = await stores.organizations.create(given, 'console', new Date());
      const fleet = await seedFleet(stores, organization, connections + 20, seeded(1));
      await stores.close();
      const child = start(program, ['collector', String(status)], {
        MUSTER_DATA: data,
        DATABASE_URL: address,
      });
      children.push(child);
      const { port } = await firstLine<{ port: number }>(child);
      const devices = fleet.filter(({ sequence }) => sequence > 0).slice(0, connections);
      return { server: { child, port }, status, devices };
    };
    const sides = {
      sqlite: await side('sqlite', `sqlite:${join(folder, 'sqlite/collector.db')}`, statusPort),
      postgres: await side('postgres', addressOf(cluster, 'postgres'), statusPort + 1),
    };
    const rates = new Map<string, number[]>();
    for (let round = -2; round < rounds; round += 1) {
      for (const changed of [true, false]) {
        for (const [name, { server, status, devices }] of Object.entries(sides)) {
          const { load, cpu } = await measure(server, status, nextReports(devices, changed, round));
          if (load.statuses.size !== 1 || !load.statuses.has('201')) throw new Error('not all accepted');
          if (round < 0) continue;
          const key = `${name} ${changed}`;
          rates.set(key, [...(rates.get(key) ?? []), load.rate]);
          rates.set(`${key} cpu`, [...(rates.get(`${key} cpu`) ?? []), cpu]);
        }
      }
    }
    const of = (key: string) => median(rates.get(key) ?? []);
    process.stdout.write(
      `Ingest on both databases, ${connections} connections, medians of ${rounds} rounds taking turns\n`,
    );
    for (const changed of [true, false]) {
      const what = changed ? 'changed full report' : 'unchanged report';
      for (const name of ['sqlite', 'postgres']) {
        const key = `${name} ${changed}`;
        printRow(`${what}, ${name}`, `${of(key).toFixed(0)}/s, ${of(`${key} cpu`).toFixed(0)} µs`);
      }
      const ratio = of(`postgres ${changed}`) / of(`sqlite ${changed}`);
      printRow('  PostgreSQL of SQLite', `${ratio.toFixed(2)} x`, 'at least 0.5 x', ratio >= 0.5);
    }
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stopCluster(cluster);
    rmSync(folder, { recursive: true, force: true });
  }
}
