import { Secret, TOTP } from 'otpauth';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { User } from '../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const password = 'correct horse battery staple';
const title =
  chromiumPath === undefined
    ? 'coming in (skipped: no Chromium here, CHROMIUM names one)'
    : 'coming in for the first time';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 60_000 }, () => {
  let collector: SampleCollector;
  let url: string;
  let naledi: User;
  let browser: Browser;
  let page: Page;
  let secret = '';
  const recoveryCodes: string[] = [];

  beforeAll(async () => {
    collector = await startCollector();
    // A browser makes no passkey for an IP address.
    url = collector.url.replace('127.0.0.1', 'localhost');
    const { stores, organization } = collector;
    const at = new Date();
    naledi = await stores.users.create({ email: 'naledi@it.example', name: 'Naledi Dube' }, 'console', at);
    await stores.users.grant(naledi, organization.number, 'admin', 'console', at);
    await collector.device();
    browser = await openBrowser();
    page = browser.page;
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await collector?.close();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor();
  const fine = async () => expect(await accessibilityProblems(page)).toEqual([]);
  const codeNow = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return element?.labels?.[0]?.textContent ?? element?.textContent?.trim() ?? '';
    });
  /** Tabs until what has the focus reads so; a person would give up too. */
  async function tabTo(words: RegExp): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (words.test(await focused())) return;
    }
    throw new Error(`${words} cannot be reached with the keyboard`);
  }

  it('leads from the invitation to a password, to the app, to the fleet, with the keyboard alone', async () => {
    const { stores } = collector;
    const at = new Date();
    const until = new Date(at.getTime() + 60_000);
    const code = await stores.sessions.createLink(naledi, until, 'console', at, 'invitation');
    await page.goto(`${url}/sign-in/link?code=${code}`);
    const { keyboard } = page;
    await tabTo(/^Sign in$/);
    await keyboard.press('Enter');

    await heading('Choose a password');
    await fine();
    await tabTo(/^New password$/);
    await keyboard.type(password);
    await tabTo(/^Once more$/);
    await keyboard.type(password);
    await keyboard.press('Enter');

    await heading('Set up a second factor');
    await fine();
    expect(await page.getByRole('img', { name: /QR code/ }).isVisible()).toBe(true);
    await tabTo(/^Type it instead$/);
    await keyboard.press('Enter');
    secret = ((await page.locator('details code').textContent()) ?? '').replaceAll(' ', '');
    await tabTo(/^The code your app shows now$/);
    await keyboard.type('000000');
    await keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await fine();
    await page.locator('#code').focus();
    await keyboard.type(codeNow());
    await keyboard.press('Enter');

    await heading('Recovery codes');
    await fine();
    recoveryCodes.push(...(await page.locator('.codes li').allTextContents()));
    expect(recoveryCodes).toHaveLength(10);
    await tabTo(/^I have kept them$/);
    await keyboard.press('Enter');
    await heading('Today');
    expect(browser.complaints).toEqual([]);
  });

  it('then asks for the password and a code', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in');
    await fine();
    await page.getByLabel('E-mail address').fill('naledi@it.example');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading('Second step');
    await fine();
    await page.getByLabel('Code').fill(recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await heading('Today');
    expect(browser.complaints).toEqual([]);
  });

  describe('with a passkey', () => {
    let authenticator: CDPSession;

    beforeAll(async () => {
      authenticator = await browser.context.newCDPSession(page);
      await authenticator.send('WebAuthn.enable');
      await authenticator.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
    });

    it('can be added, and is listed by its name', async () => {
      await page.getByRole('link', { name: 'Naledi Dube' }).click();
      await heading('Your account');
      await fine();
      await page.getByLabel('Name for a new passkey').fill('Work laptop');
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      const passkeys = page.getByRole('region', { name: 'Passkeys' });
      await passkeys.getByText('Work laptop', { exact: true }).waitFor();
      expect(await passkeys.textContent()).toContain('never used');
      await fine();
      expect(browser.complaints).toEqual([]);
      const [kept] = await collector.stores.passkeys.list(naledi.number);
      expect(kept).toMatchObject({ name: 'Work laptop', usedAt: null });
    });

    it('needs no password, no name and no code', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await heading('Sign in');
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await heading('Today');
      const [session] = await collector.stores.sessions.list(naledi.number, new Date());
      expect(session?.how).toBe('passkey');
      expect(browser.complaints).toEqual([]);
    });

    it('takes the place of the code after the password', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('E-mail address').fill('naledi@it.example');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await heading('Second step');
      await fine();
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await heading('Today');
      const [session] = await collector.stores.sessions.list(naledi.number, new Date());
      expect(session?.how).toBe('password-and-passkey');
    });

    it('is no longer good once it is removed', async () => {
      await page.getByRole('link', { name: 'Naledi Dube' }).click();
      const row = page.getByRole('listitem').filter({ hasText: 'Work laptop' });
      await row.getByText('Remove', { exact: true }).click();
      await row.getByLabel('Your password').fill(password);
      await fine();
      await row.getByRole('button', { name: 'Remove this passkey' }).click();
      await page.getByRole('status').filter({ hasText: 'The passkey is removed.' }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.getByText('This passkey was not accepted.').waitFor();
      expect(await collector.stores.sessions.list(naledi.number, new Date())).toEqual([]);
    });
  });

  it('invites somebody, gives another role, and reads in the audit log who did it', async () => {
    const { organization, stores } = collector;
    const here = `${url}/organizations/${organization.id}`;
    const cookie = await stores.sessions.begin(naledi, 'link', new Date());
    await browser.context.addCookies([{ name: 'muster_session', value: cookie, url }]);
    await page.goto(here);
    await page.getByRole('link', { name: 'People & access' }).click();
    await heading('People & access');
    await fine();
    await page.getByLabel('E-mail address').fill('sipho@audit.example');
    await page.getByLabel('Name').fill('Sipho Nkosi');
    await page.getByLabel('Role').selectOption('auditor');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('alert').filter({ hasText: 'choose the last day' }).waitFor();
    await fine();
    await page.getByLabel('Role').selectOption('auditor');
    await page.getByLabel('Until').fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Invite' }).click();
    await heading('Sipho Nkosi is invited');
    expect(await page.locator('code.address').textContent()).toContain('/sign-in/link?code=');
    await fine();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Sipho Nkosi' }).click();
    await heading('Sipho Nkosi');
    await fine();
    await page.getByLabel('Role', { exact: true }).selectOption('reviewer');
    await page.getByRole('button', { name: 'Give this role' }).click();
    await page.getByRole('status').filter({ hasText: 'The role is given.' }).waitFor();

    await page.goto(`${here}/api-tokens`);
    await fine();
    await page.getByLabel('What it is for').fill('Dashboard');
    await page.getByLabel(/See numbers/).check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByText(/^muster_/).waitFor();
    await fine();

    await page.getByRole('link', { name: 'Audit log' }).click();
    await heading('Audit log');
    await fine();
    await page.getByLabel('Who', { exact: true }).selectOption({ label: 'Naledi Dube' });
    await page.getByLabel('About').selectOption({ label: 'People and access' });
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/kind=people/);
    const told = await page.getByRole('region', { name: 'Entries' }).textContent();
    expect(told).toContain('Naledi Dube gave Sipho Nkosi the role reviewer');
    expect(told).toContain('Naledi Dube made the API token');
    expect(told).not.toContain('signed in');
    await fine();
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    expect((await waiting).suggestedFilename()).toMatch(/^audit-\d{4}-\d{2}-\d{2}\.csv$/);
    expect(browser.complaints).toEqual([]);
  });

  it.each([390, 320])('fits a window of %d pixels, light and dark', async (width) => {
    const { stores } = collector;
    await stores.secondFactors.removeApp(naledi, 'console', new Date());
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const here = `/organizations/${collector.organization.id}`;
      for (const address of [
        '/account',
        '/account/password',
        '/account/second-factor',
        '/sign-in',
        `${here}/people`,
        `${here}/people/${naledi.id}`,
        `${here}/api-tokens`,
        `${here}/audit`,
      ]) {
        await page.goto(url + address);
        expect(await overflow(page), `${address} ${colorScheme}`).toBeLessThanOrEqual(0);
        await fine();
      }
    }
  });
});
