import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formatToken } from '../../shared/api.ts';
import { temporaryDirectory } from '../agent/run-agent.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { accessibilityProblems, type Browser, chromiumPath, openBrowser, overflow } from './browser.ts';
import { FaultDevice } from './fault-device.ts';
import { buildReplayedAgent } from './replayed-agent/build.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// The person at a laptop: their agent makes a link, their browser opens it, and they see and ask everything.
describe.skipIf(chromiumPath === undefined)('the page about one’s own laptop', () => {
  let folder: ReturnType<typeof temporaryDirectory>;
  let collector: SampleCollector;
  let device: FaultDevice;
  let browser: Browser;

  beforeAll(async () => {
    folder = temporaryDirectory();
    collector = await startCollector();
    device = new FaultDevice(await buildReplayedAgent(), folder.path, folder.path);
    const token = formatToken({
      url: collector.url,
      code: await collector.code(),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      pin: null,
    });
    expect((await device.start(['--enroll', token, '--yes']).ended).code).toBe(0);
    expect((await device.start(['--report']).ended).code).toBe(0);
    browser = await openBrowser({ width: 390, height: 844 });
  });
  afterAll(async () => {
    await browser.close();
    await collector.close();
    folder[Symbol.dispose]();
  });

  const link = async () => {
    const { code, stdout, stderr } = await device.start(['--my-device']).ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Acme keeps about this machine');
    return stdout.trim();
  };

  test('from the terminal to every field, who looked, and a request that is kept', async () => {
    const { page } = browser;
    await collector.stores.audit.record(
      {
        organization: collector.organization.number,
        actor: 'console',
        action: 'device.view',
        subject: (await collector.stores.devices.after(collector.organization.number, '', 1))[0]?.id ?? '',
      },
      new Date(),
    );
    const address = await link();
    await page.goto(address);
    // Looking at the link does not use it up; pressing the button does.
    expect(await page.textContent('h1')).toBe('Your laptop');
    await page.click('button:has-text("Show it")');
    expect(await page.textContent('h1')).toContain('What Acme keeps about this laptop');
    const text = await page.textContent('main');
    for (const words of [
      'Firewall',
      'as sent:',
      'Whose laptop it is',
      'looked at this laptop',
      'Pseudonym',
    ]) {
      expect(text).toContain(words);
    }
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);

    // From the line of a setting into the form, already filled in.
    await page.click('a[aria-label^="Contest: Firewall"]');
    expect(await page.isChecked('input[value="contest"]')).toBe(true);
    await page.fill('#words', 'The firewall is on: I turned it on myself this morning.');
    await page.click('button:has-text("Send")');
    expect(await page.textContent('[role="status"]')).toContain('A person will look at it');
    expect(await page.textContent('.my-requests')).toContain('Waits for an answer');
    const { number } = collector.organization;
    const [asked] = await collector.stores.staffRequests.waiting(number, 10);
    expect(asked).toMatchObject({ kind: 'contest', about: 'firewall/enabled' });

    // An answer is shown where the question was.
    await collector.stores.staffRequests.answer(
      number,
      asked?.id ?? '',
      'You are right.',
      'console',
      new Date(),
    );
    await page.goto(`${collector.url}/my-device`);
    expect(await page.textContent('.my-requests')).toContain('You are right.');

    // A waiver goes to whoever decides on waivers; one about nothing in particular does not.
    await page.check('input[value="waiver"]');
    await page.fill('#words', 'My printer needs this port until May.');
    await page.click('button:has-text("Send")');
    expect(await page.textContent('[role="alert"]')).toContain('choose under “About”');
    expect(await page.inputValue('#words')).toBe('My printer needs this port until May.');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.selectOption('#about', 'firewall/enabled');
    await page.click('button:has-text("Send")');
    expect((await collector.stores.waivers.waiting(number, 10))[0]).toMatchObject({
      check: 'firewall',
      point: 'enabled',
    });

    await page.goto(address);
    await page.click('button:has-text("Show it")');
    expect(await page.textContent('main'), 'a link works once').toContain('used already');
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.goto(`${collector.url}/my-device`);
    await page.click('button:has-text("Close this page")');
    await page.goto(`${collector.url}/my-device`);
    expect(await page.textContent('main')).toContain('agent --my-device');
    expect(browser.complaints).toEqual([]);
  });
});
