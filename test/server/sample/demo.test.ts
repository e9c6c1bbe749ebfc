import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../../server/arguments.ts';
import { demoConfiguration, makeDemo } from '../../../server/commands/demo.ts';
import { verifyEvidence } from '../../../server/ingest/verify-evidence.ts';
import { startCollector } from '../../../server/start-collector.ts';
import { stateOrganization } from '../../../server/statement.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-demo-'));
const configuration = demoConfiguration({
  MUSTER_DATA: folder,
  DATABASE_URL: 'sqlite:/nowhere/real.db',
  PORT: '0',
  LOG_LEVEL: 'silent',
});
const now = new Date();
let link = '';
let stores: Stores;

beforeAll(async () => {
  link = await makeDemo(configuration, { devices: 24, days: 40, now });
  stores = await openStores(configuration.databaseUrl);
}, 120_000);
afterAll(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a demonstration lies in a folder of its own, never in the database that is set', () => {
  expect(configuration.databaseUrl).toBe(`sqlite:${join(folder, 'demo', 'collector.db')}`);
});

test('every report of it is signed and follows the one before: the evidence verifies', async () => {
  const { broken, auditBrokenAt, reports, devices } = await verifyEvidence(stores);
  expect({ broken, auditBrokenAt }).toEqual({ broken: [], auditBrokenAt: null });
  expect(devices).toBeGreaterThan(18);
  expect(reports).toBeGreaterThan(devices * 10);
});

test('it has a past: things broke and were fixed, and a policy was tightened', async () => {
  const [first] = (await stores.organizations.all()).filter(({ name }) => name.startsWith('River'));
  if (first === undefined) throw new Error('no organization');
  expect(first.sample).toBe(true);
  expect(first.policyVersion).toBe(2);
  const oldest = now.getTime() - 41 * 86_400_000;
  const changes = [];
  for (const device of await stores.devices.list(
    first.number,
    { search: '', state: null, platform: null, check: null, sort: 'state', descending: false },
    100,
    0,
  )) {
    expect(device.enrolledAt.getTime()).toBeGreaterThan(oldest);
    changes.push(...(await stores.findings.timeline(first.number, device.number, 100)));
  }
  expect(changes.some(({ before, after }) => before === 'pass' && after === 'fail')).toBe(true);
  expect(changes.some(({ before, after }) => before === 'fail' && after === 'pass')).toBe(true);
  expect(changes.every(({ at }) => at <= now)).toBe(true);
});

test('its written policy is stated sentence by sentence, and they do not all stand alike', async () => {
  const [first] = (await stores.organizations.all()).filter(({ name }) => name.startsWith('River'));
  const { clauses } = await stateOrganization(stores, first?.number ?? 0, now, now);
  expect(clauses).toHaveLength(14);
  const statusOf = (id: string) => clauses.find((clause) => clause.id === id)?.status;
  expect(statusOf('OFF-1-1')).toBe('evidenced');
  expect(statusOf('OFF-1-2')).toBe('evidenced');
  expect(statusOf('OFF-3-1')).toBe('failing');
  expect(statusOf('OFF-4-1')).toBe('not-evidenced');
});

test('every page of it says that it is made up', async () => {
  const collector = await startCollector(configuration);
  try {
    const url = `http://127.0.0.1:${collector.port}`;
    const signedIn = await fetch(`${url}/sign-in/link`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ code: new URL(link).searchParams.get('code') ?? '' }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const [organization] = await stores.organizations.all();
    for (const path of ['/', `/organizations/${organization?.id}`]) {
      const page = await (await fetch(url + path, { headers: { cookie, accept: 'text/html' } })).text();
      expect(page).toContain('Sample data.');
    }
  } finally {
    await collector.stop();
  }
});

test('a folder that is no demonstration is never made anew', async () => {
  const other = mkdtempSync(join(tmpdir(), 'muster-demo-'));
  writeFileSync(join(other, 'precious.txt'), 'kept');
  const wrong = { ...configuration, dataFolder: other };
  await expect(makeDemo(wrong, { devices: 3, days: 7 })).rejects.toThrow(UsageError);
  rmSync(other, { recursive: true });
});
