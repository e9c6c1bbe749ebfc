/**
 * Makes the pictures of docs/images: `node test/tools/screenshots.ts`. A real collector (built before: npm run build) serves a
 * sample fleet of 200 laptops; nothing in it is anybody's.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readConfiguration } from '../../server/configuration.ts';
import { issueSignInLink } from '../../server/issue.ts';
import { setUp } from '../../server/set-up.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';
import { basePolicy } from '../../shared/policy.ts';
import { chromiumPath, openBrowser } from '../e2e/browser.ts';
import { seedFleet } from '../sample/seed.ts';

const root = join(import.meta.dirname, '../..');
const images = join(root, 'docs/images');
const folder = mkdtempSync(join(tmpdir(), 'muster-screenshots-'));
const port = '8459';
const environment = { ...process.env, MUSTER_DATA: folder, HOST: '127.0.0.1', PORT: port, LOG_LEVEL: 'warn' };
const configuration = readConfiguration(environment);
const admin = 'thandi@it.example';

/** Three organizations with their fleets; answers the sign-in link and the laptop that shows most. */
async function seed(stores: Stores): Promise<{ link: string; organization: string; device: string }> {
  const now = new Date();
  const user = await stores.users.byEmail(admin);
  const [first] = await stores.organizations.all();
  if (user === undefined || first === undefined) throw new Error('nothing was set up');
  await seedFleet({ stores, organization: first, devices: 200, seed: 7, now });
  for (const [index, [name, devices]] of (
    [
      ['Maluti Legal', 14],
      ['Kestrel Analytics', 41],
    ] as const
  ).entries()) {
    const organization = await stores.organizations.create(
      { name, contact: 'it@example.com', policy: basePolicy() },
      'console',
      now,
    );
    await stores.users.grant(user, organization.number, 'contractor', 'console', now);
    await seedFleet({ stores, organization, devices, seed: 11 + index, now });
  }
  const failing = await stores.devices.list(
    first.number,
    {
      search: '',
      state: 'failing',
      platform: 'darwin',
      check: 'disk-encryption',
      sort: 'state',
      descending: false,
    },
    200,
    0,
  );
  const device = failing.toSorted((a, b) => score(b) - score(a))[0];
  if (device === undefined) throw new Error('no sample laptop fails');
  const link = await issueSignInLink(stores, configuration, user, new Date(now.getTime() + 600_000), now);
  return { link, organization: first.id, device: device.id };
}

/** Some to fix and something that could not be told, but not everything at once. */
const score = ({ failing, unknown }: { failing: readonly string[]; unknown: readonly string[] }) =>
  Math.min(failing.length, 2) + (unknown.length === 1 ? 2 : 0);

async function ready(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/readyz`)).ok) return;
    } catch {
      // It is still starting.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the collector did not start');
}

async function shoot(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(images, `${name}.png`), fullPage });
  process.stdout.write(`docs/images/${name}.png\n`);
}

async function main(): Promise<void> {
  if (chromiumPath === undefined) throw new Error('no Chromium here; CHROMIUM names one');
  mkdirSync(images, { recursive: true });
  const named = await openStores(configuration.databaseUrl, configuration.dataFolder);
  await named.users.create({ email: admin, name: 'Thandi Mokoena' }, 'console', new Date());
  await named.close();
  await setUp(configuration, {
    organization: 'River & Stone Architects',
    admin,
    contact: 'it@example.com',
    policy: basePolicy(),
  });
  const stores = await openStores(configuration.databaseUrl, configuration.dataFolder);
  const { link, organization, device } = await seed(stores);
  await stores.close();

  const collector = spawn(process.execPath, [join(root, 'dist/server/start.js'), 'serve'], {
    env: environment,
    stdio: 'inherit',
  });
  const browser = await openBrowser({ height: 960 });
  try {
    await ready();
    const { page } = browser;
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    const here = `http://127.0.0.1:${port}/organizations/${organization}`;
    const pages = [
      ['today', `http://127.0.0.1:${port}/`],
      ['fleet', here],
      ['device', `${here}/devices/${device}`],
    ] as const;
    for (const [name, address] of pages) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 1440, height: 960 });
        await page.goto(address);
        await shoot(page, colorScheme === 'light' ? name : `${name}-dark`);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(address);
      await shoot(page, `${name}-narrow`);
    }
  } finally {
    await browser.close();
    collector.kill('SIGTERM');
    await new Promise((resolve) => collector.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
