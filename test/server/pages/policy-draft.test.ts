import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import { known } from '../../../shared/answer.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let other: Organization;
let admin: string;
let reader: string;
let quick: SampleDevice;
let slow: SampleDevice;
let theirs: SampleDevice;

const locksAfter = (seconds: number) => ({
  ...sampleFacts(),
  'screen-lock': {
    idle: known({ seconds, power: 'any', saverDefault: false }),
    grace: known({ seconds: 0 }),
  },
});

beforeAll(async () => {
  collector = await startCollector();
  const { stores } = collector;
  const at = new Date();
  other = await stores.organizations.create(
    { name: 'Other', contact: '', policy: basePolicy() },
    'console',
    at,
  );
  admin = (await signedIn(collector, 'Naledi', ['admin'])).cookie;
  reader = (await signedIn(collector, 'Thandi', ['contractor'])).cookie;
  [quick, slow, theirs] = [await collector.device(), await collector.device(), await collector.device(other)];
  await post(collector.url, quick.full(locksAfter(120)));
  await post(collector.url, slow.full(locksAfter(600)));
  await post(collector.url, theirs.full(locksAfter(600)));
  while ((await reviewDue(stores, new Date())) > 0);
});
afterAll(() => collector.close());
beforeEach(async () => {
  await collector.stores.policyDrafts.discard(collector.organization.number, 'console', new Date());
});

const address = (path: string, of: Organization = collector.organization) =>
  `${collector.url}/organizations/${of.id}/policy/draft${path}`;

async function get(path: string, cookie = admin, of?: Organization) {
  const response = await fetch(address(path, of), {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie },
  });
  return { status: response.status, text: await response.text() };
}

const csrfIn = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
const editIn = (page: string) => /name="edit" value="(\d+)"/.exec(page)?.[1] ?? '';

