import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../server/sample-device.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';

const title =
  chromiumPath === undefined ? 'privacy (skipped: no Chromium here, CHROMIUM names one)' : 'privacy';

describe.skipIf(chromiumPath === undefined)(title, { timeout: 60_000 }, () => {
  let collector: SampleCollector;
  let browser: Browser;
  let laptop: SampleDevice;
  let label = '';
  const at = (path: string) => `${collector.url}/organizations/${collector.organization.id}${path}`;

  beforeAll(async () => {
    collector = await startCollector();
    const { stores, organization } = collector;
    const now = new Date();
    const user = await stores.users.create({ email: 'lerato@acme.example', name: 'Lerato' }, 'console', now);
    await stores.users.grant(user, organization.number, 'dpo', 'console', now);
    laptop = await collector.device();
    expect((await post(collector.url, laptop.full(sampleFacts('off')))).status).toBe(201);
    label = (await stores.devices.byId(organization.number, laptop.id))?.label ?? '';
    browser = await openBrowser();
    const code = await stores.sessions.createLink(user, new Date(Date.now() + 60_000), 'console', now);
    await browser.page.goto(`${collector.url}/sign-in/link?code=${code}`);
    await browser.page.getByRole('button', { name: 'Sign in' }).click();
    await browser.page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await collector?.close();
  });

  const look = async () => {
    const { page } = browser;
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  it('a request for access goes from intake to the copy in the person’s hands', async () => {
    const { page, complaints } = browser;
    await page.goto(at('/privacy'));
    await look();
    await page.getByLabel('Name').fill('Naledi Phiri');
    await page.getByLabel('Work e-mail address').fill('naledi@acme.example');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { name: 'Naledi Phiri', level: 1 }).waitFor();
    const person = page.url();
    await page.getByLabel('Give a laptop to Naledi Phiri').fill(label.toLowerCase());
    await page.getByRole('button', { name: 'Record it' }).click();
    await page.getByRole('link', { name: label }).waitFor();
    await look();

    await page.goto(at('/registers/requests/new'));
    await page.getByLabel('What is asked for').selectOption('access');
    await page.getByLabel('Received on').fill(new Date().toISOString().slice(0, 10));
    await page.getByLabel('How it came').selectOption('mail');
    await page.getByLabel('Who asks').fill('Naledi Phiri');
    await page.getByRole('button', { name: 'Write down the request' }).click();
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    const request = page.url();
    await page.goto(collector.url);
    expect(await page.getByRole('region', { name: /^Overdue and due/ }).textContent()).toContain(
      'Take it up',
    );

    await page.goto(person);
    expect(await page.getByRole('region', { name: 'Records that name them' }).textContent()).toContain(
      'RQ-1 Access',
    );
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Make the copy' }).click();
    const files = unzipSync(new Uint8Array(readFileSync(await (await waiting).path())));
    const readable = strFromU8(files['README.html'] ?? new Uint8Array());
    await page.goto('about:blank');
    await page.setContent(readable);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(readable).toContain('Naledi Phiri');
    expect(Object.keys(files)).toContain('manifest.jws');

    await page.goto(request);
    for (const [name, fill] of [
      ['It is them', { 'How it was made sure': 'known' }],
      [
        'Answered',
        { 'What was done': 'A copy was handed over.', 'Answered on': new Date().toISOString().slice(0, 10) },
      ],
    ] as const) {
      const details = page.locator('details', {
        has: page.getByRole('button', { name, exact: true, includeHidden: true }),
      });
      await details.locator('summary').click();
      for (const [field, value] of Object.entries(fill)) {
        const input = details.getByLabel(field);
        if (name === 'It is them') await input.selectOption(value);
        else await input.fill(value);
      }
      await details.getByRole('button', { name, exact: true }).click();
    }
    await page.getByText('done in time').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('who holds a laptop is told for a reason, and restriction hides it', async () => {
    const { page } = browser;
    await page.goto(at(`/devices/${laptop.id}`));
    await page.getByRole('link', { name: 'Who holds it' }).click();
    await look();
    await page.getByLabel('Why do you need to know?').fill('Its disk is failing.');
    await page.getByRole('button', { name: 'Tell me' }).press('Enter');
    await page.getByText('naledi@acme.example').waitFor();

    await page.goto(at('/privacy'));
    await page.getByRole('link', { name: 'Naledi Phiri' }).click();
    await page.getByRole('button', { name: 'Restrict', exact: true }).click();
    await page.getByText('restricted since').waitFor();
    await page.getByRole('link', { name: label }).click();
    await page.getByText('as its holder asked').waitFor();
    await look();
    await page.goBack();
    await page.getByRole('button', { name: 'Lift the restriction' }).click();
    await page.getByRole('button', { name: 'Restrict', exact: true }).waitFor();
  });

  it('an erasure takes the word, ends in a certificate, and the person is gone', async () => {
    const { page } = browser;
    await page.goto(at('/privacy'));
    await page.getByRole('link', { name: 'Naledi Phiri' }).click();
    await page.locator('summary', { hasText: 'Erase' }).press('Enter');
    await page.getByLabel('Write ERASE to confirm').fill('ERASE');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByRole('heading', { name: 'Certificate of erasure' }).waitFor();
    await look();
    await page.goto(at('/privacy'));
    expect(await page.getByText('Naledi').count()).toBe(0);
    await page.goto(at('/registers/requests'));
    await page.getByRole('link', { name: 'Access', exact: true }).click();
    expect(await page.getByText('Naledi').count()).toBe(0);
    await page.goto(at('/privacy/retention'));
    await page.getByRole('link', { name: /^Certificate of/ }).waitFor();
    await look();
  });

  it('the notice, the record of processing and the draft assessment are made of what is really held', async () => {
    const { page } = browser;
    for (const name of ['Notice to staff', 'Record of processing', 'Draft impact assessment']) {
      await page.goto(at('/privacy'));
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await look();
    }
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as PDF' }).click();
    expect(
      readFileSync(await (await waiting).path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await page.goto(at('/privacy'));
    await page.getByRole('button', { name: 'Take it into the register' }).click();
    await page.getByRole('heading', { name: /^Muster: how staff laptops/ }).waitFor();
    await look();
  });
});
