import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let admin: string;
let contractor: string;

beforeAll(async () => {
  collector = await startCollector();
  admin = (await signedIn(collector, 'Naledi', ['admin'])).cookie;
  contractor = (await signedIn(collector, 'Thandi', ['contractor'])).cookie;
});
afterAll(() => collector.close());

const get = async (path: string, cookie: string) => {
  const response = await fetch(collector.url + path, {
    redirect: 'manual',
    headers: { accept: 'text/html', cookie },
  });
  return { status: response.status, text: await response.text() };
};
async function send(fields: Record<string, string>, cookie = admin) {
  const csrf = /name="csrf" value="([^"]+)"/.exec((await get('/', cookie)).text)?.[1] ?? '';
  const response = await fetch(`${collector.url}/organizations/new`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', cookie },
    body: new URLSearchParams({ csrf, contact: 'it@kelia.example', preset: 'kelia', ...fields }),
  });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
}

test('an administrator makes one more organization, with a preset, and looks after it', async () => {
  expect((await get('/', admin)).text).toContain('Add an organization');
  expect((await get('/organizations/new', admin)).text).toContain('value="kelia"');
  const { status, location } = await send({ name: 'Kelia' });
  expect(status).toBe(303);
  const policy = await get(`${location}/policy`, admin);
  expect(policy.text).toContain('Policy kelia, version 1');
  expect(policy.text).toContain('KEL-22-l');
  // Who works elsewhere has nothing to do with it.
  expect((await get(location ?? '', contractor)).status).toBe(404);
  const made = (await collector.stores.organizations.all()).find(({ name }) => name === 'Kelia');
  const entries = await collector.stores.audit.list(made?.number ?? 0, undefined, 10);
  expect(entries.map(({ action }) => action)).toEqual(['membership.grant', 'organization.create']);
});

test('what is missing, too long or taken is told at its field', async () => {
  expect((await send({ name: ' ' })).text).toContain('Write a name of 1 to 200 characters.');
  expect((await send({ name: 'Acme\u001b[2J' })).text).toContain('Write it on one line.');
  expect((await send({ name: 'Beta', contact: 'IT\r\nBcc: all' })).text).toContain('Write it on one line.');
  const taken = await send({ name: 'Acme', contact: '' });
  expect(taken.status).toBe(422);
  expect(taken.text).toContain('Choose another name');
  expect(taken.text).toContain('Say whom staff can ask');
  expect(taken.text).toContain('value="Acme"');
  expect((await send({ name: 'Fine', preset: 'no-such' })).status).toBe(400);
});

test('whoever administers nothing is not offered it, and cannot', async () => {
  expect((await get('/', contractor)).text).not.toContain('Add an organization');
  expect((await get('/organizations/new', contractor)).status).toBe(403);
  expect((await send({ name: 'Mine' }, contractor)).status).toBe(403);
  expect((await collector.stores.organizations.all()).some(({ name }) => name === 'Mine')).toBe(false);
});
