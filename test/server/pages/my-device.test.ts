import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeviceLink } from '../../../shared/device-link.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';

let collector: SampleCollector;
let mine: SampleDevice;
let other: SampleDevice;

beforeAll(async () => {
  collector = await startCollector();
  mine = await collector.device();
  other = await collector.device();
  expect((await post(collector.url, mine.full(sampleFacts('off')))).status).toBe(201);
  expect((await post(collector.url, other.full(sampleFacts('on')))).status).toBe(201);
});
afterAll(() => collector.close());

async function linkOf(device: SampleDevice): Promise<string> {
  const path = '/api/v1/device-links';
  const response = await fetch(collector.url + path, {
    method: 'POST',
    headers: { authorization: device.authorize('POST', path) },
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return DeviceLink.parse(await response.json()).path;
}

const form = (path: string, fields: Record<string, string>, cookie = '', more: Record<string, string> = {}) =>
  fetch(collector.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, accept: 'text/html', ...more },
    body: new URLSearchParams(fields),
  });
const get = (path: string, cookie: string) =>
  fetch(collector.url + path, { redirect: 'manual', headers: { cookie, accept: 'text/html' } });

/** Opens the page of a laptop; resolves with the cookie and what the page's forms carry. */
async function open(device: SampleDevice) {
  const code = new URL(await linkOf(device), collector.url).searchParams.get('code') ?? '';
  const response = await form('/my-device/open', { code });
  expect(response.status).toBe(303);
  const set = response.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/; Max-Age=1800; Path=\/my-device; HttpOnly; SameSite=Strict$/);
  const cookie = set.split(';')[0] ?? '';
  const html = await (await get('/my-device', cookie)).text();
  return { code, cookie, html, csrf: /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '' };
}

const labelOf = async ({ id }: SampleDevice) =>
  (await collector.stores.devices.byId(collector.organization.number, id))?.label ?? 'no such device';

test('shows this laptop and no other, and only to whoever came by its link', async () => {
  const { html, cookie } = await open(mine);
  expect(html).toContain(await labelOf(mine));
  expect(html).not.toContain(await labelOf(other));
  expect((await get('/my-device', '')).status).toBe(401);
  // The cookie of the page opens nothing that staff of the organization see.
  const { id } = collector.organization;
  for (const path of ['/', `/organizations/${id}`, `/organizations/${id}/devices/${mine.id}`]) {
    expect((await get(path, cookie.replace('muster_my_device', 'muster_session'))).status).toBe(303);
  }
});

test('a link works once, for ten minutes, and a new one replaces it', async () => {
  const { code } = await open(mine);
  expect((await form('/my-device/open', { code })).status).toBe(410);
  const codeOf = async () => new URL(await linkOf(mine), collector.url).searchParams.get('code') ?? '';
  const first = await codeOf();
  const second = await codeOf();
  expect((await form('/my-device/open', { code: first })).status).toBe(410);
  collector.clock = () => new Date(Date.now() + 11 * 60_000);
  expect((await form('/my-device/open', { code: second })).status).toBe(410);
  collector.clock = () => new Date();
});

test('the page closes after half an hour, and when the laptop is taken out', async () => {
  const { cookie } = await open(mine);
  collector.clock = () => new Date(Date.now() + 31 * 60_000);
  expect((await get('/my-device', cookie)).status).toBe(401);
  collector.clock = () => new Date();
  expect((await get('/my-device', cookie)).status).toBe(200);
  const gone = await collector.device();
  const visit = await open(gone);
  await collector.stores.devices.revoke(collector.organization.number, gone.id, 'console', new Date());
  expect((await get('/my-device', visit.cookie)).status).toBe(401);
});

test('what is asked belongs to this laptop, and nobody asks in its name', async () => {
  const { cookie, csrf } = await open(mine);
  const asked = { csrf, kind: 'object', about: 'firewall', words: 'I do not want this to be collected.' };
  expect((await form('/my-device/requests', { ...asked, csrf: 'x'.repeat(43) }, cookie)).status).toBe(403);
  const fromElsewhere = { 'sec-fetch-site': 'cross-site' };
  expect((await form('/my-device/requests', asked, cookie, fromElsewhere)).status).toBe(403);
  expect((await form('/my-device/requests', asked)).status).toBe(401);
  expect((await form('/my-device/requests', { ...asked, about: 'no-such-check' }, cookie)).status).toBe(400);
  expect((await form('/my-device/requests', { ...asked, words: 'No.' }, cookie)).status).toBe(400);
  expect(await collector.stores.staffRequests.waiting(collector.organization.number, 10)).toEqual([]);
  expect((await form('/my-device/requests', asked, cookie)).status).toBe(303);
  const waiting = await collector.stores.staffRequests.waiting(collector.organization.number, 10);
  const device = await collector.stores.devices.byId(collector.organization.number, mine.id);
  expect(waiting).toMatchObject([{ kind: 'object', about: 'firewall', device: device?.number }]);
  expect((await open(other)).html).not.toContain('I do not want this');
  const log = await collector.stores.audit.list(collector.organization.number, undefined, 50);
  expect(log.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['device.link', 'device.own-view', 'staff-request.create']),
  );
  // The person's own words are in no log.
  expect(JSON.stringify(log) + collector.log.join('')).not.toContain('I do not want this');
  expect(collector.log.join('')).not.toContain(cookie.split('=')[1]);
});