/** Sends a form as the page at `from` would. */
async function send(path: string, fields: Record<string, string | readonly string[]>, from = path) {
  const page = (await get(from)).text;
  const body = new URLSearchParams({ csrf: csrfIn(page), edit: editIn(page) });
  for (const [name, value] of Object.entries(fields)) {
    body.delete(name);
    for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
  }
  const response = await fetch(address(path), {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', cookie: admin },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const lock = (idle: string, more: Record<string, string> = {}) => ({
  'idle.params.maxSeconds': idle,
  'idle.mode': 'enforce',
  'idle.severity': 'high',
  'idle.clauses': 'ACM-4, ACM-5',
  'idle.numberFrom': 'proposal',
  'grace.params.maxSeconds': '5s',
  'grace.mode': 'enforce',
  'grace.severity': 'high',
  'grace.clauses': '',
  'grace.numberFrom': 'cis',
  ...more,
});

describe('editing', () => {
  test('the form has a control for each parameter, with its bounds, and keeps what is entered', async () => {
    const form = (await get('/checks/screen-lock')).text;
    expect(form).toContain('value="15m"');
    expect(form).toContain('from 30 seconds to 1 day');
    expect((await send('/checks/screen-lock', lock('5m'))).status).toBe(303);
    const draft = await collector.stores.policyDrafts.find(collector.organization.number);
    expect(draft?.policy.checks['screen-lock']['idle']).toEqual({
      mode: 'enforce',
      severity: 'high',
      clauses: ['ACM-4', 'ACM-5'],
      numberFrom: 'proposal',
      params: { maxSeconds: 300 },
    });
    // What another check asks is as it was.
    expect(draft?.policy.checks['firewall']).toEqual(basePolicy().checks['firewall']);
    const page = (await get('')).text;
    expect(page).toMatch(/15 minutes<\/td>.*<strong>5 minutes<\/strong>/);
  });

  test.each([
    ['10s', 'It must be from 30 seconds to 1 day.'],
    ['2d', 'It must be from 30 seconds to 1 day.'],
    ['soon', 'Write a time such as 45s, 15m or 1h, from 30 seconds to 1 day.'],
    ['', 'Write a time such as'],
  ])('"%s" is refused at its field, in words, and what was entered is still there', async (idle, words) => {
    const { status, text } = await send('/checks/screen-lock', lock(idle));
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toMatch(/aria-invalid="true"[^>]*aria-describedby="[^"]*idle\.params\.maxSeconds-error/);
    expect(text).toContain('value="ACM-4, ACM-5"');
    expect(await collector.stores.policyDrafts.find(collector.organization.number)).toBeUndefined();
  });

  test('lists, choices, texts and numbers are read as the catalogue wants them', async () => {
    expect(
      (
        await send('/checks/device-ownership', {
          'declared.params.allow': ['company', 'personal'],
          'declared.params.contractorNeeds': 'nothing',
          'declared.mode': 'warn',
          'declared.severity': 'low',
        })
      ).status,
    ).toBe(303);
    const approval = {
      'approved.params.maxMonths': '6',
      'approved.mode': 'enforce',
      'approved.severity': 'high',
    };
    const wrong = await send('/checks/device-approval', {
      ...approval,
      'approved.params.requires': 'disk-encryption/system\nno-such/point',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Line 2: there is no point no-such/point.');
    const right = await send('/checks/device-approval', {
      ...approval,
      'approved.params.requires': 'disk-encryption/system\n\nscreen-lock/idle',
    });
    expect(right.status).toBe(303);
    const checks = (await collector.stores.policyDrafts.find(collector.organization.number))?.policy.checks;
    expect(checks?.['device-ownership']['declared']).toMatchObject({
      mode: 'warn',
      severity: 'low',
      params: { allow: ['company', 'personal'], contractorNeeds: 'nothing' },
    });
    expect(checks?.['device-approval']['approved']?.params).toEqual({
      maxMonths: 6,
      requires: ['disk-encryption/system', 'screen-lock/idle'],
    });
    const none = await send('/checks/device-ownership', { 'declared.params.contractorNeeds': 'nothing' });
    expect(none.text).toContain('Choose at least one.');
  });

  test('how often laptops report is part of the policy', async () => {
    const wrong = await send('/schedule', { every: '1m', jitter: '2d' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('from 5 minutes to 7 days');
    expect((await send('/schedule', { every: '12h', jitter: '0m' })).status).toBe(303);
    const draft = await collector.stores.policyDrafts.find(collector.organization.number);
    expect(draft?.policy.run).toEqual({ everyMinutes: 720, jitterMinutes: 0 });
  });

  test('whoever saves from an old page is told so, keeps what was entered, and may save again', async () => {
    const old = editIn((await get('/checks/firewall')).text);
    await send('/checks/screen-lock', lock('5m'));
    const { status, text } = await send('/checks/screen-lock', { ...lock('4m'), edit: old });
    expect(status).toBe(409);
    expect(text).toContain('Naledi changed the draft while you had this page open');
    expect(text).toContain('value="4m"');
    expect(editIn(text)).not.toBe(old);
    expect((await send('/checks/screen-lock', { ...lock('4m'), edit: editIn(text) })).status).toBe(303);
  });

  test('a policy file becomes the draft; one that is none is told by its place', async () => {
    const text =
      'policy: acme\nextends: kelia\nversion: 9\nchecks: { firewall: { enabled: { mode: warn } } }';
    expect((await send('/import', { text })).status).toBe(303);
    const draft = await collector.stores.policyDrafts.find(collector.organization.number);
    expect(draft?.policy).toMatchObject({ id: 'acme', version: 2 });
    expect(draft?.policy.checks['firewall']['enabled']?.mode).toBe('warn');
    const wrong = await send('/import', { text: text.replace('enabled', 'enable') });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('checks/firewall');
    expect(wrong.text).toContain('extends: kelia');
    expect((await send('/import', { preset: 'lesoko' })).status).toBe(303);
    expect((await get('')).text).toContain('<strong>Lesoko</strong>');
  });
});

describe('what if', () => {
  test('says which laptops would come out otherwise, and changes nothing', async () => {
    await send('/checks/screen-lock', lock('5m'));
    const { text } = await get('/what-if');
    expect(text).toMatch(/aria-label="1: Locks by itself, newly fails"/);
    expect([slow, quick, theirs].map(({ id }) => text.includes(`/devices/${id}"`))).toEqual([
      true,
      false,
      false,
    ]);
    expect((await get('/what-if?point=screen-lock/idle&kind=fixed')).text).toContain('None.');
    const row = await collector.stores.devices.byId(collector.organization.number, slow.id);
    expect(row?.failing).not.toContain('screen-lock');
  });

  test('a draft that changes nothing is tried on nobody, and there is nothing to publish', async () => {
    expect((await get('/what-if')).text).toContain('The draft changes nothing yet.');
    expect((await get('/publish')).text).toContain('There is nothing to publish');
  });

  test('follows the draft, and says where a point no longer counts', async () => {
    await send('/checks/screen-lock', lock('5m'));
    await get('/what-if');
    await send('/checks/screen-lock', lock('20m'));
    expect((await get('/what-if')).text).toContain('Nothing that counts would come out otherwise');
  });
});

describe('publishing', () => {
  const reason = 'Agreed with the partners in November';
  const publish = (fields: Record<string, string> = {}) =>
    send('/publish', { when: 'now', date: '', reason, ...fields });

  test('puts the next version in force, and the laptops are judged by it', async () => {
    await send('/checks/screen-lock', lock('5m', { 'idle.numberFrom': 'text' }));
    expect((await publish({ reason: 'short' })).text).toContain('Say why');
    expect((await publish()).status).toBe(303);
    const { stores, organization } = collector;
    expect((await stores.organizations.policy(organization.number)).policy.version).toBe(2);
    expect(await stores.policies.progress(organization.number)).toMatchObject({ judged: 0, devices: 2 });
    const policy = await fetch(`${collector.url}/organizations/${organization.id}/policy`, {
      headers: { accept: 'text/html', cookie: admin },
    });
    expect(await policy.text()).toContain('being judged by version 2: 0 of 2');
    while ((await reviewDue(stores, new Date())) > 0);
    expect((await stores.devices.byId(organization.number, slow.id))?.failing).toContain('screen-lock');
    expect((await stores.devices.byId(organization.number, quick.id))?.failing).not.toContain('screen-lock');
    expect(await stores.policies.progress(organization.number)).toMatchObject({ judged: 2 });
    expect((await stores.organizations.policy(other.number)).policy.version).toBe(1);
  });

  test('what asks for less than the company’s own text must be meant', async () => {
    await send('/checks/screen-lock', lock('15m', { 'idle.numberFrom': 'text' }));
    expect((await get('/publish')).text).toContain('asks for less than the company’s own text does');
    const refused = await publish();
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Say that you mean it');
    expect((await publish({ loosened: 'yes' })).status).toBe(303);
  });

  test('for a day to come: it waits, may be withdrawn, and nothing else is published meanwhile', async () => {
    const { stores, organization } = collector;
    const { version } = (await stores.organizations.policy(organization.number)).policy;
    await send('/checks/screen-lock', lock('4m'));
    expect((await publish({ when: 'later', date: '2020-01-01T00:00' })).text).toContain('still to come');
    expect((await publish({ when: 'later', date: '2099-01-01T00:00' })).status).toBe(303);
    expect((await stores.organizations.policy(organization.number)).policy.version).toBe(version);
    const page = await fetch(`${collector.url}/organizations/${organization.id}/policy`, {
      headers: { accept: 'text/html', cookie: admin },
    });
    expect(await page.text()).toContain(`Version ${version + 1} comes into force on`);
    await send('/checks/screen-lock', lock('3m'));
    expect((await publish()).status).toBe(409);
    await stores.policies.withdraw(organization.number, version + 1, 'console', new Date());
    expect((await publish()).status).toBe(303);
    expect((await stores.organizations.policy(organization.number)).policy.version).toBe(version + 2);
  });

  test('a draft that somebody changed since is not published', async () => {
    await send('/checks/screen-lock', lock('2m'));
    const old = editIn((await get('/publish')).text);
    await send('/checks/screen-lock', lock('1m'));
    const { status, text } = await publish({ edit: old });
    expect(status).toBe(409);
    expect(text).toContain('Nothing was published');
  });
});

test('whoever may only read the policy, and whoever belongs elsewhere, cannot open or change a draft', async () => {
  const paths = ['', '/checks/firewall', '/schedule', '/import', '/what-if', '/publish'];
  for (const path of paths) {
    expect((await get(path, reader)).status, path).toBe(403);
    expect((await get(path, admin, other)).status, path).toBe(404);
  }
  expect((await get('/checks/no-such-check')).status).toBe(404);
  for (const path of ['/checks/firewall', '/schedule', '/import', '/publish', '/discard']) {
    const response = await fetch(address(path), {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: admin },
      body: new URLSearchParams({ csrf: 'made up', edit: '0' }),
    });
    expect([400, 403], path).toContain(response.status);
  }
});
