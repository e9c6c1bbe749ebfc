import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../server/permissions.ts';
import type { User } from '../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** When everything begins; the collector's clock is moved on from here. */
const start = Date.parse('2026-11-16T09:00:00Z');

const title =
  chromiumPath === undefined ? 'registers (skipped: no Chromium here, CHROMIUM names one)' : 'registers';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 60_000 }, () => {
  let collector: SampleCollector;
  let browser: Browser;
  const users = new Map<string, User>();
  let now = start;

  async function make(name: string, roles: readonly Role[]) {
    const { stores, organization } = collector;
    const at = new Date(start);
    const user = await stores.users.create({ email: `${name}@it.example`, name }, 'console', at);
    for (const role of roles) await stores.users.grant(user, organization.number, role, 'console', at);
    users.set(name, user);
  }

  beforeAll(async () => {
    collector = await startCollector();
    collector.clock = () => new Date(now);
    await make('Thandi', ['contractor']);
    await make('Lerato', ['dpo']);
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await collector?.close();
  });

  /** Signs in by a link, as that person and at the collector's time. */
  async function be(name: string): Promise<void> {
    const { page, context } = browser;
    const user = users.get(name);
    if (user === undefined) throw new Error(`nobody is called ${name}`);
    await context.clearCookies();
    const code = await collector.stores.sessions.createLink(
      user,
      new Date(now + hour),
      'console',
      new Date(now),
    );
    await page.goto(`${collector.url}/sign-in/link?code=${code}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  }

  const registers = () => `${collector.url}/organizations/${collector.organization.id}/registers`;
  const minute = (at: number) => new Date(at).toISOString().slice(0, 16);
  const date = (at: number) => new Date(at).toISOString().slice(0, 10);
  const textOf = async (place: Locator) => (await place.textContent()) ?? '';

  /** Writes a breach down; answers where it is. */
  async function report(line: string): Promise<string> {
    const { page } = browser;
    await page.goto(`${registers()}/breaches`);
    await page.getByRole('link', { name: /new breach/i }).click();
    await page.getByLabel('In one line').fill(line);
    await page.getByLabel(/^Confidentiality/).check();
    await page.getByLabel('How', { exact: true }).selectOption('lost-device');
    await page.getByLabel('When somebody noticed').fill(minute(now - hour));
    await page.getByLabel('When you were reasonably certain').fill(minute(now));
    await page
      .getByLabel(/^The facts/)
      .fill('A locked laptop of staff was left on a train and not found again.');
    await page.getByLabel('Whose data they are').selectOption('controller');
    await page.getByLabel(/^United Kingdom/).check();
    await page.getByRole('button', { name: 'Write down the breach' }).click();
    await page.getByRole('heading', { name: line, level: 1 }).waitFor();
    return page.url();
  }

  async function tell(at: number, reason?: string): Promise<void> {
    const { page } = browser;
    const step = page.locator('details', { hasText: 'The authority was told' });
    if (!(await step.getAttribute('open').then((open) => open !== null)))
      await step.locator('summary').click();
    await step.getByLabel('Authority', { exact: true }).fill('Information Commissioner');
    await step.getByLabel('Authority told at').fill(minute(at));
    if (reason !== undefined) await step.getByLabel('Why it was late').fill(reason);
    await step.getByRole('button', { name: 'The authority was told' }).click();
  }

  it('a breach goes from the report to the notice within 72 hours', async () => {
    const { page, complaints } = browser;
    await be('Thandi');
    await page.goto(`${registers()}/breaches`);
    expect(await textOf(page.locator('main'))).toContain('72 hours');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(`${registers()}/breaches/new`);
    await page.getByRole('button', { name: 'Write down the breach' }).click();
    await page.getByRole('alert').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('alert').getByRole('link', { name: 'In one line' }).click();
    expect(await page.evaluate(() => document.activeElement?.id ?? '')).toBe('summary');

    const address = await report('Laptop left on a train');
    expect(await textOf(page.getByRole('region', { name: 'Due' }))).toMatch(
      /Tell the authority\s*due in 3 days/,
    );
    expect(await accessibilityProblems(page)).toEqual([]);

    now += 41 * hour;
    await be('Thandi');
    expect(await textOf(page.getByRole('region', { name: /^Overdue and due/ }))).toMatch(
      /Laptop left on a train.*Tell the authority.*due in 31 hours/s,
    );
    await page.goto(address);
    const decide = page.locator('details', { hasText: 'Decide the risk' });
    await decide.locator('summary').focus();
    await page.keyboard.press('Enter');
    await decide.getByLabel('Risk to the people concerned').selectOption('risk');
    await decide
      .getByLabel('Why this is the risk')
      .fill('Encrypted, but the password was on a note in the bag.');
    await decide.getByRole('button', { name: 'Decide the risk' }).press('Enter');
    await page.getByText('Risk decided').first().waitFor();

    await page.getByRole('link', { name: 'Notice to the authority' }).click();
    const notice = await textOf(page.locator('article'));
    expect(notice).toMatch(
      /Nature of the breach Art\. 33\(3\)\(a\)A locked laptop of staff was left on a train/,
    );
    expect(notice).toContain('Not known yet; will follow.');
    expect(notice).not.toContain('Reasons for the delay');
    expect(await accessibilityProblems(page)).toEqual([]);
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as PDF' }).click();
    const pdf = await (await waiting).path();
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');

    await page.goto(address);
    await tell(now);
    await page.getByText('done in time').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a breach told late needs the reason for the delay, and the notice says it', async () => {
    const { page } = browser;
    await be('Thandi');
    const address = await report('Bag stolen from a car');
    now += 80 * hour;
    await be('Thandi');
    expect(await textOf(page.getByRole('region', { name: /^Overdue and due/ }))).toMatch(
      /Bag stolen.*late by 8 hours/s,
    );
    await page.goto(address);
    await tell(now);
    expect(await textOf(page.getByRole('alert'))).toContain('say why (Art. 33(1))');
    expect(await accessibilityProblems(page)).toEqual([]);
    await tell(now, 'The theft was noticed on a public holiday.');
    await page.getByText('done too late').waitFor();
    await page.getByRole('link', { name: 'Notice to the authority' }).click();
    expect(await textOf(page.locator('article'))).toContain(
      'Reasons for the delay Art. 33(1)The theft was noticed on a public holiday.',
    );
  });

  it('a request is taken in by anybody, and read and answered by the data protection officer', async () => {
    const { page } = browser;
    await be('Thandi');
    await page.goto(`${registers()}/requests/new`);
    await page.getByLabel('What is asked for').selectOption('access');
    await page.getByLabel('Received on').fill(date(now));
    await page.getByLabel('How it came').selectOption('spoken');
    await page.getByLabel('Law that applies').selectOption('uk');
    await page.getByLabel('Who asks').fill('Naledi Phiri');
    await page.getByRole('button', { name: 'Write down the request' }).click();
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    const address = page.url();
    expect(await textOf(page.locator('main'))).not.toContain('Naledi');

    await be('Lerato');
    await page.goto(address);
    expect(await textOf(page.locator('main'))).toContain('Naledi Phiri');
    expect(await textOf(page.getByRole('region', { name: 'Due' }))).toMatch(/Answer\s*due in (29|30) days/);
    const step = async (name: string, fill: (form: Locator) => Promise<unknown>) => {
      const details = page.locator('details', {
        has: page.getByRole('button', { name, exact: true, includeHidden: true }),
      });
      await details.locator('summary').click();
      await fill(details);
      await details.getByRole('button', { name, exact: true }).click();
    };
    await step('Ask the person', (form) =>
      form.getByLabel('What the person was asked for').selectOption('identity'),
    );
    await page.getByText('stands still').first().waitFor();
    now += 5 * day;
    await be('Lerato');
    await page.goto(address);
    await step('It is them', (form) => form.getByLabel('How it was made sure').selectOption('known'));
    await page.getByText('Being answered').first().waitFor();
    await step('Answered', async (form) => {
      await form.getByLabel('What was done').fill('A copy was handed over.');
      await form.getByLabel('Answered on').fill(date(now));
    });
    await page.getByText('done in time').nth(1).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('a supplier whose review is overdue shows on Today until somebody looks at it', async () => {
    const { page } = browser;
    await be('Thandi');
    await page.goto(`${registers()}/suppliers/new`);
    await page.getByLabel('Name', { exact: true }).fill('Sandstone Backups');
    await page.getByLabel('What it does for the company').fill('Backups');
    await page.getByLabel('Kind', { exact: true }).selectOption('backup');
    await page.getByLabel('Who in the company answers for it').fill('Operations');
    await page.getByLabel('Country where the data are').fill('Ireland');
    await page.getByLabel('Data it is given').fill('Files of staff');
    await page.getByRole('button', { name: 'Write down the supplier' }).click();
    await page.getByRole('heading', { name: 'Sandstone Backups', level: 1 }).waitFor();
    const address = page.url();
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);

    await be('Lerato');
    await page.goto(address);
    const approve = page.locator('details', { hasText: 'Approve' });
    await approve.locator('summary').click();
    await approve.getByLabel('What was looked at, and what was found').fill('Certificate seen.');
    await approve.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved').first().waitFor();

    now += 372 * day;
    for (const user of users.values()) {
      await collector.stores.users.grant(
        user,
        collector.organization.number,
        user.name === 'Lerato' ? 'dpo' : 'contractor',
        'console',
        new Date(now),
      );
    }
    await be('Thandi');
    const due = page.getByRole('region', { name: /^Overdue and due/ });
    expect(await textOf(due)).toMatch(/Sandstone Backups.*Review.*late by \d+ days/s);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await due.getByRole('link', { name: /Sandstone/ }).click();
    const review = page.locator('details', { hasText: 'Reviewed today' });
    await review.locator('summary').click();
    await review.getByRole('button', { name: 'Reviewed today' }).click();
    await page.getByText(/due in 36\d days/).waitFor();
    await page.goto(collector.url);
    expect(
      await page
        .getByRole('region', { name: /^Overdue and due/ })
        .getByText('Sandstone')
        .count(),
    ).toBe(0);
  });
});
