import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliverDue, type Outlets } from '../../../server/alerts/dispatch.ts';
import { openMailer } from '../../../server/alerts/mail.ts';
import { scheduleStatementMails } from '../../../server/alerts/statement-mails.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { type MailServer, startMailServer } from './receivers.ts';

const day = 86_400_000;
const start = new Date('2026-11-02T08:00:00Z');
const after = (days: number) => new Date(start.getTime() + days * day);
let collector: SampleCollector;
let mails: MailServer;
let outlets: Outlets;

beforeAll(async () => {
  mails = await startMailServer();
  collector = await startCollector();
  outlets = {
    stores: collector.stores,
    sealer: sealerOf(readCollectorKey(collector.folder)),
    mailer: openMailer({ url: mails.url, from: 'muster@collector.example' }),
    publicUrl: 'https://muster.example',
    allowPrivateWebhooks: false,
  };
});
afterAll(async () => {
  outlets.mailer?.close();
  await mails.close();
  await collector.close();
});
beforeEach(() => {
  mails.mails.length = 0;
});

/** One minute of the collector's life, as of a day; on two processes, as behind a load balancer. */
async function minuteOf(days: number): Promise<readonly string[]> {
  const from = mails.mails.length;
  await Promise.all([0, 1].map(() => scheduleStatementMails(collector.stores, after(days))));
  while (
    (await Promise.all([0, 1].map(() => deliverDue(outlets, () => after(days))))).some((took) => took > 0)
  );
  return mails.mails.slice(from).flatMap(({ to }) => to);
}

const ask = (people: readonly { contact?: string; device?: number }[], due = 14) =>
  collector.stores.attestations.create(
    collector.organization.number,
    {
      template: 'A-policy-read',
      title: 'Policy read',
      statement: 'I have read the policy.',
      role: 'everybody',
      periodFrom: start,
      dueAt: after(due),
      validUntil: after(365),
      people,
    },
    'user:someone',
    start,
  );
const outcomes = async () =>
  (await collector.stores.deliveries.list(collector.organization.number, 50, 0)).map(
    ({ content, outcome, problem }) => [content, outcome, problem],
  );
const codeIn = (text: string) => /https:\/\/muster\.example\/statement\?code=([\w-]+)/.exec(text)?.[1] ?? '';
const answer = async (code: string) => {
  const question = await collector.stores.attestations.byCode(code);
  if (question === undefined) throw new Error('the link is worth nothing');
  return collector.stores.attestations.answer(question, { answer: 'yes', reason: '' }, 'link', after(1));
};

test('each person gets the question once and a reminder 7 and 2 days before, until they answer', async () => {
  const { id } = await ask([
    { contact: 'anna@acme.example' },
    { contact: 'ben@acme.example' },
    { contact: 'ext. 204' },
  ]);
  expect((await minuteOf(0.01)).toSorted()).toEqual(['anna@acme.example', 'ben@acme.example']);
  expect(await minuteOf(0.02)).toEqual([]);
  expect(await minuteOf(3)).toEqual([]);
  const first = mails.mails.find(({ to }) => to[0] === 'anna@acme.example');
  expect(first?.text).toContain('Responsible for this is Acme. Questions: it@acme.example.');
  expect(first?.text).toContain('16 November 2026');
  // Nobody's name, pseudonym or laptop, and not the statement itself; no list to leave.
  const people = await collector.stores.attestations.people(collector.organization.number, id);
  for (const { pseudonym } of people) expect(first?.raw).not.toContain(pseudonym);
  expect(first?.raw).not.toMatch(/List-Unsubscribe|I have read/);

  expect(await answer(codeIn(first?.text ?? ''))).toBe(true);
  expect(await minuteOf(7.5)).toEqual(['ben@acme.example']);
  expect(await minuteOf(8)).toEqual([]);
  const reminder = mails.mails.at(-1)?.text ?? '';
  expect(reminder).toContain('your answer is still missing');
  // The same link as before: the one in the older e-mail stays good, until a new one is made by hand.
  const asked = mails.mails.find(({ to }) => to[0] === 'ben@acme.example')?.text ?? '';
  expect(codeIn(reminder)).toBe(codeIn(asked));
  const unanswered = (await collector.stores.attestations.people(collector.organization.number, id)).filter(
    ({ answer: said }) => said === null,
  );
  for (const { id: person } of unanswered) {
    await collector.stores.attestations.renewLink(
      collector.organization.number,
      id,
      person,
      'user:x',
      after(9),
    );
  }
  await expect(answer(codeIn(reminder))).rejects.toThrow('worth nothing');
  expect(await minuteOf(12.5)).toEqual(['ben@acme.example']);
  expect(codeIn(mails.mails.at(-1)?.text ?? '')).not.toBe(codeIn(reminder));
  expect(await answer(codeIn(mails.mails.at(-1)?.text ?? ''))).toBe(true);
  expect(await minuteOf(13)).toEqual([]);
  expect(await outcomes()).toContainEqual([
    'statement',
    'dropped',
    'no e-mail address is kept of the person',
  ]);
  await collector.stores.attestations.end(collector.organization.number, id, 'user:x', after(13));
});

