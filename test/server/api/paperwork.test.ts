import { beforeAll, expect, test } from 'vitest';
import { presets } from '../../../shared/policies/index.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

beforeAll(async () => {
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('people are asked for a statement; the links answer once, and a no is put right', async () => {
  const asked = {
    template: 'A-clear-desk',
    periodFrom: inDays(-30),
    due: inDays(14),
    laptops: true,
    people: ['naledi@acme.example'],
  };
  const nobody = await call('POST', '/attestations', { body: { ...asked, laptops: false, people: [] } });
  expect(nobody).toMatchObject({ status: 422, body: { errors: [{ field: 'people' }] } });
  const made = await call('POST', '/attestations', { asker: 'token', body: asked });
  expect(made).toMatchObject({ status: 201, body: { links: [{ contact: 'naledi@acme.example' }] } });
  const path = `/attestations/${made.body.id}`;
  const people = (await all(`${path}/people`, 'people', 1)) as { id: string; device: string | null }[];
  expect(people).toHaveLength(2);
  expect(JSON.stringify(people)).not.toContain('naledi');
  const person = people.find(({ device }) => device === null)?.id ?? '';
  const renewed = await call('POST', `${path}/people/${person}/link`);
  expect(renewed.body.address).not.toBe(made.body.links[0].address);

  const { searchParams } = new URL(renewed.body.address);
  const question = await collector.stores.attestations.byCode(searchParams.get('code') ?? '');
  expect(question).toBeDefined();
  if (question !== undefined) {
    const no = { answer: 'no', reason: 'The desk is full of paper.' } as const;
    await collector.stores.attestations.answer(question, no, 'link', new Date());
  }
  expect((await call('GET', '/attestations')).body.campaigns).toMatchObject([
    { counts: { no: 1, actions: 1 } },
  ]);
  expect((await call('POST', `${path}/people/${person}/put-right`, { body: { note: 'Yes' } })).status).toBe(
    422,
  );
  const right = await call('POST', `${path}/people/${person}/put-right`, {
    body: { note: 'It was cleared.' },
  });
  expect(right.body).toMatchObject({ answer: 'no', actionNote: 'It was cleared.' });
  expect((await call('POST', `${path}/people/${person}/countersign`, { asker: 'token' })).status).toBe(403);
  const signed = await call('POST', `${path}/people/${person}/countersign`, { asker: 'dpo' });
  expect(signed.body.countersignedAt).not.toBeNull();
  expect((await call('POST', `${path}/end`)).body.endedAt).not.toBeNull();
});

test('each sentence of the policy says where it stands, and can be said not to apply', async () => {
  const preset = presets.find(({ id }) => id !== 'base');
  const made = await call('PUT', '/policy-draft', { body: { edit: 0, preset: preset?.id } });
  const published = await call('POST', '/policy-draft/publication', {
    body: { edit: made.body.edit, reason: 'The company’s own policy.', loosened: true },
  });
  expect(published.status).toBe(201);
  const listed = (await all('/clauses', 'clauses', 20)) as { id: string; status: string }[];
  expect(listed.length).toBeGreaterThan(20);
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  const id = listed.find(({ status }) => status !== 'not-applicable')?.id ?? '';
  const path = `/clauses/${id}`;
  expect((await call('GET', path, { asker: 'token' })).body.answers.length).toBeGreaterThan(0);
  const wrong = await call('PUT', `${path}/exclusion`, { body: { reason: 'No', until: inDays(1) } });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: 'reason' }] } });
  const body = { reason: 'Nobody works from abroad this year.', until: inDays(100) };
  expect((await call('PUT', `${path}/exclusion`, { body })).status).toBe(204);
  expect((await call('GET', path)).body).toMatchObject({
    status: 'not-applicable',
    exclusion: { reason: body.reason },
  });
  expect((await call('DELETE', `${path}/exclusion`)).status).toBe(204);
  expect((await call('GET', path)).body.exclusion).toBeNull();
  expect((await call('PUT', '/clauses/no-such/exclusion', { body })).status).toBe(404);
});

test('a record that needs a second person is approved by one, and never by a program', async () => {
  const first = { asker: 'contractor' };
  const made = await call('POST', '/registers/access-approvals', { ...first, body: approval });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  const path = `/registers/access-approvals/${made.body.id}`;
  const step = { body: { version: made.body.version, values: { decision: 'For their first months.' } } };
  expect((await call('POST', `${path}/steps/approve`, { ...step, asker: 'token' })).status).toBe(403);
  expect((await call('POST', `${path}/steps/approve`, { ...step, ...first })).status).toBe(403);
  const approved = await call('POST', `${path}/steps/approve`, { ...step, asker: 'reviewer' });
  expect(approved, JSON.stringify(approved.body)).toMatchObject({ status: 200, body: { state: 'approved' } });
  const stale = await call('POST', `${path}/steps/approve`, { ...step, asker: 'dpo' });
  expect(stale).toMatchObject({ status: 409, body: { type: 'urn:muster:problem:record-changed' } });

  const table = (asker: string) => call('GET', '/register-files/access-approvals', { asker });
  expect((await table('auditor')).type).toContain('text/csv');
  // What it says about people is for those who see that.
  expect((await table('contractor')).body).toContain('A new colleague');
  expect((await table('auditor')).body).not.toContain('A new colleague');
  expect((await call('GET', '/register-files/nothing')).status).toBe(404);

  const { body: registers } = await call('GET', '/registers');
  expect(registers.registers.find(({ id }: { id: string }) => id === 'access-approvals').records).toBe(1);
  // What was asked is decided within a week: all of these are due, at one moment or nearly.
  for (let more = 0; more < 3; more += 1) {
    await call('POST', '/registers/access-approvals', { ...first, body: approval });
  }
  const due = (await all('/deadlines', 'deadlines', 1)) as { record: string; dueAt: string }[];
  expect(new Set(due.map(({ record }) => record)).size).toBe(due.length);
  expect(due.length).toBeGreaterThanOrEqual(3);
  expect(due.map(({ dueAt }) => dueAt)).toEqual(due.map(({ dueAt }) => dueAt).toSorted());
});

const approval = {
  what: 'The mail server',
  who: 'A new colleague',
  role: 'Support',
  scope: 'read',
  reason: 'They begin on Monday.',
  until: inDays(100),
};
