import { beforeAll, expect, test } from 'vitest';
import { post, sampleFacts } from '../sample-device.ts';
import { all, call, callHouse, collector, house } from './calls.ts';

callHouse();

beforeAll(async () => {
  for (let more = 0; more < 3; more += 1) {
    const device = await collector.device();
    await post(collector.url, device.full(sampleFacts('off')));
  }
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const lenient = { policy: 'base', version: 1, checks: { firewall: { enabled: { mode: 'off' } } } };

test('a draft goes from the policy in force over what it would mean to its publication', async () => {
  const begin = await call('GET', '/policy-draft');
  expect(begin.body).toMatchObject({ edit: 0, basedOn: 1, editedBy: null, changes: [] });
  // What is read can be sent back as it is, and changes nothing.
  const same = await call('PUT', '/policy-draft', { body: { edit: 0, policy: begin.body.policy } });
  expect(same.status).toBe(200);
  expect((await call('GET', '/policy-draft')).body).toMatchObject({ edit: same.body.edit, changes: [] });

  const put = await call('PUT', '/policy-draft', {
    asker: 'token',
    body: { edit: same.body.edit, policy: lenient },
  });
  expect(put.status).toBe(200);
  const { body: draft } = await call('GET', '/policy-draft');
  expect(draft).toMatchObject({
    edit: put.body.edit,
    editedBy: expect.stringMatching(/^token:/),
    changes: [{ check: 'firewall', point: 'enabled', looser: true }],
  });
  // A person sees the same draft on the page.
  const page = await collector.app.inject({
    url: `/organizations/${collector.organization.id}/policy/draft`,
    headers: house.askers.find(({ name }) => name === 'admin')?.headers ?? {},
  });
  expect(page.body).toContain('Firewall');

  const { body: trial } = await call('GET', '/policy-draft/what-if');
  expect(trial).toMatchObject({ state: 'finished', judged: 3, shifted: 3 });
  expect(trial.points).toContainEqual({ subject: 'firewall/enabled', fails: 0, fixed: 3, unknown: 0 });
  const laptops = (await all('/policy-draft/what-if?point=firewall/enabled', 'laptops', 1)) as {
    label: string;
  }[];
  expect(laptops.map(({ label }) => label)).toEqual(
    laptops.map(({ label }) => label).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  expect(laptops).toHaveLength(3);
  expect((await call('GET', '/policy-draft/what-if?kind=fails')).body.laptops).toEqual([]);

  const early = await call('POST', '/policy-draft/publication', {
    body: { edit: put.body.edit, reason: 'Why', effectiveFrom: inDays(-1) },
  });
  expect(early).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:refused' } });
  expect(early.body.errors.map(({ field }: { field: string }) => field)).toEqual(['effectiveFrom', 'reason']);
  const reason = 'The router filters in front of every laptop.';
  const stale = await call('POST', '/policy-draft/publication', { body: { edit: 1, reason } });
  expect(stale).toMatchObject({ status: 409, body: { type: 'urn:muster:problem:record-changed' } });
  const published = await call('POST', '/policy-draft/publication', {
    body: { edit: put.body.edit, reason },
  });
  expect(published).toMatchObject({ status: 201, body: { version: 2 } });
  expect((await call('GET', '/policies/2')).body).toMatchObject({ id: 'base', version: 2 });
  const { body: changes } = await call('GET', '/policies/2/changes?since=1', { asker: 'auditor' });
  expect(changes.changes).toEqual(draft.changes);
  expect((await call('GET', '/policies/2/changes?since=9')).status).toBe(404);
});

test('who was faster wins, and what is no policy is said by its place', async () => {
  const { body } = await call('GET', '/policy-draft');
  expect((await call('PUT', '/policy-draft', { body: { edit: 17, preset: 'base' } })).status).toBe(409);
  expect((await call('PUT', '/policy-draft', { body: { edit: body.edit } })).status).toBe(400);
  const requires = { 'device-approval': { approved: { requires: ['canary-7q/enabled'] } } };
  for (const slip of [
    { extends: 'canary-7q', checks: {} },
    { checks: { 'canary-7q': {} } },
    { checks: { firewall: { enabled: { 'canary-7q': 1 } } } },
    { checks: { firewall: { enabled: { severity: 'canary-7q' } } } },
    { checks: requires },
    { waivers: { 'canary-7q': 1 }, checks: {} },
  ]) {
    const wrong = await call('PUT', '/policy-draft', {
      body: { edit: body.edit, policy: { policy: 'acme', ...slip } },
    });
    expect(wrong).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:policy-refused' } });
    expect(JSON.stringify(wrong.body)).not.toContain('canary');
  }
  expect((await call('DELETE', '/policy-draft')).status).toBe(404);
  expect((await call('PUT', '/policy-draft', { body: { edit: body.edit, preset: 'base' } })).status).toBe(
    200,
  );
  expect((await call('DELETE', '/policy-draft')).status).toBe(204);
  expect((await call('GET', '/policy-draft')).body.edit).toBe(0);
});

test('a version is written out, published for a day to come, and withdrawn once', async () => {
  const { body: written } = await call('GET', '/policies/2/written');
  const terms = {
    waivers: { maxDays: 30 },
    updates: { percent: 50 },
    run: { interval: '90m', jitter: '0m' },
  };
  const made = await call('POST', '/policies', {
    body: { policy: { ...written, ...terms, version: 3 }, reason: 'Once more.', effectiveFrom: inDays(3) },
  });
  expect(made.status).toBe(201);
  // Everything a policy says is in what is written out, not only its checks.
  expect((await call('GET', '/policies/3/written')).body).toMatchObject({ ...terms, version: 3 });
  const second = await call('POST', '/policies', {
    body: { policy: { ...written, version: 4 }, reason: 'Twice.', effectiveFrom: inDays(4) },
  });
  expect(second).toMatchObject({ status: 422, body: { type: 'urn:muster:problem:policy-refused' } });
  expect((await call('POST', '/policies/3/withdraw')).body).toMatchObject({ version: 3, state: 'withdrawn' });
  expect((await call('POST', '/policies/3/withdraw')).status).toBe(409);
  expect((await call('POST', '/policies/2/withdraw')).status).toBe(409);
});

test('where laptops hold a newer policy than there is, it is published once more above theirs', async () => {
  expect((await call('POST', '/policies/again')).status).toBe(409);
  const { stores, organization } = collector;
  const [device] = await stores.devices.after(organization.number, '', 1);
  await stores.heldPolicies.note({ number: device?.number ?? 0, organization: organization.number }, 40);
  expect((await call('GET', '/policies/held', { asker: 'token' })).body).toEqual({ version: 40, devices: 1 });
  expect((await call('POST', '/policies/again')).body.version).toBeGreaterThan(40);
  expect((await call('GET', '/policies/held')).body).toEqual({ version: null, devices: 0 });
});
