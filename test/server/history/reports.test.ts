import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../../server/app.ts';
import { sessionCookie } from '../../../server/caller.ts';
import { evidenceBundle } from '../../../server/exports/evidence-bundle.ts';
import { organizationCsv } from '../../../server/exports/organization-csv.ts';
import { organizationSheet } from '../../../server/exports/organization-sheet.ts';
import { tar, untar } from '../../../server/exports/tar.ts';
import { lookBack } from '../../../server/history/look-back.ts';
import { organizationReport } from '../../../server/history/organization-report.ts';
import { periodOf, recentPeriods } from '../../../server/history/period.ts';
import { NotABundle, verifyBundle } from '../../../server/ingest/verify-bundle.ts';
import { seedSampleFleet } from '../../../server/sample/fleet.ts';
import { createCollectorKey, readCollectorKey } from '../../../server/signing/collector-key.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { newDatabase, type TestDatabase } from '../../databases/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-reports-'));
const now = new Date('2026-11-20T12:00:00Z');
const october = periodOf('2026-10', now);
let database: TestDatabase;
let stores: Stores;
let organization: Organization;
let another: Organization;
let app: Awaited<ReturnType<typeof buildApp>>;
let cookie = '';

beforeAll(async () => {
  createCollectorKey(folder);
  database = await newDatabase(folder);
  stores = await openStores(database.address, folder);
  const organizations = await seedSampleFleet({ stores, devices: 24, days: 60, now });
  organization = organizations[0] as Organization;
  another = organizations[1] as Organization;
  const user = await stores.users.create({ email: 'it@example.com', name: 'IT' }, 'console', now);
  await stores.users.grant(user, organization.number, 'auditor', 'console', now);
  cookie = `${sessionCookie}=${await stores.sessions.begin(user, 'link', now)}`;
  app = await buildApp({
    stores,
    collectorKey: readCollectorKey(folder),
    now: () => now,
    logLevel: 'silent',
  });
}, 120_000);
afterAll(async () => {
  await app.close();
  await stores.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string) =>
  app.inject({ url: `/organizations/${organization.id}${path}`, headers: { cookie, accept: 'text/html' } });

describe('a period', () => {
  test('is a month or a quarter that has begun', () => {
    expect(october).toMatchObject({
      words: 'October 2026',
      from: new Date('2026-10-01T00:00:00.000Z'),
      until: new Date('2026-10-31T23:59:59.999Z'),
      over: true,
    });
    expect(periodOf('2026-Q3', now)?.until.toISOString()).toBe('2026-09-30T23:59:59.999Z');
    expect(periodOf('2026-11', now)).toMatchObject({ until: now, over: false });
    for (const id of ['2026-12', '2027-Q1', '2026-13', '2026-Q5', '2026', '', '2026-1']) {
      expect(periodOf(id, now)).toBeUndefined();
    }
  });

  test('those since a day are offered newest first', () => {
    const { months, quarters } = recentPeriods(new Date('2026-09-21T00:00:00Z'), now, 12);
    expect(months.map(({ id }) => id)).toEqual(['2026-11', '2026-10', '2026-09']);
    expect(quarters.map(({ id }) => id)).toEqual(['2026-Q4', '2026-Q3']);
  });
});

describe('the report of a month', () => {
  test('says the same numbers as the fleet as of its end, in every format', async () => {
    if (october === undefined) throw new Error('no period');
    const { fleet } = await lookBack(stores, organization.number, october.until);
    const report = await organizationReport(stores, organization, october, now);
    expect(report.counts).toEqual(fleet.counts);
    expect(report.evidence.broken).toEqual([]);
    expect(report.evidence.verified + report.evidence.none).toBe(fleet.devices.length);
    expect(report.broke).toBeGreaterThan(0);

    const page = (await get('/reports/2026-10')).body;
    const csv = (await get('/reports/2026-10/report-csv')).body;
    const sheet = organizationSheet(report);
    for (const { label, value } of sheet.facts) {
      expect(page).toContain(`<dt>${label}</dt><dd>${value}</dd>`);
    }
    for (const { title, counts } of report.checks) {
      expect(csv).toContain(`checks,${title},fails,${counts.fail}\r\n`);
      expect(csv).toContain(`checks,${title},passes,${counts.pass}\r\n`);
    }
    expect(csv).toContain(`laptops,Failing,at the end,${fleet.counts.failing}\r\n`);
    expect(csv).toBe(organizationCsv(report));
  });

  test('is noted in the audit log when it is taken', async () => {
    await get('/reports/2026-10/report-csv');
    const entries = await stores.audit.list(organization.number, undefined, 5);
    expect(entries.map(({ action, detail }) => ({ action, detail }))).toContainEqual({
      action: 'report.export',
      detail: { export: 'report-csv', about: '2026-10' },
    });
  });

  test('of a month to come, or in a format there is not, is nothing', async () => {
    for (const path of ['/reports/2027-01', '/reports/2026-10/nothing', '/exports/nothing', '/reports/x']) {
      expect((await get(path)).statusCode).toBe(404);
    }
  });
});

test('a formula somebody typed stays text in the table', async () => {
  const bad = '=HYPERLINK("http://evil.example")';
  if (october === undefined) throw new Error('no period');
  const report = await organizationReport(stores, { ...organization, name: bad }, october, now);
  expect(organizationCsv(report)).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
});

test('every finding as of a day is a line', async () => {
  const csv = (await get('/exports/findings-csv?asOf=2026-10-15')).body;
  const { fleet } = await lookBack(stores, organization.number, new Date('2026-10-15T23:59:59.999Z'));
  const lines = csv.trim().split('\r\n');
  const failing = lines.filter((line) => line.includes(',firewall/enabled,') && line.includes(',fail,'));
  expect(failing.length).toBe(
    fleet.devices.filter(({ statuses }) => statuses?.get('firewall/enabled') === 'fail').length,
  );
  expect(lines.length).toBeGreaterThan(fleet.devices.length * 30);
});

describe('the evidence bundle', () => {
  let bundle: Buffer;
  beforeAll(async () => {
    bundle = (await get('/reports/2026-10/evidence')).rawPayload;
  });

  test('verifies from its bytes alone', () => {
    const { manifest, reports, broken } = verifyBundle(bundle);
    expect(broken).toEqual([]);
    expect(reports).toBeGreaterThan(manifest.devices.length * 10);
    expect(manifest.collectorKey).toBe(readCollectorKey(folder).publicKey);
    expect(manifest.files.some(({ path }) => path.startsWith('policies/'))).toBe(true);
    expect(manifest.sample).toBe(true);
  });

  test('holds the reports of laptops that left in the period, too', async () => {
    if (october === undefined) throw new Error('no period');
    const idsIn = async () => {
      const made = await evidenceBundle(stores, readCollectorKey(folder), another, october, now);
      const { manifest, broken } = verifyBundle(made);
      expect(broken).toEqual([]);
      return manifest.devices.map(({ id }) => id);
    };
    const before = await idsIn();
    const [leaves = '', left = ''] = before;
    await stores.devices.revoke(another.number, leaves, 'console', new Date('2026-10-20T12:00:00Z'));
    await stores.devices.revoke(another.number, left, 'console', new Date('2026-09-30T12:00:00Z'));
    expect(await idsIn()).toEqual(before.filter((id) => id !== left));
  });

  test('verifies with jose and with node:crypto and the keys in it, without our code', async () => {
    const files = new Map(untar(bundle).map(({ path, body }) => [path, Buffer.from(body).toString()]));
    const paths = [...files.keys()].filter((path) => path.startsWith('reports/')).slice(0, 5);
    expect(paths.length).toBe(5);
    for (const path of paths) {
      const key = createPublicKey(files.get(`keys/${path.split('/')[1]}.pem`) ?? '');
      const jws = files.get(path) ?? '';
      expect((await compactVerify(jws, key)).protectedHeader.alg).toBe('EdDSA');
      const [header, payload, signature] = jws.split('.');
      const signed = Buffer.from(`${header}.${payload}`);
      expect(verify(null, signed, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
    }
    const collector = createPublicKey(files.get('keys/collector.pem') ?? '');
    const { payload } = await compactVerify(files.get('manifest.jws') ?? '', collector);
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ schema: 'muster.bundle/1' });
  });

  test('tells what was changed, left out, added or signed by somebody else', () => {
    const files = untar(bundle).map(({ path, body }) => ({ path, body: Buffer.from(body) }));
    const index = files.findIndex(({ path }) => /reports\/.*\/0000(0[5-9])\.jws/.test(path));
    const path = files[index]?.path ?? '';
    const changed = files.map((file, at) => {
      if (at !== index) return file;
      const body = Buffer.from(file.body);
      body[200] = body[200] === 65 ? 66 : 65;
      return { path: file.path, body };
    });
    const faults = (given: typeof files) => verifyBundle(tar(given)).broken;
    expect(faults(changed)).toContainEqual({ path, fault: 'changed' });
    expect(faults(changed)).toContainEqual({ path, fault: 'bad-signature' });
    expect(faults(files.filter((_file, at) => at !== index))).toEqual([
      { path, fault: 'absent' },
      { path, fault: 'missing' },
    ]);
    expect(faults([...files, { path: 'extra.txt', body: Buffer.from('x') }])).toEqual([
      { path: 'extra.txt', fault: 'not-listed' },
    ]);
    const forged = files.map((file) =>
      file.path === 'manifest.jws'
        ? {
            path: file.path,
            body: Buffer.from(file.body.toString().replace(/.$/, 'A').replace(/\.(.)/, '.A')),
          }
        : file,
    );
    expect(() => verifyBundle(tar(forged))).toThrow(NotABundle);
    expect(() => verifyBundle(Buffer.from('no archive at all'))).toThrow(NotABundle);
    expect(() => verifyBundle(bundle.subarray(0, bundle.length / 2))).toThrow(NotABundle);
  });

  test('is a tar that other programs read', () => {
    const path = join(folder, 'bundle.tar');
    writeFileSync(path, bundle);
    const listed = execFileSync('tar', ['tf', path], { encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual(untar(bundle).map((file) => file.path));
    const name = 'a/b.txt';
    const files = untar(tar([{ path: name, body: Buffer.alloc(512, 1) }]));
    expect(files).toEqual([{ path: name, body: Buffer.alloc(512, 1) }]);
  });
});

test('the fact sheet of a laptop says what it signed by then', async () => {
  const [first] = (await lookBack(stores, organization.number, now)).fleet.devices.filter(
    ({ device }) => device.reported,
  );
  if (first === undefined) throw new Error('no laptop');
  const page = await get(`/devices/${first.device.id}/fact-sheet?asOf=2026-11-10`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain(`Fact sheet of ${first.device.label}`);
  expect(page.body).toMatch(/SHA-256 of the signed report: [0-9a-f]{64}/);
  const pdf = await get(`/devices/${first.device.id}/exports/fact-sheet-pdf`);
  expect(pdf.headers['content-type']).toBe('application/pdf');
  expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
});

test('what the fleet was judged by is what the audit log noted', async () => {
  expect(await stores.audit.altered()).toEqual([]);
});
