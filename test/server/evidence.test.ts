import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reviewDue } from '../../server/ingest/review-due.ts';
import { verifyEvidence } from '../../server/ingest/verify-evidence.ts';
import { splitJws } from '../../server/signing/compact-jws.ts';
import { type ChainedEntry, digestOf } from '../../server/storage/audit-chain.ts';
import { packReport } from '../../server/storage/packing.ts';
import { CollectorProcess } from './collector-process.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
let device: SampleDevice;
let number: number;

beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

beforeEach(async () => {
  device = await collector.device();
  await post(collector.url, device.full(sampleFacts('on')));
  await post(collector.url, device.unchanged());
  await post(collector.url, device.full(sampleFacts('off')));
  await post(collector.url, device.unchanged());
  number = (await collector.stores.devices.byId(collector.organization.number, device.id))?.number ?? 0;
});

/** What somebody with the database file in hand could do. */
function tamper<R>(work: (database: DatabaseSync) => R): R {
  const database = new DatabaseSync(join(collector.folder, 'collector.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}
const bodyOf = (sequence: number) =>
  tamper(
    (database) =>
      database.prepare('select body from reports where device = ? and sequence = ?').get(number, sequence)?.[
        'body'
      ],
  ) as Uint8Array;
const setBody = (sequence: number, body: Uint8Array) =>
  tamper((database) =>
    database
      .prepare('update reports set body = ? where device = ? and sequence = ?')
      .run(body, number, sequence),
  );
const brokenNow = async () =>
  (await verifyEvidence(collector.stores)).broken.filter((one) => one.device === device.id);

test('untouched evidence holds', async () => {
  expect(await brokenNow()).toEqual([]);
  expect((await verifyEvidence(collector.stores)).auditBrokenAt).toBeNull();
});

test.each([1, 2, 3, 4])(
  'any changed byte of stored report %i is found, with device and sequence',
  async (sequence) => {
    const body = bodyOf(sequence);
    for (let index = 0; index < body.length; index += sequence % 2 === 0 ? 7 : 29) {
      const changed = Uint8Array.from(body);
      changed[index] = (changed[index] ?? 0) ^ 0x20;
      setBody(sequence, changed);
      const broken = await brokenNow();
      expect(broken.map((one) => [index, one.sequence])).toEqual([[index, sequence]]);
    }
    setBody(sequence, body);
    expect(await brokenNow()).toEqual([]);
  },
);

test('a removed, exchanged or cut-off report is found', async () => {
  const [second, fourth] = [bodyOf(2), bodyOf(4)];
  setBody(2, fourth);
  expect((await brokenNow()).map(({ sequence }) => sequence)).toContain(2);
  setBody(2, second);
  tamper((database) =>
    database.prepare('delete from reports where device = ? and sequence = ?').run(number, 4),
  );
  expect(await brokenNow()).toMatchObject([{ sequence: 4, fault: 'missing' }]);
  tamper((database) => database.prepare('update devices set sequence = 3 where number = ?').run(number));
  expect(await brokenNow()).toMatchObject([{ sequence: 3, fault: 'last-digest-differs' }]);
});

test('a damaged report that comes again is answered, and no report beside it is turned away', async () => {
  const other = await collector.device();
  const [jws] = await collector.stores.reports.recent(number, 1, 1);
  const body = bodyOf(1);
  setBody(1, Uint8Array.of(9, 0));
  const answers = await Promise.all([
    post(collector.url, jws?.jws ?? ''),
    post(collector.url, other.full(sampleFacts('on'))),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 201]);
  setBody(1, body);
});

test('facts that can no longer be read leave everything unknown, never what it was', async () => {
  const body = bodyOf(3);
  setBody(3, body.slice(0, 80));
  tamper((database) => database.prepare('update devices set judge_at = 0 where number = ?').run(number));
  await reviewDue(collector.stores, new Date(), 100);
  const row = await collector.stores.devices.byId(collector.organization.number, device.id);
  expect(row?.failing).not.toContain('firewall');
  expect(row?.unknown).toEqual(expect.arrayContaining(['firewall', 'disk-encryption']));
});

test('facts that somebody forged count for nothing: what was failing becomes unknown, not passed', async () => {
  // Well-formed and readable, but not what the device signed.
  const forger = Object.assign(new SampleDevice(), { id: device.id, sequence: 2 });
  const jws = forger.full(sampleFacts('on'));
  const parts = splitJws(jws);
  if (parts === undefined) throw new Error('not a JWS');
  const context = { device: device.id, sequence: 3, previous: null, factsDigest: new Uint8Array(32) };
  setBody(3, packReport({ jws, parts }, context));
  tamper((database) => database.prepare('update devices set judge_at = 0 where number = ?').run(number));
  await reviewDue(collector.stores, new Date(), 100);
  const row = await collector.stores.devices.byId(collector.organization.number, device.id);
  expect(row?.unknown).toEqual(expect.arrayContaining(['firewall', 'disk-encryption']));
  expect(await brokenNow()).toMatchObject([{ sequence: 3, fault: 'bad-signature' }]);
});

test('an entry cut out of the audit log is found, also where what follows it was linked anew', async () => {
  tamper((database) => database.exec('create table kept as select * from audit'));
  const last = tamper((database) => {
    const rows = database.prepare('select * from audit order by number desc limit 3').all();
    const [newest, middle, before] = rows as unknown as (ChainedEntry & { digest: Uint8Array })[];
    if (newest === undefined || middle === undefined || before === undefined) throw new Error('too few');
    database.prepare('delete from audit where number = ?').run(middle.number);
    database
      .prepare('update audit set previous = ?, digest = ? where number = ?')
      .run(before.digest, digestOf(newest, before.digest), newest.number);
    return newest.number;
  });
  expect(await collector.stores.audit.firstBroken()).toBe(last);
  tamper((database) =>
    database.exec('delete from audit; insert into audit select * from kept; drop table kept'),
  );
});

test('a changed entry of the audit log is found', async () => {
  expect(await collector.stores.audit.firstBroken()).toBeUndefined();
  tamper((database) => database.exec("update audit set actor = 'user:somebody-else' where number = 2"));
  expect(await collector.stores.audit.firstBroken()).toBe(2);
});

test('collector verify says so and exits with 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-verify-'));
  const process = await CollectorProcess.at(folder, {
    DATABASE_URL: collector.address,
  });
  try {
    const body = bodyOf(1);
    const changed = Uint8Array.from(body);
    changed[70] = (changed[70] ?? 0) ^ 1;
    setBody(1, changed);
    const { code, stdout } = await process.run(['verify']);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`BROKEN EVIDENCE  D-\\w{8} \\(${device.id}\\) report 1 `));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
