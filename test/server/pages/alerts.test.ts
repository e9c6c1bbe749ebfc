import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../../server/permissions.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { type SignedIn, signedIn } from '../signed-in.ts';

let collector: SampleCollector;
let here: string;
const people = new Map<Role, SignedIn>();

const get = (path: string, as: Role) =>
  fetch(collector.url + path, {
    headers: { accept: 'text/html', cookie: people.get(as)?.cookie ?? '' },
    redirect: 'manual',
  });

async function submit(path: string, as: Role, fields: Record<string, string> = {}): Promise<Response> {
  const { cookie = '', csrf = '' } = people.get(as) ?? {};
  return fetch(collector.url + path, {
    method: 'POST',
    headers: { accept: 'text/html', cookie },
    body: new URLSearchParams({ csrf, ...fields }),
    redirect: 'manual',
  });
}

beforeAll(async () => {
  collector = await startCollector();
  const { organization } = collector;
  for (const role of ['contractor', 'reviewer', 'manager'] as const) {
    people.set(role, await signedIn(collector, role, [role], { called: `The ${role}` }));
  }
  here = `/organizations/${organization.id}/alerts`;
});
afterAll(() => collector.close());

const hook = { name: 'Chat', url: 'https://hooks.example.org/T0/secret', format: 'slack' };

it('lets everybody who sees the fleet choose their own e-mails, and only some change the rest', async () => {
  const { stores, organization } = collector;
  expect((await submit(`${here}/e-mails`, 'reviewer', { immediate: 'yes', digest: 'weekly' })).status).toBe(
    303,
  );
  const wants = (role: Role) =>
    stores.alertSettings.subscription(organization.number, people.get(role)?.user.number ?? 0);
  expect(await wants('reviewer')).toEqual({ immediate: true, digest: 'weekly' });
  expect(await wants('contractor')).toEqual({ immediate: false, digest: 'none' });
  await submit(`${here}/e-mails`, 'reviewer', { digest: 'none' });
  expect(await wants('reviewer')).toEqual({ immediate: false, digest: 'none' });
  const page = await (await get(here, 'reviewer')).text();
  expect(page).not.toContain('Webhooks');
  for (const path of ['/settings', '/webhooks']) {
    expect((await submit(here + path, 'reviewer', hook)).status).toBe(403);
  }
  expect((await get(`${here}/deliveries`, 'reviewer')).status).toBe(403);
  expect((await get(here, 'manager')).status).toBe(403);
});

it('keeps the settings of the organization, and refuses a time zone nobody knows', async () => {
  const { stores, organization } = collector;
  const settings = { severity: 'high', zone: 'Africa/Johannesburg', hour: '6' };
  expect((await submit(`${here}/settings`, 'contractor', settings)).status).toBe(303);
  expect(await stores.alertSettings.read(organization.number)).toEqual({
    timeZone: 'Africa/Johannesburg',
    digestHour: 6,
    minSeverity: 'high',
  });
  const refused = await submit(`${here}/settings`, 'contractor', { ...settings, zone: 'Mars/Olympus' });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('no time zone');
});

it('seals what a webhook is called by, shows its host and key, and forgets both when it is removed', async () => {
  const { stores, organization } = collector;
  for (const url of ['http://example.org/x', 'https://127.0.0.1/x', 'https://[::1]/x', 'nonsense']) {
    expect((await submit(`${here}/webhooks`, 'contractor', { ...hook, url })).status).toBe(400);
  }
  expect((await submit(`${here}/webhooks`, 'contractor', hook)).status).toBe(303);
  const [kept] = await stores.alertSettings.webhooks(organization.number);
  expect(kept).toMatchObject({ name: 'Chat', host: 'hooks.example.org', format: 'slack' });
  expect(JSON.stringify(kept)).not.toMatch(/T0\/|whsec/);
  const page = await (await get(here, 'contractor')).text();
  expect(page).toMatch(/whsec_[A-Za-z0-9+/=]{44}/);
  expect(page).not.toContain('T0/secret');

  const step = (name: string) => submit(`${here}/webhooks/${kept?.id}/${name}`, 'contractor');
  expect((await step('test')).status).toBe(303);
  expect((await stores.deliveries.list(organization.number, 5, 0))[0]).toMatchObject({ content: 'test' });
  expect((await step('pause')).status).toBe(303);
  expect(await (await get(here, 'contractor')).text()).toContain('Paused');
  expect((await step('resume')).status).toBe(303);
  expect((await step('remove')).status).toBe(303);
  for (const gone of ['test', 'pause', 'remove']) expect((await step(gone)).status).toBe(404);
  expect(await stores.alertSettings.webhooks(organization.number)).toEqual([]);
  expect(await (await get(`${here}/deliveries`, 'contractor')).text()).toContain(
    'a webhook that was removed',
  );
  expect(collector.log.join('')).not.toContain('T0/secret');
});

it('knows nothing of another organization’s webhooks', async () => {
  const { stores } = collector;
  const { policy } = await stores.organizations.policy(collector.organization.number);
  const other = await stores.organizations.create(
    { name: 'Other', contact: '', policy },
    'console',
    new Date(),
  );
  const id = await stores.alertSettings.addWebhook(
    other.number,
    { name: 'Theirs', host: 'x.example', format: 'plain' },
    () => ({ url: '', secret: '' }),
    'console',
    new Date(),
  );
  for (const step of ['test', 'pause', 'remove']) {
    expect((await submit(`${here}/webhooks/${id}/${step}`, 'contractor')).status).toBe(404);
  }
  expect((await get(`/organizations/${other.id}/alerts`, 'contractor')).status).toBe(404);
  expect(await stores.alertSettings.webhooks(other.number)).toHaveLength(1);
});
