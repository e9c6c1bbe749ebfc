import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { purge, purgeAll } from '../../../server/privacy/purge.ts';
import { keepStaffRequest } from '../../../server/privacy/staff-requests.ts';
import { moveRecord, type openRecord, readRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { dump } from './database-dump.ts';
import { collector, number, open, protectPeople, record, worker } from './protected-people.ts';

protectPeople();

describe('retention', () => {
  it('deletes reports whose time is over, keeps the chain whole, and leaves receipts', async () => {
    const { stores } = collector;
    const day = 86_400_000;
    const laptop = await collector.device();
    const begin = Date.now();
    const clock = collector.clock;
    const at = (days: number) => new Date(begin + days * day);
    const whole = (days: number) => new Date(Math.floor(at(days).getTime() / 1000) * 1000).toISOString();
    for (const [index, days] of [0, 10, 20, 60, 95, 100].entries()) {
      collector.clock = () => at(days);
      const report =
        index % 2 === 0
          ? laptop.full(sampleFacts(index % 4 === 0 ? 'on' : 'off'), { takenAt: whole(days) })
          : laptop.unchanged({ takenAt: whole(days) });
      const response = await post(collector.url, report);
      expect(response.status, await response.text()).toBe(201);
    }
    collector.clock = clock;
    const known = await stores.devices.byId(number(), laptop.id);
    if (known === undefined) throw new Error('no device');
    const kept = async () =>
      (await stores.reports.recent(known.number, 99, 99)).map(({ sequence }) => sequence);
    expect(await kept()).toEqual([6, 5, 4, 3, 2, 1]);

    await purge(stores, number(), at(80));
    expect(await kept()).toEqual([6, 5, 4, 3, 2, 1]);
    await purge(stores, number(), at(115));
    // The one of day 60 is young enough, and needs the facts of day 20.
    expect(await kept()).toEqual([6, 5, 4, 3]);
    const verification = await verifyEvidence(stores);
    expect(verification.broken.filter(({ device: id }) => id === laptop.id)).toEqual([]);
    const receipts = await stores.retention.receipts(number(), 10);
    expect(receipts.find((receipt) => receipt.class === 'results')).toMatchObject({
      deleted: expect.any(Number),
    });
    expect((await open('auditor', '/privacy/retention')).text).toContain('Signed reports');

    // Taking one out of the middle is still seen.
    const database = new DatabaseSync(join(collector.folder, 'collector.db'));
    database.prepare('delete from reports where device = ? and sequence = 3').run(known.number);
    database.close();
    const broken = (await verifyEvidence(stores)).broken.filter(({ device: id }) => id === laptop.id);
    expect(broken.length).toBeGreaterThan(0);
  });

  it('deletes closed records with what they say about people, unless a hold keeps them', async () => {
    const { stores } = collector;
    const register = registerById('complaints');
    if (register === undefined) throw new Error('no register');
    const made = await record('complaints', {
      subject: 'Too many mails',
      receivedOn: '2026-11-01',
      person: 'Zanele Mthembu',
    });
    const step = async (id: string, values: Parameters<typeof openRecord>[2]) => {
      const full = await readRecord(stores, register, number(), made.id);
      if (full === undefined) throw new Error('no record');
      return moveRecord(
        stores,
        register,
        full,
        id,
        values,
        { ...worker, organization: number() },
        new Date(),
      );
    };
    await step('acknowledge', { acknowledgedOn: '2026-11-02' });
    const closed = await step('answer', { outcome: 'upheld', answer: 'We stopped, Zanele.' });
    const over = new Date((closed.purgeAt?.getTime() ?? 0) + 1);
    const hold = await record('legal-holds', {
      matter: 'Claim 8',
      reason: 'Pending.',
      scope: ['records'],
      owner: 'Counsel',
    });
    await purge(stores, number(), over);
    expect(await stores.records.byId(number(), 'complaints', made.id)).toBeDefined();
    const holds = registerById('legal-holds');
    const held = holds && (await readRecord(stores, holds, number(), hold.id));
    if (holds === undefined || held === undefined) throw new Error('no hold');
    await moveRecord(stores, holds, held, 'end', {}, { ...worker, organization: number() }, new Date());
    await purge(stores, number(), over);
    expect(await stores.records.byId(number(), 'complaints', made.id)).toBeUndefined();
    expect(dump(collector.folder).said).not.toContain('Zanele');
  });

  it('says in the schedule of every class why, and who says so', async () => {
    const { text } = await open('contractor', '/privacy/retention');
    expect(text).toContain('90 days after the day the report came in');
    expect(text).toContain('Register: breaches');
  });
});

it('deletes a laptop that left a month ago with everything that hangs on it', async () => {
  const { stores } = collector;
  const laptop = await collector.device();
  expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
  const found = await stores.devices.byId(number(), laptop.id);
  if (found === undefined) throw new Error('no device');
  await keepStaffRequest(
    stores,
    found,
    { kind: 'object', about: '', words: 'Not this, please.' },
    new Date(),
  );
  await stores.waivers.requestFromDevice(
    { organization: number(), device: found.number, deviceId: found.id },
    {
      id: '01990000-0000-7000-8000-0000000000aa',
      check: 'firewall',
      point: null,
      reason: 'An old printer needs it.',
    },
    new Date(),
  );
  await stores.devices.revoke(number(), laptop.id, 'user:x', new Date());
  await purge(stores, number(), new Date(Date.now() + 20 * 86_400_000));
  expect(await stores.devices.byId(number(), laptop.id)).toBeDefined();
  await purge(stores, number(), new Date(Date.now() + 40 * 86_400_000));
  expect(await stores.devices.byId(number(), laptop.id)).toBeUndefined();
  // The request itself goes on in the register, which has a time of its own.
  const { said } = dump(collector.folder);
  expect(said.match(/Not this, please\./g)).toHaveLength(1);
  expect(said.includes('old printer')).toBe(false);
});

it('shortens the audit log from its beginning, and what is left still proves that it is whole', async () => {
  const { stores } = collector;
  expect(await stores.audit.firstBroken()).toBeUndefined();
  const before = (await stores.audit.list(number(), undefined, 1_000)).length;
  expect(before).toBeGreaterThan(10);
  await purgeAll(stores, new Date(Date.now() + 370 * 86_400_000));
  // What purging itself wrote is dated by that day, so something is left.
  const left = await stores.audit.list(number(), undefined, 1_000);
  expect(left.length).toBeLessThan(before);
  expect(await stores.audit.firstBroken()).toBeUndefined();
  const { text } = await open('auditor', '/privacy/retention');
  expect(text).toContain('Audit log');
  const database = new DatabaseSync(join(collector.folder, 'collector.db'));
  database.prepare('delete from audit where number = (select min(number) from audit)').run();
  database.close();
  expect(await stores.audit.firstBroken()).toBeDefined();
});
