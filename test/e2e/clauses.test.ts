import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../../server/storage/stores.ts';
import { seedFleet } from '../sample/seed.ts';
import { CollectorProcess } from '../server/collector-process.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const title =
  chromiumPath === undefined
    ? 'the written policy (skipped: no Chromium here, CHROMIUM names one)'
    : 'the written policy of Kelia';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-clauses-'));
  let collector: CollectorProcess;
  let browser: Browser;
  let page: Page;
  let home = '';

  beforeAll(async () => {
    collector = await CollectorProcess.at(folder);
    const setup = ['setup', '--organization', 'Kelia', '--admin', 'it@kelia.example', '--policy', 'kelia'];
    const done = await collector.run(setup);
    expect(done.stdout, done.stderr).toContain('policy kelia 1');
    const signIn = /\/sign-in\/link\?code=\S+/.exec(done.stdout)?.[0] ?? '';
    const stores = await openStores(`sqlite:${join(folder, 'collector.db')}`, folder);
    const [organization] = await stores.organizations.all();
    if (organization === undefined) throw new Error('nothing was set up');
    await stores.members.requireSecondFactor(organization.number, false, 'console', new Date());
    await seedFleet({ stores, organization, devices: 6, seed: 5, now: new Date() });
    await stores.close();
    await collector.serve();
    home = `${collector.url}/organizations/${organization.id}`;
    browser = await openBrowser();
    page = browser.page;
    await page.goto(`${collector.url}${signIn}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await collector?.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Is a page usable by everybody, in a wide window and in a narrow one? */
  async function inOrder(): Promise<void> {
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await overflow(page)).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(browser.complaints).toEqual([]);
  }

  it('is stated in 117 sentences, filtered by the keyboard, each leading to its numbers', async () => {
    await page.goto(`${home}/clauses`);
    await page.getByText('117 sentences of Kelia').waitFor();
    expect(await page.locator('tr[id^="KEL-"]').count()).toBe(117);
    await inOrder();

    await page.getByLabel('Search').focus();
    await page.keyboard.type('fax');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search=fax/);
    expect(await page.locator('tr[id^="KEL-"]').count()).toBe(1);

    await page.goto(`${home}/clauses/KEL-22-q`);
    await page.getByText('names no period').waitFor();
    expect(await page.getByText(/Measured: Password rules: passwords expire/).count()).toBe(1);
    await inOrder();
    await page
      .getByRole('link', { name: /of 6 laptops pass/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Password rules', level: 1 }).waitFor();
  });

  it('hands out the statement as a document', async () => {
    await page.goto(`${home}/clauses`);
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Statement as PDF' }).click();
    expect((await waiting).suggestedFilename()).toMatch(/^clause-statement-\d{4}-\d\d-\d\d\.pdf$/);
  });

  it('asks people by a personal link; what they say becomes evidence', async () => {
    await page.goto(`${home}/clauses/KEL-23-d`);
    await page.getByRole('link', { name: 'Nobody has been asked yet.' }).click();
    await page.getByRole('heading', { name: 'Statements of people', level: 1 }).waitFor();
    await inOrder();
    await page.getByRole('link', { name: 'Ask for: Supervision' }).click();
    await page.getByLabel(/E-mail addresses/).fill('manager@kelia.example');
    await inOrder();
    await page.getByRole('button', { name: 'Ask these people' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Supervision', level: 1 }).waitFor();
    await inOrder();
    const link = (await page.locator('.personal-link code').textContent()) ?? '';
    expect(link).toContain('/statement?code=');

    // Somebody else, elsewhere: no account, no mouse.
    const person = await openBrowser({ width: 390, height: 844 });
    try {
      await person.page.goto(link);
      await person.page.getByText('I supervised how the people').waitFor();
      expect(await accessibilityProblems(person.page)).toEqual([]);
      await person.page.getByLabel('Yes, that is so').focus();
      await person.page.keyboard.press('Space');
      await person.page.keyboard.press('Tab');
      await person.page.keyboard.press('Tab');
      await person.page.keyboard.press('Enter');
      await person.page.getByRole('heading', { name: 'Thank you' }).waitFor();
      expect(await accessibilityProblems(person.page)).toEqual([]);
      expect(person.complaints).toEqual([]);
    } finally {
      await person.close();
    }

    await page.goto(`${home}/clauses/KEL-23-d`);
    await page.getByText('1 of 1 person stated it.').waitFor();
    expect(await page.locator('.heading').getByText('Evidenced', { exact: true }).count()).toBe(1);
    await page.goto(`${home}/clauses?status=evidenced`);
    expect(await page.locator('#KEL-23-d').count()).toBe(1);
  });

  it('lets somebody say that a sentence does not apply, and take it back', async () => {
    await page.goto(`${home}/clauses/KEL-22-f`);
    await page.getByText('This sentence does not apply here').click();
    await page.getByLabel('Why it does not apply').fill('No fax machine is in use.');
    await inOrder();
    await page.getByRole('button', { name: 'Say that it does not apply' }).click();
    await page.getByText('Does not apply: No fax machine is in use. Said by').waitFor();
    await inOrder();
    await page.getByRole('button', { name: 'It applies again' }).click();
    await page.getByText('This sentence does not apply here').waitFor();
  });
});
