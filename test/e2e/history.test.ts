import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfiguration, makeDemo } from '../../server/commands/demo.ts';
import { verifyBundle } from '../../server/ingest/verify-bundle.ts';
import { type RunningCollector, startCollector } from '../../server/start-collector.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';
import { pdfText } from './pdf-text.ts';

const title =
  chromiumPath === undefined ? 'what was (skipped: no Chromium here, CHROMIUM names one)' : 'what was';
const folder = mkdtempSync(join(tmpdir(), 'muster-history-'));
/** The day before the middle of the made-up past: something was failing then that is not now. */
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

/** The quarter that ended last. */
function lastQuarter(): { readonly id: string; readonly end: string } {
  const now = new Date();
  const start = new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3));
  const end = new Date(start.getTime() - 1);
  return {
    id: `${end.getUTCFullYear()}-Q${Math.floor(end.getUTCMonth() / 3) + 1}`,
    end: end.toISOString().slice(0, 10),
  };
}

const standing = 'Whose it is, on leave, or gone for good';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 90_000 }, () => {
  let collector: RunningCollector;
  let browser: Browser;
  let home = '';

  beforeAll(async () => {
    const configuration = demoConfiguration({ MUSTER_DATA: folder, PORT: '0', LOG_LEVEL: 'silent' });
    // Long enough that the quarter that ended last lies in it.
    const link = new URL(await makeDemo(configuration, { devices: 30, days: 130 }));
    collector = await startCollector(configuration);
    browser = await openBrowser();
    const { page } = browser;
    await page.goto(`http://127.0.0.1:${collector.port}${link.pathname}${link.search}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'River & Stone Architects' }).first().click();
    await page.waitForURL(/\/organizations\//);
    home = page.url();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await collector?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The numbers beside the ring, by state. */
  const legend = () =>
    browser.page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('.donut .legend a')].map((link) => [
          link.querySelector('.status')?.textContent?.trim() ?? '',
          Number(link.querySelector('span:nth-of-type(2)')?.textContent),
        ]),
      ),
    );

  it('shows the fleet as of a day, says so, and leads back', async () => {
    const { page } = browser;
    await page.goto(home);
    await page.getByLabel('As of').fill(day(60));
    await page.getByRole('button', { name: 'Look back' }).click();
    const bar = page.getByRole('status').filter({ hasText: 'As it was when' });
    await bar.waitFor();
    expect(page.url()).toContain(`asOf=${day(60)}`);
    // What is searched and filtered stays in the same past, and so does the laptop one goes to.
    await page
      .getByRole('link', { name: /^Failing/ })
      .first()
      .click();
    expect(page.url()).toContain(`asOf=${day(60)}`);
    await page.locator('#devices .device-name').first().click();
    await page.getByText('Judged again now from the report it had signed by then.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to today' }).click();
    await page.waitForURL((url) => !url.searchParams.has('asOf'));
  });

  it('goes from the checks of a day to one check, to a laptop of it, and stays on that day', async () => {
    const { page } = browser;
    await page.goto(`${home}?asOf=${day(60)}`);
    await page.getByRole('navigation').getByRole('link', { name: 'Checks', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'As it was when' }).waitFor();
    const number = page.locator('table.checks a[aria-label$=", fails"]').first();
    const amount = Number(await number.textContent());
    expect(amount).toBeGreaterThan(0);
    await number.click();
    expect(page.url()).toContain(`asOf=${day(60)}`);
    expect(await page.locator('#laptops tbody tr').count()).toBe(Math.min(amount, 25));
    await page.getByRole('button', { name: 'Show' }).click();
    expect(page.url()).toContain(`asOf=${day(60)}`);
    await page.locator('#laptops .device-name').first().click();
    expect(page.url()).toContain(`asOf=${day(60)}`);
    await page.getByRole('link', { name: 'Back to today' }).click();
    await page.waitForURL((url) => !url.searchParams.has('asOf'));
  });

  it('reports the last quarter: page, PDF and CSV say the same as the fleet as of its end', async () => {
    const { page } = browser;
    const { id, end } = lastQuarter();
    await page.goto(`${home}?asOf=${end}`);
    const then = await legend();
    const total = Object.values(then).reduce((sum, amount) => sum + amount, 0);
    expect(total).toBeGreaterThan(10);

    await page.getByRole('link', { name: 'Reports' }).click();
    await page.locator(`a[href$="/reports/${id}"]`).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const cells = (heading: string) =>
      page.evaluate(
        (name) =>
          [...document.querySelectorAll('section.card')]
            .filter((section) => section.querySelector('h2')?.textContent === name)
            .flatMap((section) => [...section.querySelectorAll('tbody tr')])
            .map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
        heading,
      );
    const stood = await cells('Where the laptops stood');
    expect(Object.fromEntries(stood.map(([state, , amount]) => [state, Number(amount)]))).toEqual(then);

    const download = async (name: string): Promise<Buffer> => {
      const started = page.waitForEvent('download');
      await page.getByRole('link', { name, exact: true }).click();
      return readFileSync(await (await started).path());
    };
    const text = pdfText(await download('PDF'));
    expect(text).toContain(`Laptops\n${total}\n`);
    for (const [state, before, amount, share] of stood) {
      expect(text).toContain(`${state}\n${before}\n${amount}\n${share}\n`);
    }
    for (const row of await cells('Check by check')) expect(text).toContain(`${row.join('\n')}\n`);
    expect(text).toMatch(/1 of \d/);

    const csv = (await download('CSV')).toString();
    expect(csv).toContain(`laptops,counted,total,${total}\r\n`);
    for (const [state, , amount] of stood) expect(csv).toContain(`laptops,${state},at the end,${amount}\r\n`);

    const bundle = await download('Evidence bundle');
    expect(verifyBundle(bundle)).toMatchObject({ broken: [] });
    writeFileSync(join(folder, 'bundle.tar'), bundle);
  });

  /** The heading after the page was loaded again: what was decided is judged within a moment. */
  const heading = async () => {
    await browser.page.reload();
    return browser.page.locator('h1').textContent();
  };

  it('records whose laptop it is, and by which agreement', async () => {
    const { page } = browser;
    await page.goto(`${home}?state=compliant`);
    await page.locator('#devices .device-name').first().click();
    await page.waitForURL(/\/devices\//);
    const record = async (owner: string) => {
      await page.getByText(standing).click();
      await page.getByLabel('Whose laptop it is').selectOption(owner);
      await page.getByLabel('Agreement').fill('C-2026-04');
      await page.getByRole('button', { name: 'Record', exact: true }).click();
    };
    const shown = () => page.locator('main').textContent();
    await record('contractor');
    await expect.poll(shown).toContain('a contractor’s device with an agreement');
    expect(await page.getByLabel('Agreement').inputValue()).toBe('C-2026-04');
    await record('company');
    await expect.poll(async () => page.getByLabel('Agreement').inputValue()).toBe('');
  });

  it('puts a laptop on leave, takes it out of the counts, and has it back', async () => {
    const { page } = browser;
    await page.goto(`${home}?state=compliant`);
    await page.locator('#devices .device-name').first().click();
    const label = (await page.locator('h1').textContent())?.split(' ')[0] ?? '';
    await page.getByText(standing).click();
    await page.getByRole('button', { name: 'Put on leave' }).click();
    await expect.poll(heading).toContain('On leave');
    await page.goto(`${home}?state=on-leave`);
    expect(await page.locator('#devices').textContent()).toContain(label);
    await page.getByRole('link', { name: label }).click();
    await page.getByText(standing).click();
    await page.getByRole('button', { name: 'It is back' }).click();
    await expect.poll(heading).toContain('Compliant');
  });

  it('retires a laptop only when its name is written out', async () => {
    const { page } = browser;
    await page.goto(home);
    await page.locator('#devices .device-name').last().click();
    await page.waitForURL(/\/devices\//);
    const address = page.url();
    const label = (await page.locator('h1').textContent())?.split(' ')[0] ?? '';
    const retire = async (name: string) => {
      await page.goto(address);
      await page.getByText(standing).click();
      await page.getByLabel(/^To retire it/).fill(name);
      await page.getByRole('button', { name: 'Retire', exact: true }).click();
    };
    await retire('D-00000000');
    await page.goto(address);
    expect(await page.locator('h1').textContent()).not.toContain('Retired');
    await retire(label);
    expect(await page.locator('h1').textContent()).toContain('Retired');
    await page.goto(`${home}?state=retired`);
    expect(await page.locator('#devices').textContent()).toContain(label);
  });

  it('has nothing for axe to find, at any width', async () => {
    const { page, complaints } = browser;
    for (const path of [
      '',
      `?asOf=${day(60)}`,
      `/checks?asOf=${day(60)}`,
      `/checks/disk-encryption?asOf=${day(60)}`,
      '/history',
      '/reports',
      `/reports/${lastQuarter().id}`,
    ]) {
      for (const width of [1440, 390, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(home + path);
        expect({ path, width, over: await overflow(page) }).toEqual({ path, width, over: 0 });
      }
      expect({ path, problems: await accessibilityProblems(page) }).toEqual({ path, problems: [] });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(complaints).toEqual([]);
  });
});
