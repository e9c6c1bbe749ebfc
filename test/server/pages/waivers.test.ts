import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewDue } from '../../../server/ingest/review-due.ts';
import type { Role } from '../../../server/permissions.ts';
import { endOfDay, waiverDays } from '../../../server/review/waiver-days.ts';
import { newId } from '../../../server/storage/ids.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { type SignedIn, signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let device: SampleDevice;
let label: string;
let here: string;
const people = new Map<Role, SignedIn>();

async function get(path: string, as: Role): Promise<Response> {
  return fetch(collector.url + path, {
    headers: { accept: 'text/html', cookie: people.get(as)?.cookie ?? '' },
    redirect: 'manual',
  });
}

async function submit(path: string, as: Role, fields: Record<string, string>): Promise<Response> {
  const { cookie = '', csrf = '' } = people.get(as) ?? {};
  return fetch(collector.url + path, {
    method: 'POST',
    headers: { accept: 'text/html', cookie },
    body: new URLSearchParams({ csrf, ...fields }),
    redirect: 'manual',
  });
}

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  for (const role of ['admin', 'contractor', 'reviewer', 'manager'] as const) {
    people.set(role, await signedIn(collector, role, [role], { called: `The ${role}` }));
  }
  device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  label = (await stores.devices.byId(organization.number, device.id))?.label ?? '';
  here = `/organizations/${organization.id}`;
});
afterAll(() => collector.close());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const draft = (change: Record<string, string> = {}) => ({
  about: 'firewall/enabled',
  scope: 'device',
  laptop: label,
  reason: 'The lab network filters in front of it.',
  control: 'The router lets nothing in.',
  until: inDays(20),
  ...change,
});

describe('asking', () => {
  it('begins beside what fails, and leads to the waiver', async () => {
    const page = await (await get(`${here}/devices/${device.id}`, 'contractor')).text();
    const link = /href="([^"]+\/waivers\/new[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(link).toContain('about=firewall%2Fenabled');
    const form = await (await get(link, 'contractor')).text();
    expect(form).toContain(`value="${label}"`);
    expect(form).toMatch(
      /<option[^>]*value="firewall\/enabled"[^>]*selected|selected[^>]*value="firewall\/enabled"/,
    );
    const sent = await submit(`${here}/waivers`, 'contractor', draft());
    expect(sent.status).toBe(303);
    const waiver = await (await get(sent.headers.get('location') ?? '', 'contractor')).text();
    expect(waiver).toContain('The lab network filters in front of it.');
    expect(waiver).toContain('The contractor asked for it');
    expect(waiver).toContain(label);
    expect(waiver).not.toContain('>Approve<');
  });

  it.each([
    ['a point nobody knows', { about: 'firewall/nothing' }, 'Choose what'],
    ['a check that is no check', { about: 'toString' }, 'Choose what'],
    ['a laptop that is not here', { laptop: 'D-NOBODY00' }, 'no laptop of that name'],
    ['no scope', { scope: 'platform:amiga' }, 'Choose for whom'],
    ['no reason', { reason: 'because' }, 'Say why'],
    ['a day that is past', { until: '2020-01-01' }, 'last day'],
    ['a day no calendar has', { until: '2027-02-30' }, 'last day'],
    ['longer than the policy allows', { until: '2099-01-01' }, 'last day'],
  ])('refuses %s in words, and keeps what was written', async (_what, change, words) => {
    const response = await submit(`${here}/waivers`, 'contractor', draft(change));
    expect(response.status).toBe(400);
    const page = await response.text();
    expect(page).toContain(words);
    expect(page).toContain('The router lets nothing in.');
  });

  it('is not for those who may only look', async () => {
    expect((await get(`${here}/waivers/new`, 'reviewer')).status).toBe(403);
    expect((await submit(`${here}/waivers`, 'reviewer', draft())).status).toBe(403);
    expect((await get(`${here}/waivers`, 'manager')).status).toBe(403);
  });
});

