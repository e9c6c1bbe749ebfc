import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionCookie } from '../../../server/caller.ts';
import { permissionsOf } from '../../../server/permissions.ts';
import type { User } from '../../../server/storage/users.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, sampleFacts } from '../sample-device.ts';
import { Visitor } from '../visitor.ts';
import { fill } from './routes.ts';

let collector: SampleCollector;
let manager: Visitor;
let lerato: User;
let page: string;

async function enroll(count: number, firewall: 'on' | 'off'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const device = await collector.device();
    expect((await post(collector.url, device.full(sampleFacts(firewall)))).status).toBe(201);
  }
}

beforeAll(async () => {
  collector = await startCollector();
  const { stores, organization } = collector;
  const at = new Date();
  lerato = await stores.users.create({ email: 'lerato@acme.example', name: 'Lerato' }, 'console', at);
  await stores.users.grant(lerato, organization.number, 'manager', 'console', at);
  manager = new Visitor(collector.url);
  manager.cookies.set(sessionCookie, await stores.sessions.begin(lerato, 'link', at));
  page = `/organizations/${organization.id}`;
});
afterAll(() => collector.close());

/** What a manager's pages must never hold. */
const pointsAtSomebody = /D-[0-9A-Z]{8}|\/devices\/|id="devices"|Broke since|Went silent/;

it('shows a manager of a small company no number at all', async () => {
  await enroll(6, 'on');
  for (const address of [page, '/']) {
    const { response, page: text } = await manager.get(address);
    expect(response.status).toBe(200);
    expect(text).toContain('even numbers point at people');
    expect(text).not.toMatch(pointsAtSomebody);
  }
});

it('shows a manager numbers without small groups, and never a laptop', async () => {
  await enroll(12, 'on');
  await enroll(1, 'off');
  const { page: text } = await manager.get(page);
  expect(text).not.toMatch(pointsAtSomebody);
  const row = (title: string) =>
    [
      ...(new RegExp(`<th scope="row">${title}</th>(.*?)</tr>`).exec(text)?.[1] ?? '').matchAll(
        /<span[^>]*>([^<]+)<\/span>/g,
      ),
    ].map(([, cell]) => cell);
  // One of nineteen fails: neither the one nor the rest is told.
  expect(row('Firewall')).toEqual(['not shown', '0', 'not shown']);
  expect(row('Disk encryption')).toEqual(['0', '0', '19']);
  const today = (await manager.get('/')).page;
  expect(today).toContain('numbers only');
  expect(today).not.toMatch(pointsAtSomebody);
});

it('names no laptop on any page a manager may open', async () => {
  const { organization, app } = collector;
  const allowed = app.callers.filter(
    ({ method, url, caller }) =>
      method === 'GET' &&
      !url.startsWith('/api/') &&
      permissionsOf.manager.some((permission) => caller === `organization:${permission}`),
  );
  expect(allowed.length).toBeGreaterThan(3);
  for (const { url } of allowed) {
    const path = `${fill(url, { organization: organization.id, check: 'firewall' })}?from=1&to=1`;
    const { response, page: text } = await manager.get(path);
    expect(response.status, path).toBe(200);
    expect(text, path).not.toMatch(/D-[0-9A-Z]{8}|\/devices\//);
  }
});

it('opens a manager nothing where laptops are named', async () => {
  for (const address of [`${page}/checks`, `${page}/waivers`, `${page}/people`, `${page}/audit`]) {
    expect((await manager.get(address)).response.status, address).toBe(403);
  }
});

it('shows the list again to a manager who is also the contractor', async () => {
  const { stores, organization } = collector;
  await stores.users.grant(lerato, organization.number, 'contractor', 'console', new Date());
  expect((await manager.get(page)).page).toMatch(pointsAtSomebody);
});
