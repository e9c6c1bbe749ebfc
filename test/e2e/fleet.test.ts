import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMachine } from '../../agent/readings/machine.ts';
import { runChecks } from '../../agent/runner.ts';
import { Recording, replaySources } from '../../agent/sources/recording.ts';
import { hashPassword } from '../../server/password.ts';
import type { User } from '../../server/storage/users.ts';
import { formatToken } from '../../shared/api.ts';
import { Facts } from '../../shared/facts.ts';
import { basePolicy } from '../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { post, type SampleDevice } from '../server/sample-device.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const root = join(import.meta.dirname, '../..');
const password = 'correct horse battery staple';

/** A Mac put together of recorded corners: the screen never locks on mains, and the firewall is as asked. */
async function replayedMac(firewall: 'on' | 'off') {
  const corners = [
    `firewall/${firewall}`,
    'screen-lock/never-on-mains',
    'disk-encryption/on',
    'password-policy/on',
  ];
  const recordings = corners.map((name) =>
    Recording.parse(
      (
        JSON.parse(readFileSync(join(root, `test/fixtures/darwin/${name}.json`), 'utf8')) as {
          recording: unknown;
        }
      ).recording,
    ),
  );
  const [first] = recordings;
  if (first === undefined) throw new Error('no recordings');
  const sources = replaySources({ ...first, reads: recordings.flatMap(({ reads }) => reads) });
  return {
    facts: Facts.parse(await runChecks(sources, basePolicy())),
    machine: await readMachine(sources),
  };
}

const textOf = async (place: Locator) => (await place.textContent()) ?? '';

