import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemMediaType } from '../../../server/problem.ts';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

let devices: readonly SampleDevice[];

beforeAll(async () => {
  const made: SampleDevice[] = [];
  for (let index = 0; index < 5; index += 1) {
    const device = await collector.device();
    await post(collector.url, device.full(sampleFacts(index % 2 === 0 ? 'off' : 'on')));
    made.push(device);
  }
  await post(collector.url, made[0]?.full(sampleFacts('on')) ?? '');
  await post(collector.url, made[0]?.full(sampleFacts('off')) ?? '');
  devices = made;
});

describe('reading', () => {
  test('says where the organization stands, in the same numbers as the store', async () => {
    const { body } = await call('GET', '');
    const counts = await collector.stores.devices.stateCounts(collector.organization.number);
    expect(body).toMatchObject({ name: 'Acme', counts, policy: { id: 'base', version: 1 } });
    expect((await call('GET', `${collector.url}/api/v1/organizations`)).body).toEqual({
      organizations: [{ id: collector.organization.id, name: 'Acme' }],
      next: null,
    });
    const { body: checks } = await call('GET', '/checks');
    const firewall = checks.checks.find(({ check }: { check: string }) => check === 'firewall');
    expect(firewall.counts).toMatchObject({ fail: 3, pass: 2 });
  });

  test('pages through lists without losing or repeating anything', async () => {
    const listed = (await all('/devices', 'devices', 2)) as { id: string; label: string }[];
    expect(listed.map(({ id }) => id).sort()).toEqual(devices.map(({ id }) => id).sort());
    expect(listed.map(({ label }) => label)).toEqual(listed.map(({ label }) => label).toSorted());
    const failing = (await all('/findings?subject=firewall/enabled', 'findings', 1)) as { device: string }[];
    expect(failing).toHaveLength(3);
    expect(await all('/devices?check=firewall&state=failing', 'devices', 100)).toHaveLength(3);
    expect((await call('GET', '/devices?limit=0')).status).toBe(400);
    expect((await call('GET', '/devices?state=nonsense')).status).toBe(400);
  });

  test('one laptop: findings with evidence in words, and its timeline; looking leaves a trace', async () => {
    const id = devices[0]?.id ?? '';
    const { body } = await call('GET', `/devices/${id}`, { asker: 'token' });
    const firewall = body.findings.find(({ check }: { check: string }) => check === 'firewall');
    expect(firewall).toMatchObject({ status: 'fail', title: 'Firewall' });
    expect(firewall.points[0]).toMatchObject({ point: 'enabled', status: 'fail', mode: 'enforce' });
    const changes = (await all(`/devices/${id}/history`, 'changes', 1)) as {
      subject: string;
      after: string;
    }[];
    expect(changes.filter(({ subject }) => subject === 'firewall/enabled').map(({ after }) => after)).toEqual(
      ['fail', 'pass'],
    );
    const { body: log } = await call('GET', '/audit?limit=1', { asker: 'auditor' });
    expect(log.entries[0]).toMatchObject({ action: 'device.view', subject: id });
  });

  test('exports are files, noted in the audit log', async () => {
    const { body: list } = await call('GET', '/exports');
    expect(list.exports.map(({ id }: { id: string }) => id)).toContain('findings-csv');
    const csv = await call('GET', '/exports/findings-csv');
    expect(csv.type).toContain('text/csv');
    expect(csv.body.split('\r\n').length).toBeGreaterThan(5);
    expect((await call('GET', '/exports/nonsense')).status).toBe(404);
    expect((await call('GET', '/exports/report-pdf?period=never')).status).toBe(404);
    expect((await call('GET', '/audit?limit=1')).body.entries[0].action).toBe('report.export');
  });
});

describe('writing', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  test('a laptop is put on leave, comes back, and is retired once', async () => {
    const path = `/devices/${devices[4]?.id}`;
    expect((await call('PATCH', path, { body: { leaveUntil: inDays(5) } })).body.leaveUntil).not.toBeNull();
    expect((await call('PATCH', path, { body: { leaveUntil: null } })).body.leaveUntil).toBeNull();
    expect((await call('PATCH', path, { body: { leaveUntil: inDays(-1) } })).status).toBe(422);
    expect((await call('PATCH', path, { body: {} })).status).toBe(400);
    const agreement = 'C-2026-04';
    expect((await call('PATCH', path, { body: { owner: 'contractor', agreement } })).body).toMatchObject({
      owner: 'contractor',
      agreement,
    });
    expect((await call('PATCH', path, { body: { agreement } })).status).toBe(400);
    expect((await call('PATCH', path, { body: { owner: 'company', agreement } })).status).toBe(422);
    expect((await call('PATCH', path, { body: { owner: 'personal' } })).body).toMatchObject({
      owner: 'personal',
      agreement: '',
    });
    expect((await call('PATCH', path, { body: { retired: true } })).body.state).toBe('retired');
    expect((await call('PATCH', path, { body: { retired: true } })).status).toBe(422);
  });

  test('a policy is published, and what is wrong with one is said', async () => {
    const policy = { policy: 'acme', version: 2, checks: { 'screen-lock': { idle: { maxSeconds: 300 } } } };
    const reason = 'Ten minutes were too long.';
    const wrong = await call('POST', '/policies', {
      body: { policy: { ...policy, checks: { 'screen-lok': {} } }, reason },
    });
    expect(wrong).toMatchObject({ status: 422 });
    expect((await call('POST', '/policies', { body: { policy, reason } })).body).toEqual({
      id: 'acme',
      version: 2,
    });
    expect((await call('POST', '/policies', { body: { policy, reason } })).status).toBe(422);
    const versions = (await all('/policies', 'policies', 1)) as { version: number; state: string }[];
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [2, 'in-force'],
      [1, 'past'],
    ]);
    const { body } = await call('GET', '/policies/2', { asker: 'auditor' });
    expect(body.checks['screen-lock'].idle.params.maxSeconds).toBe(300);
    expect((await call('GET', '/policies/9')).status).toBe(404);
  });
});

test('errors are problem details that repeat nothing of what was sent', async () => {
  const canary = 'canary-7Q';
  const answers = await Promise.all([
    call('GET', `/devices/${canary}`),
    call('GET', `/devices?state=${canary}`),
    call('POST', '/waivers', { body: { scope: canary, reason: canary } }),
    call('POST', '/policies', {
      body: { policy: { policy: canary, checks: { [canary]: {} } }, reason: canary },
    }),
    call('GET', '/devices', { asker: 'nobody' }),
    call('GET', '/devices', { asker: 'elsewhere' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 422, 401, 404]);
  for (const { type, body } of answers) {
    expect(type).toContain(problemMediaType);
    expect(body).toMatchObject({
      type: expect.stringMatching(/^urn:muster:problem:/),
      title: expect.any(String),
    });
    expect(JSON.stringify(body)).not.toContain(canary);
  }
});

test('the description is valid OpenAPI 3.1 and knows every route of the API', async () => {
  const { body: description } = await call('GET', `${collector.url}/openapi.json`);
  const result = await new Validator().validate(description);
  expect(result).toMatchObject({ valid: true });
  expect(description.openapi).toMatch(/^3\.1\./);
  const described = new Set(
    Object.entries(description.paths as Record<string, Record<string, unknown>>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
  const routes = collector.app.callers
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'))
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(routes.length).toBeGreaterThan(30);
  expect(routes.filter((route) => !described.has(route))).toEqual([]);
});
