import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../../server/app.ts';
import { createCollectorKey, readCollectorKey } from '../../server/signing/collector-key.ts';
import { openStores, type Stores } from '../../server/storage/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-app-'));
let stores: Stores;
let app: FastifyInstance;

beforeAll(async () => {
  createCollectorKey(folder);
  stores = await openStores(`sqlite:${join(folder, 'collector.db')}`);
  app = await build();
});
afterAll(async () => {
  await app.close();
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

const build = (maxReportsUnderway?: number) =>
  buildApp({
    stores,
    collectorKey: readCollectorKey(folder),
    logLevel: 'silent',
    ...(maxReportsUnderway !== undefined && { maxReportsUnderway }),
  });

test('a route that does not say who may call it stops the collector from starting', async () => {
  const other = await build();
  expect(() => other.get('/forgotten', async () => 'open to everybody')).toThrow(
    'does not declare its caller',
  );
  await other.close();
});

test('when too much is underway, reports are sent away before they are read, with a time to come back', async () => {
  const busy = await build(0);
  const response = await busy.inject({
    method: 'POST',
    url: '/api/v1/reports',
    headers: { 'content-type': 'application/jose' },
    payload: 'a.b.c',
  });
  expect(response.statusCode).toBe(503);
  expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(5);
  expect(response.json()).toMatchObject({ type: 'urn:muster:problem:overloaded', status: 503 });
  await busy.close();
});

test('describes itself as OpenAPI 3.1: every route devices use, and none of the pages', async () => {
  const description = (await app.inject('/openapi.json')).json() as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  };
  expect(description.openapi).toBe('3.1.0');
  const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.filter((route) => !/ \/(api\/v1|healthz$|readyz$)/.test(route))).toEqual([]);
  const ofDevices = routes.filter((route) => !route.includes(' /api/v1/organizations'));
  expect(ofDevices.sort()).toEqual([
    'delete /api/v1/enroll',
    'get /api/v1/attestations',
    'get /api/v1/enroll',
    'get /api/v1/policy',
    'get /healthz',
    'get /readyz',
    'post /api/v1/attestations',
    'post /api/v1/device-links',
    'post /api/v1/enroll',
    'post /api/v1/reports',
    'post /api/v1/waiver-requests',
  ]);
});

test('pages run nothing but their own scripts, and nobody frames them', async () => {
  const { headers } = await app.inject('/sign-in');
  const csp = String(headers['content-security-policy']);
  expect(csp).toContain("default-src 'none'");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toMatch(/unsafe|https?:|\*/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect((await app.inject('/api/v1/nothing')).headers['x-content-type-options']).toBe('nosniff');
});
