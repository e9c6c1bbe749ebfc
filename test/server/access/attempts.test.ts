import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Attempts, countAttempts } from '../../../server/attempts.ts';
import { createCollectorKey, readCollectorKey } from '../../../server/signing/collector-key.ts';
import { sha256 } from '../../../server/signing/compact-jws.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { newDatabase, onPostgres, type TestDatabase } from '../../databases/database.ts';

const start = new Date('2026-11-21T08:00:00Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const opened: Stores[] = [];
let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-attempts-'));
  createCollectorKey(folder);
  database = await newDatabase(folder);
});
afterEach(async () => {
  for (const stores of opened.splice(0)) await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** One collector process on the database. */
async function collectorProcess(): Promise<Attempts> {
  const stores = await openStores(database.address, folder);
  opened.push(stores);
  return countAttempts(stores.failedAttempts, sealerOf(readCollectorKey(folder)));
}

test('ten wrong ones make a name wait for a quarter of an hour, whichever process they reach', async () => {
  const [one, other] = [await collectorProcess(), await collectorProcess()];
  for (let tries = 1; tries <= 10; tries += 1) {
    expect(await (tries % 2 === 0 ? one : other).begin('a@b.example', start)).toEqual({
      locks: tries === 10,
    });
  }
  expect(await one.begin('a@b.example', after(1))).toBeUndefined();
  expect(await other.begin('a@b.example', after(14))).toBeUndefined();
  expect(await one.begin('somebody-else', after(14))).toEqual({ locks: false });
  // Asking while one waits does not make the wait longer.
  expect(await other.begin('a@b.example', after(15))).toEqual({ locks: false });
});

test('a restart gives nobody ten more', async () => {
  const before = await collectorProcess();
  for (let tries = 0; tries < 10; tries += 1) await before.begin('a@b.example', start);
  await opened.pop()?.close();
  expect(await (await collectorProcess()).begin('a@b.example', after(1))).toBeUndefined();
});

test('of a hundred at once ten are looked at', async () => {
  const processes = [await collectorProcess(), await collectorProcess()];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => processes[index % 2]?.begin('a@b.example', start)),
  );
  expect(answers.filter((answer) => answer !== undefined)).toHaveLength(10);
  expect(answers.filter((answer) => answer?.locks === true)).toHaveLength(1);
});

test('the right one gives a clean sheet', async () => {
  const attempts = await collectorProcess();
  for (let tries = 0; tries < 9; tries += 1) await attempts.begin('a@b.example', start);
  expect(await attempts.begin('a@b.example', start)).toEqual({ locks: true });
  await attempts.succeeded('a@b.example');
  for (let tries = 0; tries < 9; tries += 1) {
    expect(await attempts.begin('a@b.example', after(1))).toEqual({ locks: false });
  }
});

test('no more names are remembered than the limit says, and none when their time is over', async () => {
  await collectorProcess();
  const store = opened[0]?.failedAttempts;
  const few = { failures: 3, windowMs: 60_000, names: 5 };
  const name = (index: number) => sha256(`name ${index}`);
  for (let index = 0; index < 12; index += 1) {
    await store?.begin(name(index), few, new Date(start.getTime() + index));
  }
  // The five newest are still counted; the one before them is as new.
  expect(await store?.begin(name(11), few, after(0.5))).toBe(2);
  expect(await store?.begin(name(6), few, after(0.5))).toBe(1);
  await opened[0]?.sessions.purge(after(5));
  expect(await store?.begin(name(11), few, after(0.6))).toBe(1);
});

test.skipIf(onPostgres)('no address is kept, nor a digest anybody could compute', async () => {
  const attempts = await collectorProcess();
  await attempts.begin('thandi@it.example', start);
  await opened.pop()?.close();
  const file = readFileSync(join(folder, 'collector.db'));
  expect(file.includes('failed_attempts')).toBe(true);
  expect(file.includes('thandi')).toBe(false);
  expect(file.includes(sha256('thandi@it.example'))).toBe(false);
});
