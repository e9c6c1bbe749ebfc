/**
 * Makes the pictures of docs/images: `node test/tools/screenshots.ts [NAME ...]`. A real collector (built before: npm run build) serves the
 * demonstration fleet of 200 laptops; nothing in it is anybody's. Each page is taken at 1440 and 390 pixels, light and dark.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sections } from '../../server/pages/sections.ts';
import { chromiumPath, openBrowser } from '../e2e/browser.ts';
import { palettePng } from './palette-png.ts';

const root = join(import.meta.dirname, '../..');
const images = join(root, 'docs/images');
const port = process.env['PORT'] ?? '8459';

interface Sample {
  readonly organization: string;
  readonly device: string;
}

const month = new Date(Date.now() - 32 * 86_400_000).toISOString().slice(0, 7);
const then = new Date(Date.now() - 45 * 86_400_000).toISOString().slice(0, 10);

/** Pages beside those in the navigation of an organization, which are taken by their own names. One more is one line. */
const pages: Readonly<Record<string, (sample: Sample) => string>> = {
  today: () => '/',
  device: ({ organization, device }) => `/organizations/${organization}/devices/${device}`,
  'device-as-of': ({ organization, device }) =>
    `/organizations/${organization}/devices/${device}?asOf=${then}`,
  'device-fact-sheet': ({ organization, device }) =>
    `/organizations/${organization}/devices/${device}/fact-sheet`,
  'overview-as-of': ({ organization }) => `/organizations/${organization}?asOf=${then}`,
  check: ({ organization }) => `/organizations/${organization}/checks/screen-lock`,
  report: ({ organization }) => `/organizations/${organization}/reports/${month}`,
  account: () => '/account',
  ...Object.fromEntries(
    sections.map(({ id, address }) => [id, ({ organization }: Sample) => address(organization)]),
  ),
};

/** At these widths, in these colors; the first of each has no suffix. */
const views = [
  { suffix: '', width: 1440, height: 960, colorScheme: 'light' },
  { suffix: '-dark', width: 1440, height: 960, colorScheme: 'dark' },
  { suffix: '-narrow', width: 390, height: 844, colorScheme: 'light' },
  { suffix: '-narrow-dark', width: 390, height: 844, colorScheme: 'dark' },
] as const;

/** Starts the demonstration; resolves with the link it prints. */
function demonstration(folder: string): { readonly link: Promise<string>; stop(): Promise<void> } {
  const collector = spawn(process.execPath, [join(root, 'dist/server/start.js'), 'demo'], {
    env: { ...process.env, MUSTER_DATA: folder, HOST: '127.0.0.1', PORT: port, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const link = new Promise<string>((resolve, reject) => {
    let said = '';
    collector.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /https?:\/\/\S+code=\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    collector.once('exit', () => reject(new Error('the demonstration ended')));
  });
  return {
    link,
    async stop() {
      const ended = new Promise((resolve) => collector.once('exit', resolve));
      collector.kill('SIGTERM');
      await ended;
    },
  };
}

/** The organization with most laptops, and a Mac of it that shows much: something to fix, but not everything at once. */
async function sampleOf(page: Page): Promise<Sample> {
  const href = async (selector: string) => (await page.locator(selector).first().getAttribute('href')) ?? '';
  const home = await href('.organizations a[href^="/organizations/"]:has-text("River")');
  const organization = home.split('/')[2] ?? '';
  await page.goto(`http://127.0.0.1:${port}/organizations/${organization}?state=failing&platform=darwin`);
  const device = (await href('#devices .device-name')).split('/')[4] ?? '';
  return { organization, device };
}

async function main(names: readonly string[]): Promise<void> {
  if (chromiumPath === undefined) throw new Error('no Chromium here; CHROMIUM names one');
  mkdirSync(images, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'muster-screenshots-'));
  const demo = demonstration(folder);
  const browser = await openBrowser({ height: 960 });
  try {
    const { page } = browser;
    await page.goto(await demo.link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    const sample = await sampleOf(page);
    for (const [name, address] of Object.entries(pages)) {
      if (names.length > 0 && !names.includes(name)) continue;
      for (const { suffix, width, height, colorScheme } of views) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        const answer = await page.goto(`http://127.0.0.1:${port}${address(sample)}`);
        if (answer?.status() !== 200) throw new Error(`${name}: ${answer?.status()}`);
        writeFileSync(join(images, `${name}${suffix}.png`), palettePng(await page.screenshot()));
      }
      process.stdout.write(`docs/images/${name}.png\n`);
    }
  } finally {
    await browser.close();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
