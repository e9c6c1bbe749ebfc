import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoConfiguration, makeDemo } from '../../../server/commands/demo.ts';
import { evidenceBundle } from '../../../server/exports/evidence-bundle.ts';
import { organizationReport } from '../../../server/history/organization-report.ts';
import { type Period, periodOf } from '../../../server/history/period.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { CollectorProcess } from '../collector-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-terminal-'));
const configuration = demoConfiguration({ MUSTER_DATA: folder, LOG_LEVEL: 'silent' });
const name = 'River & Stone Architects';
let collector: CollectorProcess;
let stores: Stores;
let organization: Organization;
/** The month before this one, or this one where the made-up past does not reach back so far. */
const month = new Date(Date.now() - 32 * 86_400_000).toISOString().slice(0, 7);

beforeAll(async () => {
  await makeDemo(configuration, { devices: 20, days: 45 });
  collector = await CollectorProcess.at(configuration.dataFolder);
  stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  const found = (await stores.organizations.all()).find((one) => one.name === name);
  if (found === undefined) throw new Error('no organization');
  organization = found;
}, 180_000);
afterAll(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

const report = (...rest: string[]) =>
  collector.run(['report', '--organization', name, '--month', month, ...rest]);
const period = (): Period => {
  const found = periodOf(month, new Date());
  if (found === undefined) throw new Error('no period');
  return found;
};

test('the terminal says the numbers of the report, in words, as a table, as a page and as a PDF', async () => {
  const made = await organizationReport(stores, organization, period(), new Date());
  const text = (await report()).stdout;
  expect(text).toMatch(new RegExp(`Failing +\\d+ +${made.counts.failing} `));
  expect(text).toMatch(new RegExp(`Compliant +\\d+ +${made.counts.compliant} `));
  for (const { title, counts } of made.checks) {
    expect(text).toMatch(new RegExp(`${title} +${counts.fail} +${counts.unknown} +${counts.pass} `));
  }
  const csv = (await report('--format', 'csv')).stdout;
  expect(csv).toContain(`repairs,all checks,broke,${made.broke}\r\n`);
  expect(csv).toContain(`laptops,Silent,at the end,${made.counts.silent}\r\n`);
  const html = (await report('--format', 'html')).stdout;
  expect(html).toContain(`<dt>Broke</dt><dd>${made.broke}</dd>`);
  expect(html).not.toMatch(/(src|href)="?https?:/);
  expect((await report('--format', 'pdf')).stdout.slice(0, 5)).toBe('%PDF-');
}, 60_000);

test('the status says the numbers of the pages', async () => {
  const counts = await stores.devices.stateCounts(organization.number);
  const { stdout } = await collector.run(['status', '--organization', name, '--json']);
  expect((JSON.parse(stdout) as { organizations: unknown[] }).organizations[0]).toMatchObject({ counts });
});

test('a report of no month, or in no format, is wrong usage', async () => {
  for (const args of [
    ['report'],
    ['report', '--month', '2026-13'],
    ['report', '--month', month, '--format', 'x'],
  ]) {
    expect((await collector.run(args)).code).toBe(64);
  }
});

test('a bundle is verified without a collector; a changed one is told', async () => {
  const key = readCollectorKey(configuration.dataFolder);
  const bundle = await evidenceBundle(stores, key, organization, period(), new Date());
  const path = join(folder, 'bundle.tar');
  writeFileSync(path, bundle);
  const nowhere = await CollectorProcess.at(join(folder, 'nowhere'));
  const whole = await nowhere.run(['verify', '--bundle', path]);
  expect(whole).toMatchObject({ code: 0 });
  expect(whole.stdout).toContain(key.publicKey);
  const index = bundle.indexOf('reports/D-') + 700;
  bundle[index] = bundle[index] === 65 ? 66 : 65;
  writeFileSync(path, bundle);
  const broken = await nowhere.run(['verify', '--bundle', path]);
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/^BROKEN {2}reports\/D-/);
  expect((await nowhere.run(['verify', '--bundle', join(folder, 'nothing')])).code).toBe(64);
}, 60_000);

test('a laptop is put on leave, is back, and is retired', async () => {
  const filter = {
    search: '',
    state: 'compliant',
    platform: null,
    check: null,
    sort: 'device',
    descending: false,
  } as const;
  const [laptop] = await stores.devices.list(organization.number, filter, 1, 0);
  if (laptop === undefined) throw new Error('no laptop');
  const device = (...rest: string[]) =>
    collector.run(['device', '--organization', name, '--label', laptop.label, ...rest]);
  const until = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  expect((await device('--leave', until)).code).toBe(0);
  const now = () => stores.devices.byId(organization.number, laptop.id);
  expect((await now())?.leaveUntil?.toISOString()).toBe(`${until}T00:00:00.000Z`);
  for (const wrong of [['--leave', '2020-01-01'], ['--leave', 'soon'], ['--leave', until, '--back'], []]) {
    expect((await device(...wrong)).code).toBe(64);
  }
  expect((await device('--back')).code).toBe(0);
  expect((await now())?.leaveUntil).toBeNull();
  expect((await device('--owner', 'contractor', '--agreement', 'C-2026-04')).stdout).toContain(
    'is recorded as contractor, by agreement C-2026-04',
  );
  expect(await now()).toMatchObject({ owner: 'contractor', agreement: 'C-2026-04' });
  expect((await device('--owner', 'company', '--agreement', 'C-2026-04')).code).toBe(64);
  expect((await device('--owner', 'company')).code).toBe(0);
  expect(await now()).toMatchObject({ owner: 'company', agreement: '' });
  expect((await device('--retire')).code).toBe(0);
  expect((await now())?.revokedAt).not.toBeNull();
}, 60_000);
