import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReview } from '../../server/ingest/review-due.ts';
import type { User } from '../../server/storage/users.ts';
import { known } from '../../shared/answer.ts';
import { policyFrom } from '../../shared/policy-document.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../server/sample-device.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const title =
  chromiumPath === undefined
    ? 'the policy (skipped: no Chromium here, CHROMIUM names one)'
    : 'tightening the screen lock';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 60_000 }, () => {
  let collector: SampleCollector;
  let review: { stop(): Promise<void> };
  let naledi: User;
  let browser: Browser;
  const slow: SampleDevice[] = [];
  let quick: SampleDevice;

  beforeAll(async () => {
    collector = await startCollector();
    const { stores, organization } = collector;
    naledi = await stores.users.create(
      { email: 'naledi@it.example', name: 'Naledi Dube' },
      'console',
      new Date(),
    );
    await stores.users.grant(naledi, organization.number, 'admin', 'console', new Date());
    for (const seconds of [600, 600, 120]) {
      const device = await collector.device();
      const lock = {
        idle: known({ seconds, power: 'any', saverDefault: false }),
        grace: known({ seconds: 0 }),
      };
      const response = await post(collector.url, device.full({ ...sampleFacts(), 'screen-lock': lock }));
      expect(response.status).toBe(201);
      if (seconds === 600) slow.push(device);
      else quick = device;
    }
    review = startReview(stores, () => new Date(), {
      error: (fields) => expect.fail(JSON.stringify(fields)),
    });
    browser = await openBrowser();
    await browser.page.goto(
      `${collector.url}/sign-in/link?code=${await stores.sessions.createLink(
        naledi,
        new Date(Date.now() + 60_000),
        'console',
        new Date(),
      )}`,
    );
    await browser.page.getByRole('button', { name: 'Sign in' }).click();
    await browser.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await review?.stop();
    await collector?.close();
  });

  const heading = (name: string | RegExp) => browser.page.getByRole('heading', { name, level: 1 }).waitFor();
  const failing = async (device: SampleDevice) =>
    (await collector.stores.devices.byId(collector.organization.number, device.id))?.failing ?? [];

  /** Tabs until what has the focus is called so; a person would give up too. */
  async function tabTo(words: RegExp): Promise<void> {
    const { page } = browser;
    for (let presses = 0; presses < 90; presses += 1) {
      await page.keyboard.press('Tab');
      const called = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return `${element?.labels?.[0]?.textContent ?? ''} ${element?.textContent?.trim() ?? ''}`.trim();
      });
      if (words.test(called)) return;
    }
    throw new Error(`${words} cannot be reached with the keyboard`);
  }

  it('goes from the policy to the draft, and a number out of bounds is told at its field', async () => {
    const { page } = browser;
    await page.goto(`${collector.url}/organizations/${collector.organization.id}`);
    await page.getByRole('link', { name: 'Policy', exact: true }).click();
    await heading('Policy base, version 1');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Change the policy' }).click();
    await heading('Draft of the policy');
    expect(await accessibilityProblems(page)).toEqual([]);

    await tabTo(/^Screen lock$/);
    await page.keyboard.press('Enter');
    await heading('Screen lock');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tabTo(/^Locks after at most/);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('10s');
    await page.keyboard.press('Enter');
    await page.getByText('It must be from 30 seconds to 1 day.').waitFor();
    expect(await page.getByLabel('Locks after at most').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityProblems(page)).toEqual([]);

    await tabTo(/^Locks after at most/);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('5m');
    await tabTo(/^Keep in the draft$/);
    await page.keyboard.press('Enter');
    await heading('Draft of the policy');
    await page.getByRole('cell', { name: '5 minutes', exact: true }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('shows which laptops would fail before anybody is judged, each a link to the laptop', async () => {
    const { page, complaints } = browser;
    await tabTo(/^See what it would mean$/);
    await page.keyboard.press('Enter');
    await heading('What the draft would mean');
    const newlyFails = page.getByRole('link', { name: '2: Locks by itself, newly fails' });
    await newlyFails.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await newlyFails.click();
    const listed = await page.getByRole('region', { name: /Screen lock: Locks by itself/ }).getByRole('link');
    const addresses = await listed.evaluateAll((links) =>
      links.map((link) => link.getAttribute('href') ?? ''),
    );
    for (const { id } of slow) expect(addresses.some((address) => address.endsWith(id))).toBe(true);
    expect(addresses.some((address) => address.endsWith(quick.id))).toBe(false);
    for (const device of slow) expect(await failing(device)).not.toContain('screen-lock');
    expect(complaints).toEqual([]);
  });

  it('is published with a reason, the laptops change, and agents are handed the new version', async () => {
    const { page, complaints } = browser;
    await page.getByRole('link', { name: 'Go on to publish' }).click();
    await heading('Publish the draft');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tabTo(/^Why/);
    await page.keyboard.type('The written policy now says five minutes');
    await tabTo(/^Publish version 2$/);
    await page.keyboard.press('Enter');
    await heading('Policy base, version 2');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByText('published by Naledi Dube').waitFor();
    await expect.poll(() => failing(slow[0] as SampleDevice), { timeout: 20_000 }).toContain('screen-lock');
    await expect.poll(() => failing(slow[1] as SampleDevice), { timeout: 20_000 }).toContain('screen-lock');
    expect(await failing(quick)).not.toContain('screen-lock');
    // The notice about laptops being judged goes by itself when all are.
    await expect.poll(() => page.getByText('Laptops are being judged').count(), { timeout: 20_000 }).toBe(0);

    const answer = await fetch(`${collector.url}/api/v1/policy`, {
      headers: { authorization: quick.authorize('GET', '/api/v1/policy') },
    });
    const [, payload = ''] = (await answer.text()).split('.');
    const served = policyFrom(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    expect(served.version).toBe(2);
    expect(served.checks['screen-lock']['idle']?.params).toEqual({ maxSeconds: 300 });
    expect(complaints).toEqual([]);
  });

  it('the check tells who fails it, what was found and how it is put right', async () => {
    const { page } = browser;
    await page.getByRole('link', { name: 'Checks', exact: true }).click();
    await heading('Checks');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: '2: Screen lock, fails' }).click();
    await heading('Screen lock');
    const laptops = page.getByRole('region', { name: 'Laptops' });
    await laptops.getByText('Locks after 10 minutes').first().waitFor();
    await page.locator('summary', { hasText: 'Linux' }).click();
    expect(await page.getByText('idle-delay 300').count()).toBeGreaterThan(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('compares the versions, and takes a later publication back', async () => {
    const { page } = browser;
    const here = `${collector.url}/organizations/${collector.organization.id}/policy`;
    await page.goto(here);
    await page.getByRole('button', { name: 'Compare' }).click();
    await heading('From version 1 to version 2');
    await page.getByRole('cell', { name: '15 minutes' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.goto(`${here}/draft/checks/firewall`);
    await page.getByLabel('Severity').first().selectOption('Critical');
    await page.getByRole('button', { name: 'Keep in the draft' }).click();
    await heading('Draft of the policy');
    await page.goto(`${here}/draft/publish`);
    await page.getByLabel('On a day to come').check();
    await page.getByLabel('Day and time (UTC)').fill('2099-01-31T08:00');
    await page.getByLabel('Why').fill('From the next financial year on');
    await page.getByRole('button', { name: 'Publish version 3' }).click();
    await page.getByText('Version 3 comes into force on').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Withdraw version 3' }).click();
    await page.getByText('Withdrawn').waitFor();
    await heading('Policy base, version 2');
  });

  it('takes a policy file that is chosen', async () => {
    const { page, complaints } = browser;
    const here = `${collector.url}/organizations/${collector.organization.id}/policy`;
    const download = page.waitForEvent('download');
    await page.goto(here);
    await page.getByRole('link', { name: 'Download as YAML' }).click();
    const file = await (await download).path();
    await page.goto(`${here}/draft/import`);
    await page.getByLabel('Choose the file').setInputFiles(file);
    await expect.poll(() => page.getByLabel('The file’s text').inputValue()).toContain('maxSeconds: 300');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make this file the draft' }).click();
    await heading('Draft of the policy');
    await page.getByRole('heading', { name: 'Nothing is changed yet' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([390, 320])('fits a window of %d pixels', async (width) => {
    const { page } = browser;
    const here = `${collector.url}/organizations/${collector.organization.id}`;
    await page.setViewportSize({ width, height: 844 });
    const draft = await collector.stores.policyDrafts.find(collector.organization.number);
    const { policy } = await collector.stores.organizations.policy(collector.organization.number);
    const { 'screen-lock': lock } = policy.checks;
    const idle = { ...lock['idle'], params: { maxSeconds: 60 } } as NonNullable<(typeof lock)['idle']>;
    const tighter = { ...policy, checks: { ...policy.checks, 'screen-lock': { ...lock, idle } } };
    await collector.stores.policyDrafts.save(
      collector.organization.number,
      tighter,
      draft?.edit ?? 0,
      'screen-lock',
      'console',
      new Date(),
    );
    for (const address of [
      '/checks',
      '/checks/screen-lock',
      '/policy',
      '/policy/compare?from=1&to=2',
      '/policy/draft',
      '/policy/draft/checks/malware-protection',
      '/policy/draft/checks/device-ownership',
      '/policy/draft/schedule',
      '/policy/draft/import',
      '/policy/draft/what-if',
      '/policy/draft/publish',
    ]) {
      await page.goto(here + address);
      expect(await overflow(page), address).toBeLessThanOrEqual(0);
      expect(await accessibilityProblems(page), address).toEqual([]);
    }
  });
});
