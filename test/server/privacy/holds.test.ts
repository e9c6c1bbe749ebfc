import { afterAll, beforeAll, expect, it } from 'vitest';
import { purge, purgeAll } from '../../../server/privacy/purge.ts';
import type { HoldScope } from '../../../server/privacy/retention.ts';
import { moveRecord, openRecord, readRecord } from '../../../server/registers/desk.ts';
import { registerById } from '../../../server/registers/index.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, sampleFacts } from '../sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const number = () => collector.organization.number;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const worker = () => ({
  author: { actor: 'user:dpo', person: 'user:dpo' } as const,
  may: ['registers.read', 'registers.write', 'privacy.manage'] as const,
  organization: number(),
});

/** Puts a hold in force; answers what ends it. */
async function hold(scope: HoldScope): Promise<() => Promise<unknown>> {
  const { stores } = collector;
  const holds = registerById('legal-holds');
  if (holds === undefined) throw new Error('no register of holds');
  const values = { matter: 'Claim 7', reason: 'It is pending.', scope: [scope], owner: 'Counsel' };
  const { id } = await openRecord(stores, holds, values, worker(), new Date());
  return async () => {
    const full = await readRecord(stores, holds, number(), id);
    if (full === undefined) throw new Error('no hold');
    return moveRecord(stores, holds, full, 'end', {}, worker(), new Date());
  };
}

async function reportingLaptop() {
  const laptop = await collector.device();
  expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
  return laptop;
}

it('a hold on results keeps them while it lasts, and one on people does not', async () => {
  const { stores } = collector;
  const laptop = await reportingLaptop();
  await stores.devices.revoke(number(), laptop.id, 'console', new Date());
  const known = () => stores.devices.byId(number(), laptop.id);

  const end = await hold('results');
  await purge(stores, number(), inDays(40));
  expect(await known()).toBeDefined();
  await end();

  const endOther = await hold('people');
  await purge(stores, number(), inDays(40));
  expect(await known()).toBeUndefined();
  await endOther();
});

it('a laptop that is only kept out of use is not deleted with those that left', async () => {
  const { stores } = collector;
  const laptop = await reportingLaptop();
  await stores.restrictions.restrict(number(), laptop.id, 'console', new Date());
  await purge(stores, number(), inDays(60));
  expect(await stores.devices.byId(number(), laptop.id)).toBeDefined();
});

it('one organization’s hold on the audit log keeps the whole of it, because it is one chain', async () => {
  const { stores } = collector;
  const { policy } = await stores.organizations.policyVersion(number(), 1);
  await stores.organizations.create(
    { name: 'Other', contact: 'it@other.example', policy },
    'console',
    new Date(),
  );
  const first = async () => (await stores.audit.list(number(), undefined, 10_000)).at(-1)?.number;
  const before = await first();

  const end = await hold('audit');
  await purgeAll(stores, inDays(400));
  expect(await first()).toBe(before);
  await end();

  // Something is always left: here what is noted on that day.
  const looked = { organization: number(), actor: 'console', action: 'device.view', subject: '' } as const;
  await stores.audit.record(looked, inDays(800));
  await purgeAll(stores, inDays(800));
  expect(await first()).not.toBe(before);
  expect(await stores.audit.firstBroken()).toBeUndefined();
});

it('what somebody answered on their laptop is erased with them, and nobody else’s answer', async () => {
  const { stores } = collector;
  const [own, others] = [await collector.device(), await collector.device()];
  const numbers = await Promise.all(
    [own, others].map(async ({ id }) => (await stores.devices.byId(number(), id))?.number ?? 0),
  );
  const at = new Date();
  const statement = { title: 'Clear desk', statement: 'My desk is clear.', role: 'all staff' };
  const until = { periodFrom: at, dueAt: inDays(7), validUntil: inDays(365) };
  const people = numbers.map((device) => ({ device }));
  const given = { template: 'A-clear-desk', ...statement, ...until, people };
  const { id } = await stores.attestations.create(number(), given, 'user:dpo', at);
  const asked = await stores.attestations.people(number(), id);

  const erased = await stores.retention.eraseAnswers(number(), [own.id], []);
  const left = await stores.attestations.people(number(), id);
  expect(erased).toHaveLength(1);
  expect(left).toHaveLength(1);
  expect(asked.map((one) => one.id).filter((one) => !erased.includes(one))).toEqual([left[0]?.id]);
  expect(left[0]?.device).toBe((await stores.devices.byId(number(), others.id))?.label);
});
