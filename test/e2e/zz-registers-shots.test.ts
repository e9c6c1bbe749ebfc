import { test } from 'vitest';
import { startCollector } from '../server/sample-collector.ts';
import { accessibilityProblems, openBrowser, overflow } from './browser.ts';

test('x', async () => {
  const c = await startCollector();
  const at = new Date();
  const u = await c.stores.users.create({ email: 'a@b.example', name: 'Thandi Mokoena' }, 'console', at);
  for (const role of ['dpo', 'contractor'] as const)
    await c.stores.users.grant(u, c.organization.number, role, 'console', at);
  const link = await c.stores.sessions.createLink(u, new Date(Date.now() + 600000), 'console', at);
  const b = await openBrowser();
  const { page } = b;
  await page.goto(`${c.url}/sign-in/link?code=${link}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const base = `${c.url}/organizations/${c.organization.id}/registers`;
  let n = 0;
  const shot = async (name: string) => {
    for (const w of [1440, 390]) {
      await page.setViewportSize({ width: w, height: 900 });
      await page.screenshot({ path: `/tmp/reg/${n}-${name}-${w}.png`, fullPage: true });
      console.log(name, w, 'overflow', await overflow(page));
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    console.log(await accessibilityProblems(page));
    n += 1;
  };
  await page.goto(`${base}/breaches`);
  await shot('empty');
  await page.goto(`${base}/breaches/new`);
  await page.getByRole('button', { name: 'Write down the breach' }).click();
  await shot('form-problems');
  await page.getByLabel('In one line').fill('Laptop left on a train');
  await page.getByLabel('Confidentiality').check();
  await page.getByLabel('How', { exact: true }).selectOption('lost-device');
  const t = new Date(Date.now() - 41 * 3600e3).toISOString().slice(0, 16);
  await page.getByLabel('When somebody noticed').fill(t);
  await page.getByLabel('When you were reasonably certain').fill(t);
  await page.getByLabel('Whose data they are').selectOption('controller');
  await page.getByLabel('European Union').check();
  await page.getByLabel('The facts').fill('A locked laptop of staff was left on a train.');
  await page.getByRole('button', { name: 'Write down the breach' }).click();
  await page.getByRole('heading', { name: 'Laptop left on a train' }).waitFor();
  await shot('record');
  await page.getByText('Decide the risk').first().click();
  await shot('step');
  await page.getByRole('link', { name: 'Notice to the authority' }).click();
  await shot('notice');
  await page.goto(`${base}/breaches`);
  await shot('list');
  await page.goto(base);
  await shot('registers');
  console.log(b.complaints);
  await b.close();
  await c.close();
}, 120000);
