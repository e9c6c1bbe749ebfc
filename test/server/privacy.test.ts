import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../../server/password.ts';
import { onPostgres } from '../databases/database.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, SampleDevice, sampleFacts } from './sample-device.ts';

const canary = 'canary7f3a';
let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

test('what people and devices send is in no log and in no answer', async () => {
  const { stores, url } = collector;
  const user = await stores.users.create(
    { email: `${canary}@acme.example`, name: canary },
    'console',
    new Date(),
  );
  await stores.users.setPassword(user, await hashPassword(`${canary} secret`), 'console', new Date());
  const device = await collector.device();
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const requests: Promise<Response>[] = [
    post(url, canary),
    post(url, device.sign({ schema: canary })),
    post(
      url,
      device.full(sampleFacts(), { facts: { firewall: { enabled: { value: { scopes: canary } } } } }),
    ),
    fetch(`${url}/api/v1/enroll`, { method: 'POST', headers: json, body: JSON.stringify({ code: canary }) }),
    fetch(`${url}/api/v1/enroll`, { method: 'POST', headers: json, body: `{"${canary}` }),
    fetch(`${url}/api/v1/enroll`, { headers: { authorization: `Bearer ${canary}` } }),
    fetch(`${url}/api/v1/policy`, { headers: { authorization: `Bearer ${canary}.${canary}.${canary}` } }),
    fetch(`${url}/api/v1/${canary}?${canary}=${canary}`),
    fetch(`${url}/${canary}`, { headers: { cookie: `muster_session=${canary}`, 'user-agent': canary } }),
    fetch(`${url}/`, { headers: { cookie: `muster_session=${canary}` }, redirect: 'manual' }),
    fetch(`${url}/organizations/${canary}`, { redirect: 'manual' }),
    fetch(`${url}/sign-in/link?code=${canary}-link`, { method: 'HEAD' }),
    fetch(`${url}/api/v1/reports`, { method: 'PUT', body: canary }),
    fetch(`${url}/api/v1/reports`, { method: 'POST', headers: { 'content-type': canary }, body: canary }),
    fetch(`${url}/sign-in`, {
      method: 'POST',
      headers: form,
      body: `email=${canary}@acme.example&password=${canary} wrong`,
      redirect: 'manual',
    }),
  ];
  for (const response of await Promise.all(requests)) {
    if (response.url.includes('/api/')) expect(await response.text()).not.toContain(canary);
    expect(response.status).toBeLessThan(500);
  }
  const log = collector.log.filter((line) => !line.includes('Server listening')).join('');
  expect(log.split('\n').length).toBeGreaterThan(5);
  expect(log).not.toContain(canary);
  expect(log).not.toContain('127.0.0.1');
  expect(log).not.toContain(device.id);
});

test.skipIf(onPostgres)('secrets are nowhere in the database: only their digests are', async () => {
  const { stores, url } = collector;
  const code = await collector.code();
  await new SampleDevice().enroll(url, code);
  const user = await stores.users.create({ email: 'a@b.example', name: 'A' }, 'console', new Date());
  const link = await stores.sessions.createLink(user, new Date(Date.now() + 60_000), 'console', new Date());
  const cookie = await stores.sessions.begin(user, 'link', new Date());
  const bytes = ['collector.db', 'collector.db-wal']
    .map((name) => readFileSync(join(collector.folder, name)).toString('latin1'))
    .join('');
  expect(bytes).toContain('a@b.example');
  for (const secret of [code, link, cookie]) expect(bytes).not.toContain(secret);
});

test('a sign-in link is good once, and a session ends', async () => {
  const { stores } = collector;
  const at = new Date();
  const user = await stores.users.create({ email: 'once@b.example', name: 'B' }, 'console', at);
  const link = await stores.sessions.createLink(user, new Date(at.getTime() + 60_000), 'console', at);
  const late = await stores.sessions.createLink(user, at, 'console', at);
  expect(await stores.sessions.useLink(late, at)).toBeUndefined();
  const answers = await Promise.all([stores.sessions.useLink(link, at), stores.sessions.useLink(link, at)]);
  expect(answers.filter((answer) => answer?.user === user.number)).toHaveLength(1);
  const cookie = await stores.sessions.begin(user, 'link', at);
  const after = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
  expect(await stores.sessions.find(cookie, after(1.9))).toMatchObject({ user: user.number });
  expect(await stores.sessions.find(cookie, after(4))).toBeUndefined();
  const other = await stores.sessions.begin(user, 'link', at);
  for (let hours = 1; hours < 12; hours += 1) await stores.sessions.find(other, after(hours));
  expect(await stores.sessions.find(other, after(12))).toBeUndefined();
});
