import { expect, test } from 'vitest';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

const lastDay = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const invited = { email: 'naledi@audit.example', name: 'Naledi M.', role: 'auditor', until: lastDay };

test('somebody is invited, gets another role, loses both, and every step is refused to programs', async () => {
  const endless = await call('POST', '/people', { body: { ...invited, until: null } });
  expect(endless).toMatchObject({ status: 422, body: { errors: [{ field: 'until' }] } });
  const headers = { 'idempotency-key': 'invite-1' };
  const made = await call('POST', '/people', { body: invited, headers });
  expect(made).toMatchObject({
    status: 201,
    body: { mailed: false, link: expect.stringContaining('/sign-in/link') },
  });
  // The link lets somebody in: it is in no answer that is kept.
  expect((await call('POST', '/people', { body: invited, headers })).status).toBe(409);
  const path = `/people/${made.body.person}`;
  expect((await call('GET', path, { asker: 'token' })).body).toMatchObject({
    name: 'Naledi M.',
    invited: true,
    roles: [{ role: 'auditor', expiresAt: expect.stringContaining('T00:00:00') }],
  });
  const again = await call('POST', `${path}/link`);
  expect(again.body.link).not.toBe(made.body.link);
  const given = await call('PUT', `${path}/roles/reviewer`, { body: {} });
  expect(given.body.roles.map(({ role }: { role: string }) => role)).toEqual(['auditor', 'reviewer']);
  expect((await call('PATCH', path, { body: { disabled: true } })).body.disabled).toBe(true);
  expect((await call('PATCH', path, { body: { disabled: false } })).body.disabled).toBe(false);
  for (const [method, suffix, body] of [
    ['POST', '/link', undefined],
    ['PUT', '/roles/admin', {}],
    ['DELETE', '/roles/reviewer', undefined],
    ['PATCH', '', { disabled: true }],
  ] as const) {
    expect((await call(method, `${path}${suffix}`, { asker: 'token', body })).status).toBe(403);
  }
  for (const role of ['auditor', 'reviewer']) {
    expect((await call('DELETE', `${path}/roles/${role}`)).status).toBe(204);
  }
  expect((await call('GET', path)).status).toBe(404);
});

test('nobody changes their own roles, closes their own account, or takes the last administrator away', async () => {
  const { body } = await call('GET', '/people');
  const idOf = (name: string) => body.people.find((one: { name: string }) => one.name === name).id;
  expect((await call('PUT', `/people/${idOf('admin')}/roles/dpo`, { body: {} })).status).toBe(422);
  expect((await call('PATCH', `/people/${idOf('admin')}`, { body: { disabled: true } })).status).toBe(403);
  expect((await call('DELETE', `/people/${idOf('maker')}/roles/admin`)).status).toBe(204);
  const last = await call('DELETE', `/people/${idOf('admin')}/roles/admin`);
  expect(last).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:refused' } });
  const people = (await all('/people', 'people', 2)) as { id: string }[];
  expect(new Set(people.map(({ id }) => id)).size).toBe(7);
  // Names are nothing for an address, which is logged.
  const { body: page } = await call('GET', '/people?limit=2');
  expect(Buffer.from(page.next, 'base64url').toString()).not.toMatch(/admin|contractor|@/);
});

test('a token is made by a person, can do what it was given, and is refused when it was revoked', async () => {
  const maker = 'dpo';
  const asked = { name: 'Numbers', scopes: ['fleet.read'], days: 30 };
  expect((await call('POST', '/api-tokens', { asker: maker, body: asked })).status).toBe(403);
  expect((await call('POST', '/api-tokens', { body: { ...asked, scopes: [] } })).status).toBe(422);
  expect(
    (await call('POST', '/api-tokens', { body: { ...asked, scopes: ['identity.reveal'] } })).status,
  ).toBe(400);
  const made = await call('POST', '/api-tokens', { body: asked, headers: { 'idempotency-key': 'token-1' } });
  expect(made.status).toBe(201);
  const bearer = { authorization: `Bearer ${made.body.token}` };
  expect((await call('GET', '/devices', { asker: 'nobody', headers: bearer })).status).toBe(200);
  expect((await call('GET', '/policies', { asker: 'nobody', headers: bearer })).status).toBe(403);
  const listed = (await all('/api-tokens', 'tokens', 2, { asker: 'auditor' })) as {
    id: string;
    name: string;
  }[];
  expect(listed.map(({ name }) => name)).toContain('Numbers');
  expect(JSON.stringify(listed)).not.toContain(made.body.token);
  expect((await call('DELETE', `/api-tokens/${made.body.id}`)).status).toBe(204);
  expect((await call('DELETE', `/api-tokens/${made.body.id}`)).status).toBe(404);
  expect((await call('GET', '/devices', { asker: 'nobody', headers: bearer })).status).toBe(401);
});

test('what is asked of everybody, and one more organization', async () => {
  expect((await call('PATCH', '/settings', { body: { secondFactorRequired: false } })).status).toBe(200);
  expect((await call('GET', '/settings')).body).toEqual({ secondFactorRequired: false });
  const all = `${collector.url}/api/v1/organizations`;
  const given = { name: 'Acme', contact: 'it@acme.example', preset: 'base' };
  const taken = await call('POST', all, { body: given });
  expect(taken).toMatchObject({ status: 422, body: { errors: [{ field: 'name' }] } });
  const made = await call('POST', all, { body: { ...given, name: 'Second' } });
  expect(made.status).toBe(201);
  expect((await call('GET', all)).body.organizations.map(({ id }: { id: string }) => id)).toContain(
    made.body.id,
  );
  expect((await call('POST', all, { asker: 'contractor', body: { ...given, name: 'Third' } })).status).toBe(
    403,
  );
});
