import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookie } from '../../../server/caller.ts';
import { hashPassword } from '../../../server/password.ts';
import { ownPath } from '../../../server/routes/pages/begin-session.ts';
import type { Organization } from '../../../server/storage/organizations.ts';
import type { User } from '../../../server/storage/users.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';

const password = 'correct horse battery staple';

let collector: SampleCollector;
let other: Organization;
let thandi: User;
let ours: SampleDevice;
let theirs: SampleDevice;

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  other = await stores.organizations.create(
    { name: 'Other', contact: 'it@other.example', policy: basePolicy() },
    'console',
    at,
  );
  thandi = await stores.users.create({ email: 'thandi@it.example', name: 'Thandi Mokoena' }, 'console', at);
  await stores.users.grant(thandi, organization.number, 'contractor', 'console', at);
  await stores.members.requireSecondFactor(organization.number, false, 'console', at);
  await stores.users.setPassword(thandi, await hashPassword(password), 'console', at);
  ours = await collector.device();
  theirs = await collector.device(other);
  for (const device of [ours, theirs]) {
    const response = await post(collector.url, device.full(sampleFacts('off')));
    expect(response.status).toBe(201);
  }
});

afterAll(() => collector.close());

const html = { accept: 'text/html' };

function get(path: string, cookie = '', headers: Record<string, string> = html): Promise<Response> {
  return fetch(collector.url + path, { redirect: 'manual', headers: { ...headers, cookie } });
}

function submit(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(collector.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...html, ...headers },
    body: new URLSearchParams(fields),
  });
}

const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

/** A session without the detour over the form, whose attempts are limited. */
async function signIn(): Promise<string> {
  return `${sessionCookie}=${await collector.stores.sessions.begin(thandi, 'password', new Date())}`;
}

const csrfIn = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

