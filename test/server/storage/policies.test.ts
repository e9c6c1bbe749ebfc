import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { PolicyNotNewer, PolicyScheduled } from '../../../server/storage/policies.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-policies-'));
const start = new Date('2026-11-21T08:00:00.000Z');
const later = new Date('2026-12-01T00:00:00.000Z');
const after = (at: Date, ms: number) => new Date(at.getTime() + ms);
let database: TestDatabase;
let stores: Stores;
let acme: number;
let other: number;

const stricter = (version: number) =>
  extendPolicy(
    basePolicy(),
    AuthoredPolicy.parse({
      policy: 'acme',
      version,
      checks: { 'screen-lock': { idle: { maxSeconds: 300 } } },
    }),
  );

beforeEach(async () => {
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
  const create = async (name: string) =>
    (await stores.organizations.create({ name, contact: '', policy: basePolicy() }, 'console', start)).number;
  acme = await create('Acme');
  other = await create('Other');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await stores.close();
  await database.drop();
});

const inForce = async (organization: number) =>
  (await stores.organizations.byNumber(organization))?.policyVersion;
const states = async (organization: number) =>
  (await stores.policies.versions(organization, undefined, 10)).map(({ version, state }) => [version, state]);

test('a version with a date waits for it, also through a restart, and then judges', async () => {
  await stores.organizations.publish(acme, stricter(2), 'console', start, {
    effectiveFrom: later,
    reason: 'as agreed in November',
  });
  expect(await inForce(acme)).toBe(1);
  expect(await states(acme)).toEqual([
    [2, 'scheduled'],
    [1, 'in-force'],
  ]);
  expect(await stores.policies.putDueInForce(after(later, -1))).toBe(0);

  await stores.close();
  stores = await openStores(database.address, folder);
  expect(await stores.policies.scheduled(acme)).toMatchObject({
    version: 2,
    reason: 'as agreed in November',
    effectiveFrom: later,
    publishedBy: 'console',
  });
  expect(await stores.policies.putDueInForce(later)).toBe(1);
  expect(await stores.policies.putDueInForce(later)).toBe(0);
  expect(await inForce(acme)).toBe(2);
  expect(await inForce(other)).toBe(1);
  expect(await states(acme)).toEqual([
    [2, 'in-force'],
    [1, 'past'],
  ]);
  expect(await stores.policies.scheduled(acme)).toBeUndefined();
  const [entry] = await stores.audit.list(acme, undefined, 1);
  expect(entry).toMatchObject({ actor: 'collector', action: 'policy.in-force', detail: { version: 2 } });
});

test('only one version waits at a time; taken back it never comes into force, and its number stays used', async () => {
  const publish = (version: number, effectiveFrom?: Date) =>
    stores.organizations.publish(acme, stricter(version), 'console', start, { effectiveFrom });
  await publish(2, later);
  await expect(publish(3)).rejects.toThrow(PolicyScheduled);
  expect(await stores.policies.withdraw(other, 2, 'console', start)).toBe(false);
  expect(await stores.policies.withdraw(acme, 2, 'console', start)).toBe(true);
  expect(await stores.policies.withdraw(acme, 2, 'console', start)).toBe(false);
  expect(await stores.policies.putDueInForce(after(later, 1))).toBe(0);
  await expect(publish(2)).rejects.toThrow(PolicyNotNewer);
  await publish(3);
  expect(await states(acme)).toEqual([
    [3, 'in-force'],
    [2, 'withdrawn'],
    [1, 'past'],
  ]);
  expect((await stores.policies.versions(acme, 3, 1)).map(({ version }) => version)).toEqual([2]);
});

test('a draft is nobody else’s to overwrite, and is published as it was seen', async () => {
  const { policyDrafts } = stores;
  const first = await policyDrafts.save(acme, stricter(2), 0, 'screen-lock', 'user:a', start);
  expect(first).toBeDefined();
  // Begun by two at once: the second is told.
  expect(await policyDrafts.save(acme, stricter(2), 0, 'firewall', 'user:b', start)).toBeUndefined();
  const second = await policyDrafts.save(acme, stricter(2), first ?? 0, 'firewall', 'user:b', start);
  expect(await policyDrafts.find(acme)).toMatchObject({ edit: second, editedBy: 'user:b', basedOn: 1 });
  expect(await policyDrafts.find(other)).toBeUndefined();
  expect(await policyDrafts.publish(acme, first ?? 0, {}, 'user:a', start)).toBeUndefined();
  expect(await policyDrafts.publish(other, second ?? 0, {}, 'user:a', start)).toBeUndefined();
  expect(await policyDrafts.publish(acme, second ?? 0, { reason: 'shorter' }, 'user:a', start)).toBe(2);
  expect(await policyDrafts.find(acme)).toBeUndefined();
  const { policy } = await stores.organizations.policy(acme);
  expect(policy).toMatchObject({ id: 'acme', version: 2 });
  expect(policy.checks['screen-lock']['idle']?.params).toEqual({ maxSeconds: 300 });
});

test('a draft that was discarded cannot be saved to from an old page', async () => {
  const { policyDrafts } = stores;
  const edit = (await policyDrafts.save(acme, stricter(2), 0, 'run', 'user:a', start)) ?? 0;
  expect(await policyDrafts.discard(acme, 'user:a', start)).toBe(true);
  expect(await policyDrafts.discard(acme, 'user:a', start)).toBe(false);
  await policyDrafts.save(acme, stricter(2), 0, 'run', 'user:a', after(start, 1));
  expect(await policyDrafts.save(acme, stricter(2), edit, 'run', 'user:a', start)).toBeUndefined();
});