test('who is asked by their laptop is written to where the people’s database knows them; restricted and erased people are not', async () => {
  const { stores, organization } = collector;
  const devices = [await collector.device(), await collector.device(), await collector.device()];
  const numbers = await Promise.all(
    devices.map(async ({ id }) => (await stores.devices.byId(organization.number, id))?.number ?? 0),
  );
  const people = await Promise.all(
    ['carl', 'dora', 'emil'].map((name) =>
      stores.people.create(
        organization.number,
        { name, email: `${name}@acme.example`, kind: 'staff' },
        start,
      ),
    ),
  );
  for (const [index, { id }] of people.entries()) {
    await stores.people.assign(organization.number, devices[index]?.id ?? '', id, start);
  }
  await stores.restrictions.restrict(organization.number, devices[1]?.id ?? '', 'user:dpo', start);
  await stores.people.forget(organization.number, people[2]?.id ?? '');
  const { id } = await ask([...numbers.map((device) => ({ device })), { contact: 'DORA@acme.example' }], 30);
  expect(await minuteOf(0.5)).toEqual(['carl@acme.example']);
  const why = (await outcomes()).map(([, , problem]) => problem);
  expect(why.filter((problem) => problem === 'the person’s data are not used for now')).toHaveLength(2);
  expect(why).toContain('no e-mail address is kept of the person');
  await stores.attestations.end(organization.number, id, 'user:x', after(1));
  expect(await minuteOf(29)).toEqual([]);
});

test('what the database holds makes no link without the collector’s key', async () => {
  const made = await ask([{ contact: 'fred@acme.example' }]);
  const person = made.people[0]?.id ?? '';
  const nonces: string[] = [];
  await collector.stores.statementMails.code(person, (nonce) => {
    nonces.push(nonce);
    return outlets.sealer.digest('statement-link', person, nonce).toString('base64url');
  });
  for (const nonce of nonces) expect(await collector.stores.attestations.byCode(nonce)).toBeUndefined();
});

test('a whole office answers at once from one address; guesses from there are held up, and not the office with them', async () => {
  const { people } = await ask(
    Array.from({ length: 26 }, (_, index) => ({ contact: `p${index}@acme.example` })),
  );
  const remoteAddress = '203.0.113.9';
  const open = async (code: string) =>
    (await collector.app.inject({ url: `/statement?code=${code}`, remoteAddress })).statusCode;
  const say = async (code: string) =>
    (
      await collector.app.inject({
        method: 'POST',
        url: '/statement',
        remoteAddress,
        payload: { code, answer: 'yes' },
      })
    ).statusCode;
  for (const { code } of people.slice(0, 25)) expect([await open(code), await say(code)]).toEqual([200, 200]);
  for (let index = 0; index < 20; index += 1) expect(await open(`wrong-${index}`)).toBe(410);
  expect(await open('wrong-again')).toBe(429);
  expect(await open(people[25]?.code ?? '')).toBe(200);
});