describe('signing in', () => {
  it('sends whoever is not signed in to the sign-in page, and back afterwards', async () => {
    const path = `/organizations/${collector.organization.id}?state=failing`;
    const away = await get(path);
    expect(away.status).toBe(303);
    expect(away.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    const back = await submit('/sign-in', { email: 'thandi@it.example', password, next: path });
    expect(back.headers.get('location')).toBe(path);
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'sends nobody to %s',
    async (next) => {
      const response = await submit('/sign-in', { email: 'thandi@it.example', password, next });
      expect(response.headers.get('location')).toBe('/');
    },
  );

  it.each([
    '/.//evil.example/',
    '/a/..//evil.example/',
    '/%2e//evil.example/',
    '/./\\evil.example/',
    '/\t/evil.example/',
  ])('takes %j for no page of its own', (next) => {
    expect(ownPath(next)).toBe('/');
  });

  it('answers a wrong password and an unknown person alike, and begins no session', async () => {
    const wrong = await submit('/sign-in', { email: 'thandi@it.example', password: 'wrong' });
    const nobody = await submit('/sign-in', { email: 'nobody@it.example', password: 'wrong' });
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(wrong.headers.get('set-cookie')).toBeNull();
    const page = async (response: Response) => (await response.text()).replaceAll(/\w+@it\.example/g, '');
    expect(await page(wrong)).toBe(await page(nobody));
  });

  it('lets a link in once, and only by a click', async () => {
    const { stores } = collector;
    const code = await stores.sessions.createLink(
      thandi,
      new Date(Date.now() + 60_000),
      'console',
      new Date(),
    );
    for (const _ of [1, 2]) expect((await get(`/sign-in/link?code=${code}`)).status).toBe(200);
    const first = await submit('/sign-in/link', { code });
    expect(first.status).toBe(303);
    expect((await get('/', cookieOf(first))).status).toBe(200);
    expect((await submit('/sign-in/link', { code })).status).toBe(410);
    expect(await (await get('/sign-in/link')).text()).toContain('cut off');
  });

  it('refuses a form from another site', async () => {
    const response = await submit(
      '/sign-in',
      { email: 'thandi@it.example', password },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(response.status).toBe(403);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('signs out only with the token of the session', async () => {
    const cookie = await signIn();
    const csrf = csrfIn(await (await get('/', cookie)).text());
    expect((await submit('/sign-out', { csrf: 'made up' }, { cookie })).status).toBe(403);
    expect((await get('/', cookie)).status).toBe(200);
    expect((await submit('/sign-out', { csrf }, { cookie })).status).toBe(303);
    expect((await get('/', cookie)).status).toBe(303);
  });
});

describe('guessing', () => {
  it('is slowed down after ten attempts in a minute', async () => {
    const attempts = Array.from({ length: 11 }, () =>
      submit('/sign-in', { email: 'thandi@it.example', password: 'guess' }),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses).toContain(429);
  });
});

describe('what is shown', () => {
  it('shows what fails, what was expected, how to fix it and the evidence', async () => {
    const cookie = await signIn();
    const { organization } = collector;
    const fleet = await (await get(`/organizations/${organization.id}`, cookie)).text();
    const label = /D-[0-9A-Z]{8}/.exec(fleet)?.[0] ?? 'none';
    expect(fleet).toContain('Acme');
    expect(fleet).toContain(`/organizations/${organization.id}/devices/${ours.id}`);

    const device = await (await get(`/organizations/${organization.id}/devices/${ours.id}`, cookie)).text();
    expect(device).toContain(label);
    expect(device).toContain('on everywhere, IPv6 too');
    expect(device).toContain('sudo ufw enable');
    expect(device).toContain(ours.previous ?? 'no digest');
    expect(device).toContain('Signed by this laptop');
    expect(device).toContain('The right to read it is missing');
  });

  it('lets the signed report be downloaded byte for byte', async () => {
    const cookie = await signIn();
    const { organization, stores } = collector;
    const address = `/organizations/${organization.id}/devices/${ours.id}/reports/1.jws`;
    const response = await get(address, cookie);
    expect(response.headers.get('content-type')).toBe('application/jose');
    const { number } = (await stores.devices.byId(organization.number, ours.id)) ?? {};
    expect(await response.text()).toBe((await stores.reports.bySequence(number ?? 0, 1))?.jws);
    expect((await get(address.replace('1.jws', '2.jws'), cookie)).status).toBe(404);
  });

  it('shows the report the values come from, however many came after it', async () => {
    const { organization } = collector;
    const device = await collector.device();
    expect((await post(collector.url, device.full(sampleFacts('off')))).status).toBe(201);
    for (let more = 0; more < 24; more += 1) {
      expect((await post(collector.url, device.unchanged())).status).toBe(201);
    }
    const page = await (
      await get(`/organizations/${organization.id}/devices/${device.id}`, await signIn())
    ).text();
    const shown = [...page.matchAll(/id="report-(\d+)"/g)].map(([, sequence]) => Number(sequence));
    expect(shown).toEqual([...Array.from({ length: 20 }, (_, index) => 25 - index), 1]);
    expect(page).toContain('href="#report-1"');
    expect(page).not.toMatch(/changed after signing|before it is missing/);
  });

  it('shows that a stored report was changed, by a single byte', async () => {
    const cookie = await signIn();
    const { organization, stores, folder } = collector;
    const device = await collector.device();
    expect((await post(collector.url, device.full(sampleFacts('on')))).status).toBe(201);
    const address = `/organizations/${organization.id}/devices/${device.id}`;
    expect(await (await get(address, cookie)).text()).not.toContain('changed after signing');

    const { number = 0 } = (await stores.devices.byId(organization.number, device.id)) ?? {};
    const database = new DatabaseSync(join(folder, 'collector.db'));
    const read = database.prepare('select body from reports where device = ?').get(number);
    const body = Buffer.from(read?.['body'] as Uint8Array);
    body.writeUInt8((body.at(-1) ?? 0) ^ 1, body.length - 1);
    database.prepare('update reports set body = ? where device = ?').run(body, number);
    database.close();
    expect(await (await get(address, cookie)).text()).toContain('changed after signing');
  });

  it('notes who looked at a device', async () => {
    const cookie = await signIn();
    const { organization, stores } = collector;
    await get(`/organizations/${organization.id}/devices/${ours.id}`, cookie);
    const [entry] = await stores.audit.list(organization.number, undefined, 1);
    expect(entry).toMatchObject({ action: 'device.view', subject: ours.id, actor: `user:${thandi.id}` });
  });

  it('keeps organizations apart: what belongs to another looks like nothing at all', async () => {
    const cookie = await signIn();
    const { organization } = collector;
    const nothing = await (await get('/nothing-here', cookie)).text();
    const paths = [
      `/organizations/${other.id}`,
      `/organizations/${other.id}/devices/${theirs.id}`,
      `/organizations/${organization.id}/devices/${theirs.id}`,
      `/organizations/${other.id}/devices/${theirs.id}/reports/1.jws`,
      `/organizations/${organization.id}/devices/${theirs.id}/reports/1.jws`,
      `/organizations/${organization.id}/devices/not-an-id`,
    ];
    for (const path of paths) {
      const response = await get(path, cookie);
      expect(response.status, path).toBe(404);
      expect(await response.text(), path).toBe(nothing);
    }
    expect(await (await get('/', cookie)).text()).not.toContain('Other');
  });

  it('answers with a strict policy for what a page may load, and is kept nowhere', async () => {
    const response = await get('/', await signIn());
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
    for (const [, address] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      const asset = await get(address ?? '');
      expect(asset.status, address).toBe(200);
      expect(asset.headers.get('cache-control')).toContain('immutable');
    }
  });

  it('tells programs in their own way', async () => {
    const response = await get('/api/v1/nothing', '', { accept: 'application/json' });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('escapes what was typed', async () => {
    const page = await get(
      `/organizations/${collector.organization.id}?search=${encodeURIComponent('"><script>alert(1)</script>')}`,
      await signIn(),
    );
    expect(await page.text()).not.toContain('<script>alert');
  });
});
