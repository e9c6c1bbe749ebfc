import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createBackup } from '../../../server/backup/create-backup.ts';
import { fillPlace, restoreBackup } from '../../../server/backup/restore-backup.ts';
import {
  createIdentity,
  identityOpener,
  passphraseOpener,
  passphraseSeal,
  recipientSeal,
} from '../../../server/backup/sealing.ts';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { openStores } from '../../../server/storage/stores.ts';
import { withContents } from '../../../server/storage/transfer.ts';
import type { TableTotal } from '../../../server/storage/transfer-pieces.ts';
import { newDatabase } from '../../databases/database.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';

let collector: SampleCollector;
let devices: SampleDevice[];
const folder = mkdtempSync(join(tmpdir(), 'muster-backup-'));
const keyFile = join(folder, 'backup-key');
let recipient: string;
const clearing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  recipient = await createIdentity(keyFile);
  collector = await startCollector();
  devices = [await collector.device(), await collector.device()];
  for (const device of devices) {
    await post(collector.url, device.full(sampleFacts('on')));
    await post(collector.url, device.unchanged());
    await post(collector.url, device.full(sampleFacts('off')));
  }
  const user = await collector.stores.users.create(
    { email: 'a@b.example', name: 'Anna ☂' },
    'console',
    new Date(),
  );
  await collector.stores.users.grant(
    user,
    collector.organization.number,
    'contractor',
    'console',
    new Date(),
  );
  await collector.stores.registerPersonal.write(collector.organization.number, 'a-record', 1, {
    name: 'Berta ☂',
  });
}, 60_000);
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const clear of clearing.splice(0)) await clear();
});

/** An empty place of the kind this run is about: a database and a folder for the keys. */
async function emptyPlace() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'muster-restored-'));
  const database = await newDatabase(dataFolder);
  clearing.push(database.drop, () => rmSync(dataFolder, { recursive: true, force: true }));
  return { databaseUrl: database.address, dataFolder };
}

const totalsOf = (address: string): Promise<readonly TableTotal[]> =>
  withContents(address, async ({ pieces }) => {
    const totals: TableTotal[] = [];
    for await (const piece of pieces()) if ('digest' in piece) totals.push(piece);
    return totals;
  });

async function backupTo(name: string) {
  const to = join(folder, name);
  const made = await createBackup({
    databaseUrl: collector.address,
    dataFolder: collector.folder,
    to,
    seal: await recipientSeal(recipient),
    at: new Date(),
  });
  return { to, made };
}

test('what was backed up stands in an empty place again, every row and every signature of it', async () => {
  const before = await totalsOf(collector.address);
  const { to, made } = await backupTo('whole');
  expect(made.tables).toEqual(before);
  expect(made.evidence).toMatchObject({ devices: 2, broken: [], auditBrokenAt: null });
  const place = await emptyPlace();
  const opener = identityOpener(keyFile);
  const done = await restoreBackup({ ...place, from: to, opener, at: new Date() });
  expect(done.tables).toEqual(before);

  const stores = await openStores(place.databaseUrl, place.dataFolder);
  try {
    const verified = await verifyEvidence(stores);
    expect(verified).toMatchObject({ devices: 2, reports: 6, broken: [], auditBrokenAt: null });
    // It goes on from there: numbers do not collide.
    const user = await stores.users.create({ email: 'c@d.example', name: 'C' }, 'console', new Date());
    expect(user.number).toBeGreaterThan(1);
    expect(await stores.users.byEmail('a@b.example')).toMatchObject({ name: 'Anna ☂' });
    expect(await stores.registerPersonal.read('a-record', 1)).toEqual({ name: 'Berta ☂' });
  } finally {
    await stores.close();
  }
  for (const name of ['collector-key.pem', 'people.key']) {
    expect(readFileSync(join(place.dataFolder, name))).toEqual(readFileSync(join(collector.folder, name)));
  }
});

test('it can be sealed with a passphrase instead, which another one does not open', async () => {
  const passphraseFile = join(folder, 'passphrase');
  writeFileSync(passphraseFile, 'correct horse battery staple\n');
  const to = join(folder, 'with-passphrase');
  const given = { databaseUrl: collector.address, dataFolder: collector.folder, to, at: new Date() };
  await createBackup({ ...given, seal: passphraseSeal(passphraseFile) });
  const place = await emptyPlace();
  const from = { ...place, from: to, at: new Date() };
  const wrong = join(folder, 'wrong-passphrase');
  writeFileSync(wrong, 'another horse altogether\n');
  await expect(restoreBackup({ ...from, opener: passphraseOpener(wrong) })).rejects.toMatchObject({
    name: 'SealError',
  });
  expect(readdirSync(place.dataFolder)).toEqual([]);
  await restoreBackup({ ...from, opener: passphraseOpener(passphraseFile) });
  expect(existsSync(join(place.dataFolder, 'collector-key.pem'))).toBe(true);
  writeFileSync(passphraseFile, 'short');
  expect(() => passphraseSeal(passphraseFile)).toThrow('at least 12');
  // The key is derived slowly on purpose, five times over.
}, 120_000);

