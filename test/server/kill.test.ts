import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../server/signing/compact-jws.ts';
import { openStores } from '../../server/storage/stores.ts';
import { newDatabase, type TestDatabase } from '../databases/database.ts';
import { CollectorProcess } from './collector-process.ts';
import { post, SampleDevice, sampleFacts } from './sample-device.ts';

/** `KILLS=100 npx vitest run test/server/kill` for a long run. */
const kills = Number(process.env['KILLS'] ?? 4);
const clients = 12;
const folder = mkdtempSync(join(tmpdir(), 'muster-kill-'));
let collector: CollectorProcess;
let database: TestDatabase;

beforeAll(async () => {
  database = await newDatabase(folder);
  collector = await CollectorProcess.at(folder, { DATABASE_URL: database.address });
  const done = await collector.run(['setup', '--organization', 'Acme', '--admin', 'it@acme.example']);
  expect(done).toMatchObject({ code: 0 });
}, 60_000);
afterAll(async () => {
  await collector.end('SIGKILL');
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Client {
  readonly device: SampleDevice;
  /** Everything that was ever sent, by sequence. */
  readonly sent: string[];
  readonly acknowledged: Set<number>;
  /** How often a report was said to be new. */
  readonly created: Map<number, number>;
  readonly surprises: string[];
}

/** Enrollment codes made while nothing serves, and then it serves. */
async function codesFor(devices: number): Promise<readonly string[]> {
  const stores = await openStores(database.address, folder);
  const [organization] = await stores.organizations.all();
  const given = {
    organization: organization?.number ?? 0,
    owner: 'company' as const,
    expiresAt: new Date(Date.now() + 600_000),
  };
  const codes: string[] = [];
  while (codes.length < devices) codes.push(await stores.enrollments.create(given, 'console', new Date()));
  await stores.close();
  await collector.serve();
  return codes;
}

/** Sends one report after the other, each until it is acknowledged, whatever happens to the collector. */
async function keepReporting(client: Client, goOn: () => boolean): Promise<void> {
  const states = ['on', 'off', 'unknown'] as const;
  while (goOn()) {
    const { device } = client;
    const changed = device.sequence === 0 || Math.random() < 0.3;
    const jws = changed
      ? device.full(sampleFacts(states[Math.floor(Math.random() * 3)]))
      : device.unchanged();
    const { sequence } = device;
    client.sent[sequence] = jws;
    for (;;) {
      const response = await post(collector.url, jws).catch(() => undefined);
      if (response?.status === 201) client.created.set(sequence, (client.created.get(sequence) ?? 0) + 1);
      if (response?.status === 201 || response?.status === 200) {
        const receipt = (await response.json().catch(() => undefined)) as { digest: string } | undefined;
        if (receipt === undefined) continue;
        if (receipt.digest !== sha256(jws).toString('hex')) client.surprises.push(`digest of ${sequence}`);
        client.acknowledged.add(sequence);
        break;
      }
      if (response !== undefined && response.status !== 503) {
        client.surprises.push(`${response.status} for ${sequence}: ${await response.text()}`);
        return;
      }
      if (!goOn()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test(
  `killed ${kills} times under load, nothing acknowledged is lost, nothing is counted twice`,
  async () => {
    const everyone: Client[] = [];
    for (const code of await codesFor(clients)) {
      const device = new SampleDevice();
      expect((await device.enroll(collector.url, code)).status).toBe(201);
      everyone.push({ device, sent: [], acknowledged: new Set(), created: new Map(), surprises: [] });
    }
    let running = true;
    const reporting = everyone.map((client) => keepReporting(client, () => running));
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500));
      await collector.end('SIGKILL');
      await collector.serve();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    running = false;
    await Promise.all(reporting);
    const stoppedWithin = await collector.end('SIGTERM');
    expect(stoppedWithin).toBeLessThan(2_000);

    const stores = await openStores(database.address, folder);
    try {
      const holders = await stores.reports.holders();
      const result = { acknowledged: 0, lost: 0, phantom: 0, duplicated: 0, torn: 0 };
      for (const client of everyone) {
        expect(client.surprises).toEqual([]);
        const holder = holders.find(({ id }) => id === client.device.id);
        const stored =
          holder === undefined ? [] : await stores.reports.following(holder.number, 1, 1_000_000);
        result.acknowledged += client.acknowledged.size;
        const sequences = new Set(stored.map(({ sequence }) => sequence));
        for (const sequence of client.acknowledged) if (!sequences.has(sequence)) result.lost += 1;
        result.duplicated += stored.length - sequences.size;
        result.duplicated += [...client.created.values()].filter((times) => times > 1).length;
        for (const { sequence, jws } of stored) {
          if (client.sent[sequence] === undefined) result.phantom += 1;
          else if (client.sent[sequence] !== jws) result.torn += 1;
        }
        expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_report, index) => index + 1));
      }
      expect(result).toMatchObject({ lost: 0, phantom: 0, duplicated: 0, torn: 0 });
      expect(result.acknowledged).toBeGreaterThan(clients * kills);
      console.log(`${kills} kills:`, JSON.stringify(result));
    } finally {
      await stores.close();
    }
    const verified = await collector.run(['verify', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ whole: true, devices: clients, broken: [] });
  },
  60_000 + kills * 5_000,
);
