import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { erasePerson } from '../../../server/privacy/erase.ts';
import { revealHolder, revealsOf } from '../../../server/privacy/identity.ts';
import { mentionsOf } from '../../../server/privacy/mentions.ts';
import { purgeAll } from '../../../server/privacy/purge.ts';
import { keepStaffRequest } from '../../../server/privacy/staff-requests.ts';
import { subjectData } from '../../../server/privacy/subject-data.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, sampleFacts } from '../sample-device.ts';

let collector: SampleCollector;
const day = 86_400_000;
const author = { actor: 'user:dpo', person: 'user:dpo' } as const;

beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

it('goes through a person’s rights and the purge on whichever database this is', async () => {
  const { stores, organization } = collector;
  const { number } = organization;
  const begin = Date.now();
  const device = await collector.device();
  const naledi = await stores.people.create(
    number,
    { name: 'Naledi Phiri', email: 'naledi@acme.example', kind: 'staff' },
    new Date(begin),
  );
  await stores.people.assign(number, device.id, naledi.id, new Date(begin));
  for (const [index, days] of [0, 40, 100, 101].entries()) {
    collector.clock = () => new Date(begin + days * day);
    const takenAt = new Date(Math.floor((begin + days * day) / 1_000) * 1_000).toISOString();
    const report = device.full(sampleFacts(index % 2 === 0 ? 'on' : 'off'), { takenAt });
    const response = await post(collector.url, report);
    expect(response.status, await response.text()).toBe(201);
  }
  const now = new Date(begin + 101 * day);
  collector.clock = () => now;
  const known = await stores.devices.byId(number, device.id);
  if (known === undefined) throw new Error('no device');
  const asked = { kind: 'object', about: 'firewall', words: 'Not this, please.' } as const;
  expect(await keepStaffRequest(stores, known, asked, now)).toBe(true);

  const reason = 'The laptop was found on a train.';
  const told = await revealHolder(
    stores,
    { organization: number, device: device.id, actor: 'user:x', reason },
    now,
  );
  expect(told?.name).toBe('Naledi Phiri');
  expect(await revealsOf(stores, number, device.id)).toMatchObject([{ reason }]);
  expect(await subjectData(stores, organization, naledi)).toMatchObject({
    person: { name: 'Naledi Phiri' },
    asked: [{ words: 'Not this, please.' }],
    reveals: [{ reason }],
  });

  const before = await stores.devices.stateCounts(number);
  expect(await stores.restrictions.restrict(number, device.id, 'user:dpo', now)).toBe(true);
  expect((await post(collector.url, device.unchanged({ takenAt: now.toISOString() }))).status).toBe(403);
  expect(await stores.restrictions.lift(number, device.id, 'user:dpo', now)).toBe(true);
  while ((await reviewDue(stores, now, 50)) > 0);
  expect(await stores.devices.stateCounts(number)).toEqual(before);

  await purgeAll(stores, new Date(begin + 195 * day));
  const kept = (await stores.reports.recent(known.number, 99, 99)).map(({ sequence }) => sequence);
  expect(kept.toSorted()).toEqual([4]);
  expect((await verifyEvidence(stores)).broken).toEqual([]);
  expect((await stores.retention.receipts(number, 10)).map((receipt) => receipt.class)).toContain('results');

  const { certificate } = await erasePerson(stores, naledi, author, null, now);
  expect(certificate.erased).toMatchObject({ people: 1, laptops: 1, reasons: 1 });
  expect(await stores.people.list(number)).toEqual([]);
  expect(await mentionsOf(stores, naledi)).toEqual([]);
  expect(await stores.retention.certificate(number, certificate.id)).toEqual(certificate);

  await stores.devices.revoke(number, device.id, 'user:x', now);
  await purgeAll(stores, new Date(begin + 3_000 * day));
  expect(await stores.devices.byId(number, device.id)).toBeUndefined();
  expect(await stores.audit.firstBroken()).toBeUndefined();
}, 60_000);
