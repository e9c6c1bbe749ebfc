import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../../../server/app.ts';
import { readCollectorKey } from '../../../server/signing/collector-key.ts';
import { type SampleCollector, startCollector } from '../sample-collector.ts';
import { post, sampleFacts } from '../sample-device.ts';

let collector: SampleCollector;
let app: Awaited<ReturnType<typeof buildApp>>;
let free = 10 ** 12;
const token = 'a-token-of-enough-letters';

beforeAll(async () => {
  collector = await startCollector();
  app = await buildApp({
    stores: collector.stores,
    collectorKey: readCollectorKey(collector.folder),
    logLevel: 'silent',
    free: async () => free,
    metrics: {
      token,
      dataFolder: collector.folder,
      certificateEndsAt: () => new Date('2027-01-01T00:00:00Z'),
    },
  });
});
afterAll(async () => {
  await app.close();
  await collector.close();
});

const scrape = (authorization?: string) =>
  app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } });

test('figures in the text format of Prometheus, counts only', async () => {
  const device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
  await app.inject('/healthz');
  const response = await scrape(`Bearer ${token}`);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toContain('version=0.0.4');
  const lines = response.body.trimEnd().split('\n');
  const figures = lines.filter((line) => !line.startsWith('#'));
  for (const line of figures) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[\w.-]+"(,[a-z]+="[\w.-]+")*\})? -?[\d.e+-]+$/);
  }
  expect(figures).toContain('muster_devices{state="failing"} 1');
  expect(figures).toContain('muster_requests_total{area="pages",status="200"} 1');
  expect(figures).toContain(`muster_certificate_ends_seconds ${Date.UTC(2027, 0) / 1_000}`);
  expect(figures.find((line) => line.startsWith('muster_database_bytes'))).toMatch(/ \d{5,}$/);
  // Nobody's: no organization, no device, no person.
  expect(response.body).not.toContain(device.id);
  expect(response.body).not.toContain(collector.organization.id);
  expect(response.body).not.toContain('Acme');
});

test('only for whoever has the token; where none is set, there is no such address', async () => {
  for (const authorization of [undefined, 'Bearer wrong', `Basic ${token}`]) {
    expect((await scrape(authorization)).statusCode).toBe(401);
  }
  expect((await fetch(`${collector.url}/metrics`)).status).toBe(404);
});

test('ready while the database answers and there is room, and says so when not', async () => {
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  free = 1_000_000;
  const full = await app.inject('/readyz');
  expect(full.statusCode).toBe(503);
  expect(full.json()).toMatchObject({ type: 'urn:muster:problem:not-ready' });
  expect(full.headers['retry-after']).toBeDefined();
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  free = 10 ** 12;
});

test('a proxy is believed about who asks only where it is trusted', async () => {
  const seen: string[] = [];
  for (const trustedProxies of [['127.0.0.1', '10.0.0.0/8'], ['10.0.0.0/8'], []]) {
    const behind = await buildApp({
      stores: collector.stores,
      collectorKey: readCollectorKey(collector.folder),
      logLevel: 'silent',
      trustedProxies,
    });
    behind.addHook('onResponse', async (request) => {
      seen.push(`${request.ip} ${request.protocol}`);
    });
    const headers = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' };
    await behind.inject({ url: '/healthz', headers, remoteAddress: '127.0.0.1' });
    await behind.close();
  }
  expect(seen).toEqual(['192.0.2.7 https', '127.0.0.1 http', '127.0.0.1 http']);
});
