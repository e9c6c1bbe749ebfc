import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Permission, Role } from '../../server/permissions.ts';
import { newId } from '../../server/storage/ids.ts';
import type { User } from '../../server/storage/users.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, sampleFacts } from './sample-device.ts';
import { signedIn } from './signed-in.ts';

let collector: SampleCollector;
let base: string;
let device: string;

type Headers = Record<string, string>;

async function person(role: Role): Promise<{ user: User; headers: Headers }> {
  const { user, cookie, csrf } = await signedIn(collector, newId(new Date()), [role], { called: role });
  return { user, headers: { cookie, 'x-csrf-token': csrf } };
}

async function token(by: User, scopes: readonly Permission[]): Promise<Headers> {
  const expiresAt = new Date(Date.now() + 86_400_000);
  const given = { organization: collector.organization.number, name: 'program', scopes, expiresAt };
  return {
    authorization: `Bearer ${(await collector.stores.apiTokens.create(given, by, new Date())).token}`,
  };
}

const call = async (method: string, path: string, headers: Headers, body?: object) => {
  const response = await fetch(base + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

beforeAll(async () => {
  collector = await startCollector();
  base = `${collector.url}/api/v1/organizations/${collector.organization.id}/waivers`;
  const laptop = await collector.device();
  await post(collector.url, laptop.full(sampleFacts('off')));
  device = laptop.id;
});
afterAll(() => collector.close());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const asked = (change: object = {}) => ({
  scope: { kind: 'device', device },
  check: 'firewall',
  point: 'enabled',
  reason: 'The lab network filters in front of it.',
  expiresAt: inDays(20),
  ...change,
});

test('a program asks, once under one id; a person approves; neither the program nor its maker can', async () => {
  const maker = await person('admin');
  const program = await token(maker.user, ['waivers.read', 'waivers.write']);
  const id = newId(new Date());
  for (const _again of [1, 2]) {
    expect(await call('POST', '', program, asked({ id }))).toEqual({ status: 201, body: { id } });
  }
  const reviewer = await person('reviewer');
  const until = { expiresAt: inDays(10), note: 'Agreed.' };
  expect((await call('POST', `/${id}/approve`, program, until)).status).toBe(403);
  const own = await call('POST', `/${id}/approve`, maker.headers, until);
  expect(own).toMatchObject({ status: 409, body: { type: 'urn:muster:problem:decision-refused' } });
  const approved = await call('POST', `/${id}/approve`, reviewer.headers, until);
  expect(approved).toMatchObject({ status: 200, body: { stage: 'in-force', expiresAt: until.expiresAt } });
  const one = await call('GET', `/${id}`, program);
  expect(one.body).toMatchObject({
    covers: { total: 1, devices: [{ id: device, status: 'fail' }] },
    history: [{ action: 'request' }, { action: 'approve', note: 'Agreed.' }],
  });
  expect((await call('POST', `/${id}/shorten`, program, { expiresAt: inDays(15) })).status).toBe(409);
  expect((await call('POST', `/${id}/shorten`, program, { expiresAt: inDays(5) })).status).toBe(200);
  const withdrawn = await call('POST', `/${id}/withdraw`, program, {});
  expect(withdrawn.body).toMatchObject({ stage: 'withdrawn' });
  expect((await call('POST', `/${id}/refuse`, reviewer.headers, {})).status).toBe(409);
});

test.each([
  ['a check nobody knows', { check: 'nothing' }, 422],
  ['a point nobody knows', { point: 'nothing' }, 422],
  ['a laptop of nobody', { scope: { kind: 'device', device: newId(new Date()) } }, 422],
  ['a reason that is none', { reason: 'because' }, 400],
  ['longer than the policy allows', { expiresAt: inDays(91) }, 422],
  ['an end in the past', { expiresAt: inDays(-1) }, 422],
  ['more than there is', { approvedBy: 'me' }, 400],
])('refuses %s', async (_what, change, status) => {
  const { headers } = await person('contractor');
  const answer = await call('POST', '', headers, asked(change));
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).not.toContain('The lab network');
});

test('an id that is somebody else’s is refused, and the list comes in pages', async () => {
  const one = await person('contractor');
  const other = await person('contractor');
  const id = newId(new Date());
  expect((await call('POST', '', one.headers, asked({ id }))).status).toBe(201);
  expect((await call('POST', '', other.headers, asked({ id }))).status).toBe(409);
  await call('POST', '', one.headers, asked());
  const seen: unknown[] = [];
  let next: unknown = '';
  while (next !== null) {
    const { body } = await call('GET', `?limit=1${next === '' ? '' : `&cursor=${next}`}`, one.headers);
    seen.push(...(body['waivers'] as { id: string }[]).map((waiver) => waiver.id));
    next = body['next'];
  }
  expect(seen).toContain(id);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(3);
});
