import { expect, test } from 'vitest';
import { buildApp } from '../../../server/app.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { call, callHouse, collector, house } from './calls.ts';

callHouse();

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const body = {
  scope: { kind: 'organization' },
  check: 'backup',
  reason: 'The backup server moves this week.',
  expiresAt: inDays(7),
};
const under = (key: string) => ({ 'idempotency-key': key });
const waiting = () => collector.stores.waivers.waitingCount(collector.organization.number);

test('it is done once, also when asked for ten times at once, and answered alike', async () => {
  const before = await waiting();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', '/waivers', { body, headers: under('move-1') })),
  );
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1);
  // The others came while it was done, or afterwards.
  expect(
    answers.every(({ status, body: { type } }) =>
      status === 201 ? true : status === 409 && type === 'urn:muster:problem:begun-before',
    ),
  ).toBe(true);
  const again = await call('POST', '/waivers', { body, headers: under('move-1') });
  expect(again).toMatchObject({ status: 201, replayed: true, body: made[0]?.body });
  expect(again.type).toContain('application/json');
  expect(await waiting()).toBe(before + 1);
});

test('another request under the same key is refused, and the same key of somebody else is another', async () => {
  const headers = under('move-2');
  const first = await call('POST', '/waivers', { body, headers });
  const other = await call('POST', '/waivers', { body: { ...body, check: 'firewall' }, headers });
  expect(other).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:key-reused' } });
  const elsewhere = await call('POST', `/waivers/${first.body.id}/withdraw`, { body: {}, headers });
  expect(elsewhere).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:key-reused' } });
  for (const asker of ['contractor', 'token']) {
    const theirs = await call('POST', '/waivers', { asker, body, headers });
    expect(theirs).toMatchObject({ status: 201, replayed: false });
    expect(theirs.body.id).not.toBe(first.body.id);
  }
});

test('what was refused may be corrected under its key; what is no key is refused', async () => {
  const headers = under('move-3');
  const refused = await call('POST', '/waivers', { body: { ...body, expiresAt: inDays(9_000) }, headers });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'expiresAt' }] } });
  expect((await call('POST', '/waivers', { body, headers })).status).toBe(201);
  for (const key of ['a b', 'x'.repeat(129), 'a/b']) {
    const answer = await call('POST', '/waivers', { body, headers: under(key) });
    expect(answer, key).toMatchObject({ status: 400, body: { detail: expect.stringContaining('128') } });
  }
  // A read has nothing to be done once.
  expect((await call('GET', '/waivers', { headers: under('move-3') })).replayed).toBe(false);
});

test('an answer is kept for a day, and by the collector that comes back', async () => {
  const headers = under('move-4');
  const { body: made } = await call('POST', '/waivers', { body, headers });
  const again = await buildApp({
    stores: collector.stores,
    collectorKey: readCollectorKey(collector.folder),
    logLevel: 'silent',
  });
  const asked = {
    method: 'POST',
    url: `/api/v1/organizations/${collector.organization.id}/waivers`,
    headers: { ...house.askers.find(({ name }) => name === 'admin')?.headers, ...headers },
    payload: body,
  } as const;
  const replayed = await again.inject(asked);
  expect(replayed.headers['idempotency-replayed']).toBe('true');
  expect(replayed.json()).toEqual(made);
  await again.close();
  const later = new Date(Date.now() + 24 * 3_600_000 + 1_000);
  expect(await collector.stores.keptAnswers.begin('console', 'elsewhere', new Uint8Array(32), later)).toEqual(
    {
      kind: 'new',
    },
  );
  await collector.stores.keptAnswers.purge(later);
  // Forgotten: it is done again.
  const anew = await call('POST', '/waivers', { body, headers });
  expect(anew).toMatchObject({ status: 201, replayed: false });
  expect(anew.body.id).not.toBe(made.id);
});

test('an answer without a body is kept as well, and one that holds a secret is given once', async () => {
  const asked = { name: 'Chat', url: 'https://chat.example/hooks/1', format: 'plain' };
  const made = await call('POST', '/webhooks', { body: asked, headers: under('hook-1') });
  expect(made.status).toBe(201);
  const again = await call('POST', '/webhooks', { body: asked, headers: under('hook-1') });
  expect(again).toMatchObject({ status: 409, body: { type: 'urn:muster:problem:answered-once' } });
  expect((await call('GET', '/webhooks')).body.webhooks).toHaveLength(1);
  const path = `/webhooks/${made.body.id}`;
  const remove = () => call('DELETE', path, { headers: under('hook-2') });
  expect(await remove()).toMatchObject({ status: 204, replayed: false });
  expect(await remove()).toMatchObject({ status: 204, replayed: true, body: '' });
  expect((await call('DELETE', path)).status).toBe(404);
});

test('one whose first attempt never ended is not done a second time', async () => {
  const { keptAnswers } = collector.stores;
  const keep = keptAnswers.keep;
  const headers = under('move-5');
  const before = await waiting();
  // As if the collector had ended between doing it and keeping its answer.
  Object.assign(keptAnswers, { keep: () => Promise.reject(new Error('the disk is gone')) });
  expect((await call('POST', '/waivers', { body, headers })).status).toBe(500);
  Object.assign(keptAnswers, { keep });
  const answer = await call('POST', '/waivers', { body, headers });
  expect(answer).toMatchObject({ status: 409, body: { type: 'urn:muster:problem:begun-before' } });
  expect(await waiting()).toBe(before + 1);
});

test('pages and agents know of no keys: what they send is done as often as it comes', async () => {
  const admin = house.askers.find(({ name }) => name === 'admin')?.headers ?? {};
  const before = await waiting();
  for (const key of ['page-1', 'page-1', 'no key at all']) {
    const answer = await collector.app.inject({
      method: 'POST',
      url: `/organizations/${collector.organization.id}/waivers`,
      headers: { ...admin, 'content-type': 'application/json', 'idempotency-key': key },
      payload: {
        csrf: admin['x-csrf-token'],
        about: 'backup',
        scope: 'organization',
        reason: body.reason,
        until: inDays(7).slice(0, 10),
      },
    });
    expect(answer.statusCode, answer.body).toBe(303);
  }
  expect(await waiting()).toBe(before + 3);
  const device = await collector.device();
  for (const key of ['agent-1', 'agent-1', 'no key at all']) {
    const answer = await fetch(`${collector.url}/api/v1/device-links`, {
      method: 'POST',
      headers: { authorization: device.authorize('POST', '/api/v1/device-links'), 'idempotency-key': key },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
  }
});
