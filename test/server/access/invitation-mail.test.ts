import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMailer } from '../../../server/alerts/mail.ts';
import { sessionCookie } from '../../../server/caller.ts';
import { type MailServer, startMailServer } from '../alerts/receivers.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { Visitor } from '../visitor.ts';

let mailServer: MailServer;
let collector: SampleCollector;
let admin: Visitor;

beforeEach(async () => {
  mailServer = await startMailServer();
  collector = await startCollector({
    mailer: openMailer({ url: mailServer.url, from: 'muster@collector.example' }),
  });
  const { stores, organization } = collector;
  const at = new Date();
  const naledi = await stores.users.create({ email: 'naledi@it.example', name: 'Naledi' }, 'console', at);
  await stores.users.grant(naledi, organization.number, 'admin', 'console', at);
  admin = new Visitor(collector.url);
  admin.cookies.set(sessionCookie, await stores.sessions.begin(naledi, 'link', at));
  await admin.get('/account');
});
afterEach(async () => {
  await collector.close();
  await mailServer.close();
});

const invite = () =>
  admin.submit(`/organizations/${collector.organization.id}/people`, {
    email: 'sipho@it.example',
    name: 'Sipho Nkosi',
    role: 'contractor',
    until: '',
  });
const linkIn = (text: string) => /http:\/\/[^\s"<]+\/sign-in\/link\?code=[\w-]+/.exec(text)?.[0];

it('brings the same link as the page, and names nobody', async () => {
  const { page } = await invite();
  expect(page).toContain('An e-mail that says so is on its way');
  const [mail] = mailServer.mails;
  expect(mail?.to).toEqual(['sipho@it.example']);
  expect(linkIn(mail?.text ?? '')).toBe(linkIn(page));
  expect(mail?.text).toContain('Acme');
  expect(mail?.text).not.toMatch(/Sipho|Nkosi|Naledi/);
});

it('that is not taken leaves the link on the page', async () => {
  mailServer.refuse = 550;
  const { response, page } = await invite();
  expect(response.status).toBe(200);
  expect(linkIn(page)).toBeDefined();
  expect(page).not.toContain('on its way');
  expect(collector.log.join('')).not.toContain('sipho@it.example');
});
