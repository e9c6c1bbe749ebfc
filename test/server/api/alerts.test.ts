import { expect, test } from 'vitest';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

test('what raises an alert is said by a program as on the page, and read back', async () => {
  const wanted = { timeZone: 'Africa/Johannesburg', digestHour: 6, minSeverity: 'high' };
  expect((await call('PUT', '/alerts/settings', { asker: 'token', body: wanted })).body).toEqual(wanted);
  expect((await call('GET', '/alerts/settings', { asker: 'auditor' })).body).toEqual(wanted);
  const nowhere = await call('PUT', '/alerts/settings', { body: { ...wanted, timeZone: 'Canary/7Q' } });
  expect(nowhere).toMatchObject({ status: 422, body: { errors: [{ field: 'timeZone' }] } });
  expect(JSON.stringify(nowhere.body)).not.toContain('Canary');
});

test('e-mails are somebody’s own: a program has none', async () => {
  expect(
    (await call('PUT', '/alerts/e-mails', { body: { immediate: true, digest: 'weekly' } })).body,
  ).toEqual({
    immediate: true,
    digest: 'weekly',
  });
  expect((await call('GET', '/alerts/e-mails', { asker: 'contractor' })).body.digest).toBe('none');
  expect((await call('GET', '/alerts/e-mails', { asker: 'token' })).status).toBe(403);
});

test('a webhook is added, tested, held up and removed; its key is told and kept in no answer', async () => {
  const body = { name: 'Chat', url: 'https://chat.example/hooks/canary-7Q', format: 'slack' };
  const headers = { 'idempotency-key': 'webhook-1' };
  const made = await call('POST', '/webhooks', { body, headers });
  expect(made).toMatchObject({ status: 201, body: { host: 'chat.example', pausedAt: null } });
  expect(made.body.key.length).toBeGreaterThan(20);
  expect(JSON.stringify(made.body)).not.toContain('canary');
  expect(await call('POST', '/webhooks', { body, headers })).toMatchObject({
    status: 409,
    body: { type: 'urn:muster:problem:answered-once' },
  });
  const path = `/webhooks/${made.body.id}`;
  expect((await call('GET', path, { asker: 'token' })).body.key).toBe(made.body.key);
  const listed = (await all('/webhooks', 'webhooks', 1)) as { id: string }[];
  expect(listed.map(({ id }) => id)).toEqual([made.body.id]);
  expect(JSON.stringify(listed)).not.toContain(made.body.key);

  expect((await call('POST', `${path}/pause`)).body.pausedAt).not.toBeNull();
  expect((await call('POST', `${path}/resume`)).body.pausedAt).toBeNull();
  for (let more = 0; more < 3; more += 1) expect((await call('POST', `${path}/test`)).status).toBe(202);
  const deliveries = (await all('/alerts/deliveries', 'deliveries', 1)) as { id: string; target: string }[];
  expect(deliveries).toHaveLength(3);
  expect(new Set(deliveries.map(({ id }) => id)).size).toBe(3);
  expect(deliveries[0]).toMatchObject({ channel: 'webhook', content: 'test', target: made.body.id });

  expect((await call('DELETE', path)).status).toBe(204);
  for (const method of ['GET', 'DELETE']) expect((await call(method, path)).status).toBe(404);
  const refused = await call('POST', '/webhooks', { body: { ...body, url: 'http://127.0.0.1:9/canary-7Q' } });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'url' }] } });
  expect(JSON.stringify(refused.body)).not.toContain('canary');
});

test('alerts are listed newest first, without losing any that came at the same moment', async () => {
  const { stores, organization } = collector;
  const at = new Date('2026-11-20T08:00:00Z');
  const events = Array.from({ length: 5 }, (_, index) => ({
    organization: organization.number,
    key: `failing ${index}`,
    kind: 'failing',
    group: `failing ${index}`,
    at,
    subject: `device ${index}`,
    line: `Laptop ${index} fails`,
    path: '/',
  }));
  await stores.alerts.note(events, at);
  const listed = (await all('/alerts', 'alerts', 2)) as { id: string; events: { line: string }[] }[];
  expect(new Set(listed.map(({ id }) => id)).size).toBe(5);
  expect(listed.flatMap(({ events: lines }) => lines.map(({ line }) => line)).toSorted()).toEqual(
    events.map(({ line }) => line),
  );
});
