import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookie } from '../../server/caller.ts';
import { reviewDue } from '../../server/ingest/review-due.ts';
import type { Role } from '../../server/permissions.ts';
import { formatToken } from '../../shared/api.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../server/sample-device.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const root = join(import.meta.dirname, '../..');

/** Runs the agent as people run it; resolves with its exit code. */
function agent(state: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(root, 'agent/start.ts'), ...args], {
    env: { ...process.env, MUSTER_STATE: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

interface CheckJson {
  readonly findings: readonly {
    readonly check: string;
    readonly status: string;
    readonly points: readonly {
      readonly mode: string;
      readonly status: string;
      readonly waiver?: { readonly reason: string };
    }[];
  }[];
}

const title =
  chromiumPath === undefined ? 'waivers (skipped: no Chromium here, CHROMIUM names one)' : 'waivers';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 120_000 }, () => {
  let collector: SampleCollector;
  let laptop: SampleDevice;
  let label: string;
  let browser: Browser;
  const cookies = new Map<Role, string>();
  const state = mkdtempSync(join(tmpdir(), 'muster-waived-agent-'));

  /** The browser goes on as somebody else. */
  async function as(role: Role): Promise<Page> {
    await browser.context.clearCookies();
    await browser.context.addCookies([
      { name: sessionCookie, value: cookies.get(role) ?? '', url: collector.url },
    ]);
    await browser.page.goto(collector.url);
    await browser.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    return browser.page;
  }

  async function inOrder(page: Page): Promise<void> {
    expect(await accessibilityProblems(page), page.url()).toEqual([]);
    expect(browser.complaints).toEqual([]);
  }

  /** Tabs until what has the focus reads so; a person would give up too. */
  async function tabTo(page: Page, words: RegExp): Promise<void> {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        const named = element?.labels?.[0]?.textContent ?? '';
        return `${named} ${element?.textContent?.trim() ?? ''}`.trim();
      });
      if (words.test(focused)) return;
    }
    throw new Error(`${words} cannot be reached with the keyboard on ${page.url()}`);
  }

  const reviewAll = async () => {
    while ((await reviewDue(collector.stores, new Date())) > 0);
  };

  beforeAll(async () => {
    collector = await startCollector();
    const { stores, organization } = collector;
    const at = new Date();
    for (const role of ['contractor', 'reviewer', 'admin'] as const) {
      const user = await stores.users.create(
        { email: `${role}@it.example`, name: `The ${role}` },
        'console',
        at,
      );
      await stores.users.grant(user, organization.number, role, 'console', at);
      cookies.set(role, await stores.sessions.begin(user, 'password', at));
    }
    laptop = await collector.device();
    for (const firewall of ['on', 'off'] as const) {
      await post(collector.url, laptop.full(sampleFacts(firewall)));
    }
    label = (await stores.devices.byId(organization.number, laptop.id))?.label ?? '';
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await collector?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('leads from what broke since yesterday to the fix, to a waiver, by keyboard only; a second person approves it', async () => {
    let page = await as('contractor');
    const { keyboard } = page;
    expect(await page.getByRole('region', { name: /^Broke since / }).textContent()).toContain('Firewall');
    await inOrder(page);
    await tabTo(page, new RegExp(`^${label}`));
    await keyboard.press('Enter');
    const firewall = page.getByRole('region', { name: 'Firewall', exact: true });
    await firewall.waitFor();
    expect(await firewall.textContent()).toContain('How to fix it');
    await inOrder(page);
    await tabTo(page, /^Ask for a waiver\s+of Firewall: switched on/);
    await keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Ask for a waiver', level: 1 }).waitFor();
    await inOrder(page);
    expect(await page.getByLabel('What is excused').inputValue()).toBe('firewall/enabled');
    expect(await page.getByLabel('Which laptop').inputValue()).toBe(label);
    await tabTo(page, /^Why/);
    await keyboard.type('too short');
    await tabTo(page, /^What protects instead/);
    await keyboard.type('The router lets nothing in.');
    await tabTo(page, /^Ask for it/);
    await keyboard.press('Enter');
    expect(await page.getByRole('heading', { name: 'Ask for a waiver', level: 1 }).count()).toBe(1);
    await page.getByLabel('Why').fill('');
    await page.getByLabel('Why').focus();
    await keyboard.type('The lab network filters in front of it until the move.');
    await tabTo(page, /^Ask for it/);
    await keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Firewall: switched on', level: 1 }).waitFor();
    await inOrder(page);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Waits for a decision' }).textContent()).toContain(
      'You asked for it',
    );

    page = await as('reviewer');
    await inOrder(page);
    await page
      .getByRole('region', { name: 'Waivers to decide' })
      .getByRole('link', { name: 'Firewall: switched on' })
      .click();
    await page.getByRole('heading', { name: 'Your decision' }).waitFor();
    expect(await page.getByRole('region', { name: 'Who is in need of it now' }).textContent()).toContain(
      label,
    );
    await inOrder(page);
    await tabTo(page, /^Note \(optional\)/);
    await keyboard.type('Agreed until the move.');
    await tabTo(page, /^Approve$/);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What it covers now' }).waitFor();
    expect(await page.getByRole('region', { name: 'What became of it' }).textContent()).toContain(
      'The reviewer approved it',
    );
    await inOrder(page);

    await reviewAll();
    page = await as('contractor');
    await page.goto(`${collector.url}/organizations/${collector.organization.id}/devices/${laptop.id}`);
    const waived = page.getByRole('region', { name: 'Waived' });
    expect(await waived.textContent()).toMatch(/Fails.*Off.*until.*The lab network filters/s);
    expect(await page.getByRole('region', { name: 'Firewall', exact: true }).count()).toBe(0);
    await inOrder(page);
  });

  it('answers what a member of staff asked from their own laptop, who then sees it there', async () => {
    const token = formatToken({
      url: collector.url,
      code: await collector.code(),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      pin: null,
    });
    expect((await agent(state, ['--enroll', token, '--yes'])).code).toBe(0);
    expect((await agent(state, ['--report'])).code).toBeLessThan(3);
    const everything = JSON.parse((await agent(state, ['--check', '--format', 'json'])).output) as CheckJson;
    // A machine in a test bench is never wholly in order.
    const troubled = everything.findings.find(({ points }) =>
      points.some(({ mode, status }) => mode === 'enforce' && (status === 'fail' || status === 'unknown')),
    );
    if (troubled === undefined) throw new Error('this machine is wholly in order');
    const { check } = troubled;
    expect((await agent(state, ['--check', '--only', check])).code).not.toBe(0);
    const reason = 'Only a bench.';
    const asked = await agent(state, ['--request-waiver', check, '--reason', reason]);
    expect(asked.code, asked.output).toBe(0);

    const page = await as('reviewer');
    const waiting = page.getByRole('region', { name: 'Waivers to decide' });
    expect(await waiting.textContent()).toContain(reason);
    expect(await waiting.textContent()).toContain('staff, from the laptop');
    await waiting.getByRole('link').first().click();
    await page.getByLabel('Note (optional)').fill('Fine for a bench.');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('heading', { name: 'What it covers now' }).waitFor();
    await inOrder(page);

    expect((await agent(state, ['--report'])).code).toBeLessThan(3);
    const status = await agent(state, ['--status']);
    expect(status.output).toContain(reason);
    const after = await agent(state, ['--check', '--only', check]);
    expect(after.output).toContain('Waived (does not count for now)');
    expect(after.output).toContain(reason);
    expect(after.code).toBe(0);
    const [finding] = (
      JSON.parse((await agent(state, ['--check', '--only', check, '--format', 'json'])).output) as CheckJson
    ).findings;
    expect(finding?.status).toBe(troubled.status);
    expect(finding?.points.some(({ waiver }) => waiver?.reason === reason)).toBe(true);
  });

  it('shows alerts, asks for e-mails and keeps a webhook, by keyboard', async () => {
    const page = await as('admin');
    const here = `${collector.url}/organizations/${collector.organization.id}`;
    await page.goto(`${here}/alerts`);
    await inOrder(page);
    await tabTo(page, /^Every alert at once/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Save/);
    await page.keyboard.press('Enter');
    await page.waitForLoadState();
    expect(await page.getByLabel('Every alert at once').isChecked()).toBe(true);
    await page.getByLabel('Name').fill('Chat');
    await page.getByLabel('Address').fill('https://127.0.0.1/hook');
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('private network');
    await inOrder(page);
    await page.getByLabel('Name').fill('Chat');
    await page.getByLabel('Address').fill('https://hooks.example.org/T0/B0');
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const webhooks = page.getByRole('region', { name: 'Webhooks' });
    await webhooks.getByRole('row', { name: /Chat/ }).waitFor();
    expect(await webhooks.textContent()).not.toContain('T0/B0');
    await page.getByRole('button', { name: 'Send a test Chat' }).click();
    await page.getByRole('heading', { name: 'Delivery log', level: 1 }).waitFor();
    expect(await page.getByRole('table').textContent()).toContain('Test by webhook');
    await inOrder(page);
  });

  it.each([1440, 390, 320])('fits a window of %d pixels, light and dark', async (width) => {
    const page = await as('admin');
    await page.setViewportSize({ width, height: 844 });
    const here = `${collector.url}/organizations/${collector.organization.id}`;
    const [waiver] = await collector.stores.waivers.inForce(collector.organization.number, new Date(), 1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of ['waivers', 'waivers/new', `waivers/${waiver?.id}`, 'alerts', 'alerts/deliveries']) {
        const answer = await page.goto(`${here}/${path}`);
        expect(answer?.status(), path).toBe(200);
        expect(await overflow(page), `${path} ${colorScheme}`).toBeLessThanOrEqual(0);
        expect(await accessibilityProblems(page), `${path} ${colorScheme}`).toEqual([]);
      }
    }
  });
});
