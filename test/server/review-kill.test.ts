import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportReceiver } from '../../server/ingest/receive.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { withContents } from '../../server/storage/transfer.ts';
import { basePolicy } from '../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../databases/database.ts';
import { CollectorProcess } from './collector-process.ts';
import { SampleDevice, sampleFacts } from './sample-device.ts';

const kills = Number(process.env['KILLS'] ?? 4);
const fleet = 400;
const folder = mkdtempSync(join(tmpdir(), 'muster-review-kill-'));
let collector: CollectorProcess;
let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await newDatabase(folder);
  collector = await CollectorProcess.at(folder, { DATABASE_URL: database.address });
  await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  stores = await openStores(database.address, folder);
}, 60_000);
afterAll(async () => {
  await collector.end('SIGKILL');
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function enrollFleet(organization: number): Promise<void> {
  const receive = reportReceiver(stores);
  const now = new Date();
  const group = [];
  for (let index = 0; index < fleet; index += 1) {
    const device = new SampleDevice();
    const expiresAt = new Date(now.getTime() + 60_000);
    const given = { organization, owner: 'company' as const, expiresAt };
    const code = await stores.enrollments.create(given, 'console', now);
    const { publicKey, machine } = device;
    const asked = { code, publicKey, agent: '0.1.0', machine, noticeVersion: '1' };
    device.id = (await stores.enrollments.enroll(asked, now))?.device ?? '';
    group.push(await receive(device.full(sampleFacts(index % 3 === 0 ? 'off' : 'on')), now));
  }
  await stores.ingest.keep(group);
}

/** Tallies of rows, by some of their columns. */
async function tallies() {
  const counted: Record<string, number> = {};
  const kept: Record<string, number> = {};
  const judged = new Set<number>();
  await withContents(database.address, async ({ pieces }) => {
    for await (const piece of pieces()) {
      if ('digest' in piece) continue;
      const column = (name: string) => piece.columns.indexOf(name);
      for (const row of piece.rows) {
        const of = (name: string) => row[column(name)];
        const add = (tally: Record<string, number>, key: string, by: number) => {
          tally[key] = (tally[key] ?? 0) + by;
        };
        if (piece.table === 'findings') add(counted, `${of('subject')} ${of('status')}`, 1);
        if (piece.table === 'devices') add(counted, `state ${of('state')}`, 1);
        if (piece.table === 'devices') judged.add(of('judged_version') as number);
        if (piece.table === 'finding_counts') {
          add(kept, `${of('subject')} ${of('status')}`, of('devices') as number);
        }
        if (piece.table === 'state_counts') add(kept, `state ${of('state')}`, of('devices') as number);
      }
    }
  });
  const present = (tally: Record<string, number>) =>
    Object.fromEntries(Object.entries(tally).filter(([, devices]) => devices !== 0));
  return { counted: present(counted), kept: present(kept), judged: [...judged] };
}

test(
  `killed ${kills} times while a new policy is judged: every device is, once, and the counters are what they count`,
  async () => {
    const [organization] = await stores.organizations.all();
    if (organization === undefined) throw new Error('not set up');
    await enrollFleet(organization.number);
    let version = basePolicy().version;
    for (let kill = 0; kill < kills; kill += 1) {
      version += 1;
      // The firewall counts, and does not count, in turn: its finding changes on every laptop every time.
      const base = basePolicy();
      const mode = kill % 2 === 0 ? ('advisory' as const) : ('enforce' as const);
      const firewall = Object.fromEntries(
        Object.entries(base.checks.firewall).map(([name, point]) => [name, { ...point, mode }]),
      );
      const policy = { ...base, version, checks: { ...base.checks, firewall } };
      await stores.organizations.publish(organization.number, policy, 'console', new Date());
      await collector.serve();
      await new Promise((resolve) => setTimeout(resolve, 30 + 60 * kill));
      await collector.end('SIGKILL');
      const halfway = await tallies();
      expect(halfway.kept).toEqual(halfway.counted);
    }
    await collector.serve();
    for (let tries = 0; tries < 600; tries += 1) {
      const { judged, devices } = await stores.policies.progress(organization.number);
      if (judged === devices) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await collector.end('SIGTERM');
    const done = await tallies();
    expect(done.judged).toEqual([version]);
    expect(done.kept).toEqual(done.counted);
    expect((await collector.run(['verify'])).code).toBe(0);
  },
  120_000 + kills * 5_000,
);