test('nothing of it can be read without the key, and no secret stands in the file', async () => {
  const { to } = await backupTo('sealed');
  const bytes = readFileSync(to);
  expect(bytes.toString('latin1', 0, 21)).toBe('age-encryption.org/v1');
  expect(bytes.includes('a@b.example')).toBe(false);
  const wrong = join(folder, 'another-key');
  await createIdentity(wrong);
  const place = await emptyPlace();
  await expect(
    restoreBackup({ ...place, from: to, opener: identityOpener(wrong), at: new Date() }),
  ).rejects.toMatchObject({ name: 'SealError' });
  expect(readdirSync(place.dataFolder)).toEqual([]);
});

test('a damaged or cut file is refused, and nothing of it stays', async () => {
  const { to } = await backupTo('to-be-damaged');
  const whole = readFileSync(to);
  const damages: Record<string, Buffer> = {
    cut: whole.subarray(0, whole.length - 40),
    flipped: Buffer.from(whole).fill(0xff, whole.length - 500, whole.length - 499),
    foreign: Buffer.from('not a backup at all'),
  };
  for (const [name, bytes] of Object.entries(damages)) {
    const from = join(folder, name);
    writeFileSync(from, bytes);
    const place = await emptyPlace();
    const restoring = restoreBackup({
      ...place,
      from,
      opener: identityOpener(keyFile),
      at: new Date(),
    });
    await expect(restoring, name).rejects.toMatchObject({
      name: expect.stringMatching(/SealError|TransferFailed/),
    });
    expect(readdirSync(place.dataFolder), name).toEqual([]);
  }
});

test('nothing is put over what is there: a database, another key, a file', async () => {
  const { to } = await backupTo('once');
  await expect(backupTo('once')).rejects.toMatchObject({ name: 'SealError' });
  const opener = identityOpener(keyFile);
  const place = await emptyPlace();
  await restoreBackup({ ...place, from: to, opener, at: new Date() });
  const there = await totalsOf(place.databaseUrl);
  const again = restoreBackup({ ...place, from: to, opener, at: new Date() });
  await expect(again).rejects.toMatchObject({ name: 'NotEmpty' });
  expect(await totalsOf(place.databaseUrl)).toEqual(there);

  const other = await emptyPlace();
  writeFileSync(join(other.dataFolder, 'collector-key.pem'), 'another key');
  const beside = restoreBackup({ ...other, from: to, opener, at: new Date() });
  await expect(beside).rejects.toMatchObject({ name: 'OtherKey' });
  expect(readdirSync(other.dataFolder)).toEqual(['collector-key.pem']);
});

test('a backup taken under load is of one moment: every chain ends where its device says', async () => {
  const [device] = devices;
  if (device === undefined) throw new Error('no device');
  let going = true;
  const reporting = (async () => {
    let sent = 0;
    while (going) {
      const response = await post(collector.url, device.unchanged());
      expect(response.status).toBe(201);
      sent += 1;
    }
    return sent;
  })();
  const { to } = await backupTo('under-load');
  going = false;
  expect(await reporting).toBeGreaterThan(0);
  const place = await emptyPlace();
  await restoreBackup({ ...place, from: to, opener: identityOpener(keyFile), at: new Date() });
  const stores = await openStores(place.databaseUrl, place.dataFolder);
  const verified = await verifyEvidence(stores);
  await stores.close();
  expect(verified).toMatchObject({ devices: 2, broken: [], auditBrokenAt: null });
});

test('everything moves into a database of either kind and back, and agrees to the byte', async () => {
  const before = await totalsOf(collector.address);
  const through = await emptyPlace();
  const elsewhere = await emptyPlace();
  const file = `sqlite:${join(elsewhere.dataFolder, 'moved.db')}`;
  for (const [from, to] of [
    [collector.address, file],
    [file, through.databaseUrl],
  ] as const) {
    const moved = await withContents(from, ({ shapes, pieces }) =>
      fillPlace(to, { shapes, pieces: pieces() }),
    );
    expect(moved).toEqual(before);
    expect(await totalsOf(to)).toEqual(before);
  }
  expect(existsSync(join(elsewhere.dataFolder, 'moved.db.part'))).toBe(false);
});