/** Runs the agent as people run it; resolves with its exit code. */
function agent(state: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(root, 'agent/start.ts'), ...args], {
    env: { ...process.env, MUSTER_STATE: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

const title =
  chromiumPath === undefined ? 'the fleet (skipped: no Chromium here, CHROMIUM names one)' : 'the fleet';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 60_000 }, () => {
  let collector: SampleCollector;
  let thandi: User;
  let mac: SampleDevice;
  let browser: Browser;
  const state = mkdtempSync(join(tmpdir(), 'muster-agent-'));

  const link = async () =>
    `${collector.url}/sign-in/link?code=${await collector.stores.sessions.createLink(
      thandi,
      new Date(Date.now() + 60_000),
      'console',
      new Date(),
    )}`;

  beforeAll(async () => {
    collector = await startCollector();
    const { stores, organization } = collector;
    const at = new Date();
    thandi = await stores.users.create({ email: 'thandi@it.example', name: 'Thandi Mokoena' }, 'console', at);
    await stores.users.grant(thandi, organization.number, 'contractor', 'console', at);
    await stores.members.requireSecondFactor(organization.number, false, 'console', at);
    await stores.users.setPassword(thandi, await hashPassword(password), 'console', at);
    mac = await collector.device();
    for (const firewall of ['on', 'off'] as const) {
      const { facts, machine } = await replayedMac(firewall);
      const response = await post(collector.url, mac.full(facts, { machine }));
      expect(response.status, await response.text()).toBe(201);
    }
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await collector?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('signs in by the one-time link, sees the fleet, opens the laptop and reads why a check failed', async () => {
    const { page, complaints } = browser;
    await page.goto(await link());
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    expect(await textOf(page.getByRole('region', { name: /^Broke since / }))).toContain('Firewall');
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.getByRole('link', { name: 'Acme', exact: true }).click();
    await page.getByRole('heading', { name: 'Acme', level: 1 }).waitFor();
    expect(await page.getByRole('img', { name: /^Laptops of Acme: 1 failing/ }).count()).toBe(1);
    expect(await accessibilityProblems(page)).toEqual([]);

    await page
      .getByRole('region', { name: 'Laptops', exact: true })
      .getByRole('link', { name: /^D-/ })
      .click();
    const firewall = page.getByRole('region', { name: 'Firewall' });
    await firewall.waitFor();
    const words = await textOf(firewall);
    expect(words).toContain('Fails');
    expect(words).toMatch(/Found\s*off\s*Required\s*on everywhere, IPv6 too/i);
    expect(words).toContain('sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setglobalstate on');
    expect(await textOf(page.getByRole('region', { name: 'Screen lock' }))).toContain('mains power');
    expect(await textOf(page.getByRole('region', { name: 'What changed' }))).toMatch(
      /Firewall: switched on\s*Passes\s*Fails\s*Off/,
    );
    expect(await textOf(page.getByRole('region', { name: 'Evidence' }))).toContain('Signed by this laptop');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('gives the report that was signed on the laptop', async () => {
    const { page } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}/devices/${mac.id}`);
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download report 2 as signed' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^D-[0-9A-Z]{8}-2\.jws$/);
    const path = join(state, 'report.jws');
    await download.saveAs(path);
    expect(readFileSync(path, 'utf8').split('.')).toHaveLength(3);
  });

  it('shows a laptop whose own agent enrolled and reported', async () => {
    const token = formatToken({
      url: collector.url,
      code: await collector.code(),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      pin: null,
    });
    const enrolled = await agent(state, ['--enroll', token, '--yes']);
    expect(enrolled.code, enrolled.output).toBe(0);
    const id = /as device ([0-9a-f-]{36})/.exec(enrolled.output)?.[1] ?? '';
    const reported = await agent(state, ['--report']);
    expect(reported.code, reported.output).toBeLessThan(3);

    const { page, complaints } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}`);
    const row = page.locator(`#devices tbody tr:has(a[href$="${id}"])`);
    await row.getByRole('link').click();
    const evidence = await textOf(page.getByRole('region', { name: 'Evidence' }));
    expect(evidence).toContain('Signed by this laptop');
    expect(evidence).not.toContain('changed after signing');
    // A machine in a test bench is never wholly in order, and says of everything what it is or why it cannot be told.
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toContainEqual(
      expect.stringMatching(/To fix|Could not be told/),
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('finds laptops while one types, and keeps the view in the address', async () => {
    const { page, complaints } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}`);
    const search = page.getByRole('searchbox');
    await search.pressSequentially('macos', { delay: 10 });
    await page.waitForURL(/\?search=macos$/);
    await expect.poll(() => page.locator('#devices tbody tr').count()).toBe(1);
    expect(await search.inputValue()).toBe('macos');
    expect(await search.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.getByRole('link', { name: 'Last report' }).click();
    await page.waitForURL(/search=macos&sort=report/);
    // Whoever sorts with the keyboard stays where they were.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('sort-by-report');
    expect(await textOf(page.locator('th[aria-sort]'))).toContain('Last report');

    await search.fill('nothing has this name');
    await page.getByText('No laptop matches.').waitFor();
    expect(await textOf(page.getByRole('status'))).toBe('0 laptops found');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('asks to sign in again when the session ended while one typed', async () => {
    const { page } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}`);
    await browser.context.clearCookies();
    await page.getByRole('searchbox').fill('mac');
    await page.waitForURL(/\/sign-in$/);
  });

  it('can be used with the keyboard alone, from signing in to the reason', async () => {
    await browser.context.clearCookies();
    const { page } = browser;
    await page.goto(collector.url);
    await page.waitForURL(/\/sign-in$/);
    expect(await accessibilityProblems(page)).toEqual([]);
    const { keyboard } = page;
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    /** Tabs until what has the focus reads so; a person would give up too. */
    async function tabTo(words: RegExp): Promise<void> {
      for (let presses = 0; presses < 40; presses += 1) {
        await keyboard.press('Tab');
        if (words.test(await focused())) return;
      }
      throw new Error(`${words} cannot be reached with the keyboard`);
    }
    await page.locator('#email').evaluate((element) => element.blur());
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.type('thandi@it.example');
    await keyboard.press('Tab');
    await keyboard.type('wrong');
    await keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.locator('#password').focus();
    await keyboard.type(password);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();

    await keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await keyboard.press('Enter');
    await tabTo(/^Acme$/);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Acme', level: 1 }).waitFor();
    // Past the navigation, as anybody does who reads with the keyboard.
    await keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await keyboard.press('Enter');
    await tabTo(/^D-/);
    await keyboard.press('Enter');
    await page
      .getByRole('heading', { name: 'To fix' })
      .or(page.getByRole('heading', { name: 'Could not be told' }))
      .first()
      .waitFor();
  });

  it('shows the section that is open where the sections are a strip that scrolls', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 390, height: 844 });
    for (const section of ['', '/waivers', '/reports']) {
      await page.goto(`${collector.url}/organizations/${collector.organization.id}${section}`);
      const open = page.locator('.sections [aria-current]');
      expect(
        await open.evaluate((link) => {
          const { left, right } = link.getBoundingClientRect();
          return left >= 0 && right <= window.innerWidth;
        }),
        section,
      ).toBe(true);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it.each([390, 320])('fits a window of %d pixels, light and dark', async (width) => {
    const { page } = browser;
    const here = `${collector.url}/organizations/${collector.organization.id}`;
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const address of [
        collector.url,
        here,
        `${here}/devices/${mac.id}`,
        `${collector.url}/sign-in`,
        `${collector.url}/nothing`,
      ]) {
        await page.goto(address);
        expect(await overflow(page), `${address} ${colorScheme}`).toBeLessThanOrEqual(0);
        expect(await accessibilityProblems(page), `${address} ${colorScheme}`).toEqual([]);
      }
    }
  });

  it('shows times in the zone of whoever looks, and keeps them in UTC', async () => {
    const { page } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}/devices/${mac.id}`);
    const time = page.locator('#report-2 time').first();
    const data = (await time.getAttribute('datetime')) ?? '';
    expect(data).toMatch(/Z$/);
    const [hour] = new Date(Date.parse(data) + 2 * 3_600_000).toISOString().slice(11).split(':');
    expect(await textOf(time)).toContain(`${hour}:`);
    expect(await textOf(time)).not.toContain('UTC');
  });
});
