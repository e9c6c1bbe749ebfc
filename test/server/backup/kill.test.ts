import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIdentity } from '../../../server/backup/sealing.ts';
import { reportReceiver } from '../../../server/ingest/receive.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { NotEmpty, refuseFilled, withContents } from '../../../server/storage/transfer.ts';
import type { TableTotal } from '../../../server/storage/transfer-pieces.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';
import { CollectorProcess } from '../collector-process.ts';
import { SampleDevice, sampleFacts } from '../sample-device.ts';

/** `KILLS=100 npx vitest run test/server/backup/kill` for a long run. */
const kills = Number(process.env['KILLS'] ?? 4);
const root = mkdtempSync(join(tmpdir(), 'muster-backup-kill-'));
const keyFile = join(root, 'backup-key');
let source: Place;
let recipient: string;
let backup: string;

interface Place {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly collector: CollectorProcess;
}

async function newPlace(name: string): Promise<Place> {
  const folder = join(root, name);
  mkdirSync(folder);
  const database = await newDatabase(folder);
  const collector = await CollectorProcess.at(folder, { DATABASE_URL: database.address });
  return { folder, database, collector };
}

const totalsOf = (address: string): Promise<readonly TableTotal[]> =>
  withContents(address, async ({ pieces }) => {
    const totals: TableTotal[] = [];
    for await (const piece of pieces()) if ('digest' in piece) totals.push(piece);
    return totals;
  });
/** What a restore adds or leaves out. */
const apart = new Set(['audit', 'sessions', 'sign_in_steps']);
const kept = (totals: readonly TableTotal[]) => totals.filter(({ table }) => !apart.has(table));

/** Nothing there, as far as anybody who starts a collector can see. */
async function isEmpty({ database: { address }, folder }: Place): Promise<boolean> {
  if (address.startsWith('sqlite:')) return !existsSync(join(folder, 'collector.db'));
  // A transaction of a process that was killed ends when the server notices.
  return refuseFilled('collector', address).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NotEmpty) return false;
      throw error;
    },
  );
}

beforeAll(async () => {
  recipient = await createIdentity(keyFile);
  source = await newPlace('source');
  const { collector, database, folder } = source;
  const setup = ['setup', '--organization', 'Acme', '--admin', 'it@acme.example'];
  expect(await collector.run(setup)).toMatchObject({ code: 0 });
  const stores = await openStores(database.address, folder);
  const [organization] = await stores.organizations.all();
  const receive = reportReceiver(stores);
  const now = new Date();
  for (let index = 0; index < 6; index += 1) {
    const device = new SampleDevice();
    const code = await stores.enrollments.create(
      { organization: organization?.number ?? 0, owner: 'company', expiresAt: new Date(Date.now() + 60_000) },
      'console',
      now,
    );
    const { publicKey, machine } = device;
    const enrolled = await stores.enrollments.enroll(
      { code, publicKey, agent: '0.1.0', machine, noticeVersion: '1' },
      now,
    );
    device.id = enrolled?.device ?? '';
    const group = [await receive(device.full(sampleFacts('on')), now)];
    for (let report = 0; report < 400; report += 1) group.push(await receive(device.unchanged(), now));
    await stores.ingest.keep(group);
  }
  await stores.close();
}, 120_000);
afterAll(async () => {
  await source.database.drop();
  rmSync(root, { recursive: true, force: true });
});

/** Kills a command at several moments of its life; says how often it had ended by itself. */
async function killAtEveryStage(
  whole: () => Promise<number>,
  attempt: (afterMs: number) => Promise<void>,
): Promise<void> {
  const duration = await whole();
  for (let kill = 0; kill < kills; kill += 1) await attempt((duration * (kill + 0.7)) / kills);
}

test(
  'a backup that is killed leaves the collector as it was, and no file that could be taken for one',
  async () => {
    const { collector, database } = source;
    const before = kept(await totalsOf(database.address));
    const command = (to: string) => ['backup', '--to', to, '--recipient', recipient];
    await killAtEveryStage(
      async () => {
        backup = join(root, 'whole.muster');
        const startedAt = performance.now();
        expect(await collector.run(command(backup))).toMatchObject({ code: 0 });
        return performance.now() - startedAt;
      },
      async (afterMs) => {
        const to = join(root, `killed-${afterMs.toFixed(0)}.muster`);
        await collector.runAndKill(command(to), afterMs);
        if (existsSync(to)) {
          const place = await newPlace(`from-${afterMs.toFixed(0)}`);
          const restored = await place.collector.run(['restore', '--from', to, '--key-file', keyFile]);
          expect(restored).toMatchObject({ code: 0 });
          await place.database.drop();
        }
        expect(kept(await totalsOf(database.address))).toEqual(before);
        // The same name again: what was left behind is no obstacle.
        if (!existsSync(to)) expect(await collector.run(command(to))).toMatchObject({ code: 0 });
      },
    );
    expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
  },
  120_000 + kills * 10_000,
);

test(
  'a restore that is killed leaves nothing or everything, and can be made again',
  async () => {
    const wanted = kept(await totalsOf(source.database.address));
    const command = ['restore', '--from', backup, '--key-file', keyFile];
    await killAtEveryStage(
      async () => {
        const place = await newPlace('restored');
        const startedAt = performance.now();
        expect(await place.collector.run(command)).toMatchObject({ code: 0 });
        const duration = performance.now() - startedAt;
        await place.database.drop();
        return duration;
      },
      async (afterMs) => {
        const place = await newPlace(`restored-${afterMs.toFixed(0)}`);
        await place.collector.runAndKill(command, afterMs);
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (await isEmpty(place)) {
          expect(await place.collector.run(command)).toMatchObject({ code: 0 });
        }
        expect(kept(await totalsOf(place.database.address))).toEqual(wanted);
        const verified = await place.collector.run(['verify', '--json']);
        expect(JSON.parse(verified.stdout)).toMatchObject({ whole: true, devices: 6, reports: 2_406 });
        await place.database.drop();
      },
    );
  },
  120_000 + kills * 20_000,
);

test(
  'a move to another database that is killed leaves the old one whole and the new one empty or whole',
  async () => {
    const { collector, database } = source;
    const before = await totalsOf(database.address);
    const command = (to: string) => ['migrate', '--from', database.address, '--to', to];
    await killAtEveryStage(
      async () => {
        const place = await newPlace('moved');
        const startedAt = performance.now();
        expect(await collector.run(command(place.database.address))).toMatchObject({ code: 0 });
        const duration = performance.now() - startedAt;
        await place.database.drop();
        return duration;
      },
      async (afterMs) => {
        const place = await newPlace(`moved-${afterMs.toFixed(0)}`);
        await collector.runAndKill(command(place.database.address), afterMs);
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(await totalsOf(database.address)).toEqual(before);
        if (await isEmpty(place)) {
          expect(await collector.run(command(place.database.address))).toMatchObject({ code: 0 });
        }
        expect(await totalsOf(place.database.address)).toEqual(before);
        await place.database.drop();
      },
    );
  },
  120_000 + kills * 20_000,
);
