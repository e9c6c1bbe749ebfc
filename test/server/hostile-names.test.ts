import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionCookie } from '../../server/caller.ts';
import { newId } from '../../server/storage/ids.ts';
import { checks } from '../../shared/checks/index.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
let cookie: string;
beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  const user = await stores.users.create({ email: 'it@acme.example', name: 'IT' }, 'console', at);
  for (const role of ['contractor', 'auditor'] as const) {
    await stores.users.grant(user, organization.number, role, 'console', at);
  }
  cookie = `${sessionCookie}=${await stores.sessions.begin(user, 'link', at)}`;
});
afterAll(() => collector.close());

test('a laptop that asks for what every object has from birth breaks no page of whoever looks after it', async () => {
  const { organization, stores, url } = collector;
  const device = await collector.device();
  await post(url, device.full(sampleFacts('off')));
  const path = '/api/v1/waiver-requests';
  for (const [check, point] of [
    ['constructor', 'constructor'],
    ['constructor', null],
    ['firewall', 'constructor'],
  ]) {
    const reason = 'A reason that is long enough.';
    const body = JSON.stringify({ id: newId(new Date()), check, point, reason });
    const headers = {
      authorization: device.authorize('POST', path, body),
      'content-type': 'application/json',
    };
    expect((await fetch(url + path, { method: 'POST', headers, body })).status).toBe(201);
  }
  const here = `/organizations/${organization.id}`;
  const waiting = await stores.waivers.waiting(organization.number, 10);
  const pages = [
    '/',
    here,
    `${here}/waivers`,
    `${here}/audit`,
    `${here}/audit.csv`,
    `${here}/devices/${device.id}`,
  ];
  for (const page of [...pages, ...waiting.map(({ id }) => `${here}/waivers/${id}`)]) {
    const answer = await fetch(url + page, { headers: { cookie, accept: 'text/html' } });
    expect([page, answer.status]).toEqual([page, 200]);
    expect((await answer.text()).length).toBeGreaterThan(0);
  }
});

test('the catalogue has no check and no point of such a name', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect((checks as Record<string, unknown>)[name]).toBeUndefined();
    for (const { points } of Object.values(checks)) {
      expect((points as Record<string, unknown>)[name]).toBeUndefined();
    }
  }
});