describe('deciding', () => {
  const ask = async (as: Role) =>
    (await submit(`${here}/waivers`, as, draft())).headers.get('location') ?? '';
  const stateOf = async () => {
    while ((await reviewDue(collector.stores, new Date())) > 0);
    return (await collector.stores.devices.byId(collector.organization.number, device.id))?.failing;
  };

  it('is for somebody else: approved, it shows on the laptop’s page with the true status, and is withdrawn', async () => {
    const waiver = await ask('admin');
    const own = await get(waiver, 'admin');
    expect(await own.text()).toContain('You asked for it.');
    expect((await submit(`${waiver}/approve`, 'admin', { until: inDays(10) })).status).toBe(409);
    expect((await submit(`${waiver}/approve`, 'contractor', { until: inDays(10) })).status).toBe(403);
    expect(await stateOf()).toContain('firewall');
    expect((await submit(`${waiver}/approve`, 'reviewer', { until: inDays(500) })).status).toBe(409);
    const approved = await submit(`${waiver}/approve`, 'reviewer', {
      until: inDays(10),
      note: 'Until then.',
    });
    expect(approved.status).toBe(303);
    expect(await stateOf()).not.toContain('firewall');
    const page = await (await get(`${here}/devices/${device.id}`, 'contractor')).text();
    expect(page).toContain('true as ever, and not counted for now');
    expect(page).toContain('The lab network filters in front of it.');
    const list = await (await get(`${here}/waivers`, 'reviewer')).text();
    expect(list).toContain('in 10 days');
    expect(await (await get('/', 'contractor')).text()).toContain('end within two weeks');
    const late = await submit(`${waiver}/refuse`, 'reviewer', { note: 'No.' });
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('decided this in the meantime');

    expect((await submit(`${waiver}/shorten`, 'contractor', { until: inDays(15) })).status).toBe(409);
    expect((await submit(`${waiver}/shorten`, 'contractor', { until: inDays(5) })).status).toBe(303);
    expect((await submit(`${waiver}/withdraw`, 'contractor', { note: 'Moved.' })).status).toBe(303);
    expect(await stateOf()).toContain('firewall');
    const over = await (await get(waiver, 'reviewer')).text();
    for (const step of ['approved it', 'let it end earlier', 'withdrew it', 'Moved.'])
      expect(over).toContain(step);
  });

  it('answers what staff asked from their laptop', async () => {
    const path = '/api/v1/waiver-requests';
    const id = newId(new Date());
    const body = JSON.stringify({
      id,
      check: 'firewall',
      point: null,
      reason: 'It breaks <b>my</b> printer.',
    });
    await fetch(collector.url + path, {
      method: 'POST',
      headers: { authorization: device.authorize('POST', path, body), 'content-type': 'application/json' },
      body,
    });
    const today = await (await get('/', 'reviewer')).text();
    expect(today).toContain('Waivers to decide');
    expect(today).toContain('It breaks &lt;b>my');
    const waiver = `${here}/waivers/${id}`;
    expect(await (await get(waiver, 'reviewer')).text()).toContain('staff, from the laptop');
    expect((await submit(`${waiver}/refuse`, 'reviewer', { note: 'Use the new driver.' })).status).toBe(303);
    expect(await (await get(waiver, 'reviewer')).text()).toContain('Use the new driver.');
    expect(await collector.stores.audit.firstBroken()).toBeUndefined();
  });

  it('knows nothing of another organization’s waivers', async () => {
    const { stores } = collector;
    const other = await stores.organizations.create(
      { name: 'Other', contact: '', policy: (await stores.organizations.policy(1)).policy },
      'console',
      new Date(),
    );
    const id = await stores.waivers.request(
      other.number,
      {
        scope: { kind: 'organization' },
        check: 'firewall',
        point: null,
        reason: 'Somebody else’s reason.',
        control: '',
        startsAt: new Date(),
        expiresAt: new Date(Date.now() + 86_400_000),
      },
      'console',
      new Date(),
    );
    expect((await get(`${here}/waivers/${id}`, 'reviewer')).status).toBe(404);
    expect((await submit(`${here}/waivers/${id}/approve`, 'reviewer', { until: inDays(1) })).status).toBe(
      404,
    );
    expect((await get(`/organizations/${other.id}/waivers`, 'reviewer')).status).toBe(404);
    expect((await get(`${here}/waivers/nothing`, 'reviewer')).status).toBe(404);
  });
});

it('counts days so that no waiver lasts longer than the policy allows', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  expect(waiverDays(now, 30)).toEqual({ first: '2026-11-21', last: '2026-12-20' });
  const latest = endOfDay('2026-12-20')?.getTime() ?? 0;
  expect(latest - now.getTime()).toBeLessThanOrEqual(30 * 86_400_000);
  expect(endOfDay('2026-02-29')).toBeUndefined();
  expect(endOfDay('2028-02-29')).toEqual(new Date('2028-02-29T23:59:59Z'));
});

describe('a waiver of one stick', () => {
  const stick = 'm3fa2b1c8d4e5';
  const approval = (change: Record<string, string> = {}) =>
    draft({ about: 'removable-media/approved', medium: stick, control: '', ...change });

  it('is asked for by its number, for one laptop, and nothing else can have one', async () => {
    const refused: readonly [string, Record<string, string>][] = [
      ['looks like m3fa2b1c8d4e5', { medium: 'Kingston' }],
      ['for one laptop', { scope: 'organization', laptop: '' }],
      ['only approved media in use', { about: 'removable-media/unencrypted' }],
      ['only approved media in use', { about: 'removable-media' }],
    ];
    for (const [words, change] of refused) {
      const answer = await submit(`${here}/waivers`, 'contractor', approval(change));
      expect(answer.status).toBe(400);
      const page = await answer.text();
      expect(/role="alert">.*?<\/p>/s.exec(page)?.[0]).toContain(words);
      expect(page).toContain(`value="${change['medium'] ?? stick}"`);
    }
    const sent = await submit(`${here}/waivers`, 'contractor', approval({ medium: stick.toUpperCase() }));
    expect(sent.status).toBe(303);
    const address = sent.headers.get('location') ?? '';
    const page = await (await get(address, 'reviewer')).text();
    expect(page).toContain(`<h1>Removable media: approve ${stick}</h1>`);
    expect(page).toContain(`<code>${stick}</code>`);
    expect(await (await get(`${here}/waivers`, 'reviewer')).text()).toContain(`approve ${stick}`);
    expect(await (await get('/', 'reviewer')).text()).toContain(`approve ${stick}`);
    expect((await submit(`${address}/approve`, 'reviewer', { until: inDays(20), note: '' })).status).toBe(
      303,
    );
    const approved = await (await get(address, 'reviewer')).text();
    expect(approved).toContain('In force');
    expect(approved).not.toContain('It may no longer be needed');
  });

  it('is said in words on the page of its laptop', async () => {
    const said = { unapproved: 0, unknown: 0, approved: [stick], days: 0 };
    await post(
      collector.url,
      device.full({ ...sampleFacts('off'), 'removable-media': { approved: { value: said } } }),
    );
    const page = await (await get(`${here}/devices/${device.id}`, 'manager')).text();
    const seen = await (await get(`${here}/devices/${device.id}`, 'reviewer')).text();
    expect(page).not.toContain(stick);
    expect(seen).toContain(`${stick} approved until ${inDays(20)} by waiver`);
  });
});
