import { beforeAll, expect, test } from 'vitest';
import { post, type SampleDevice, sampleFacts } from '../sample-device.ts';
import { all, base, call, callHouse, collector, house } from './calls.ts';

callHouse();

let device: SampleDevice;

beforeAll(async () => {
  device = await collector.device();
  await post(collector.url, device.full(sampleFacts('off')));
});

const dpo = { asker: 'dpo' };
const naledi = { name: 'Naledi M.', email: 'naledi@acme.example', kind: 'staff' };

test('a person goes from being added to a certificate that names no one, by people only', async () => {
  expect((await call('POST', '/privacy/people', { asker: 'token', body: naledi })).status).toBe(403);
  const { body: made } = await call('POST', '/privacy/people', { ...dpo, body: naledi });
  const path = `/privacy/people/${made.id}`;
  const corrected = { ...naledi, name: 'Naledi Mokoena' };
  expect((await call('PUT', path, { ...dpo, body: corrected })).status).toBe(204);
  expect((await call('PUT', `${path}/laptops/${device.id}`, dpo)).status).toBe(204);
  expect((await call('GET', path, dpo)).body).toMatchObject({
    ...corrected,
    laptops: [{ id: device.id, until: null }],
  });
  expect(await all('/privacy/people', 'people', 1, dpo)).toMatchObject([{ id: made.id }]);

  const holder = `/devices/${device.id}/holder`;
  expect((await call('POST', holder, { ...dpo, body: { reason: 'Why' } })).status).toBe(422);
  expect(
    (await call('POST', holder, { asker: 'admin', body: { reason: 'It was found in the train.' } })).status,
  ).toBe(403);
  const key = { 'idempotency-key': 'reveal-1' };
  const asked = { ...dpo, headers: key, body: { reason: 'It was found in the train.' } };
  expect((await call('POST', holder, asked)).body).toEqual({
    holder: { name: 'Naledi Mokoena', email: naledi.email },
  });
  // Whose laptop it is, is in no answer that is kept.
  expect((await call('POST', holder, asked)).status).toBe(409);

  const copy = await fetch(`${base}${path}/copy`, {
    method: 'POST',
    headers: house.askers.find(({ name }) => name === 'dpo')?.headers ?? {},
  });
  expect(copy.headers.get('content-type')).toBe('application/zip');
  expect(
    Buffer.from(await copy.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');

  expect((await call('POST', `${path}/restrict`, dpo)).status).toBe(204);
  for (const one of [`/devices/${device.id}`, `/devices/${device.id}/history`]) {
    expect(await call('GET', one), one).toMatchObject({
      status: 403,
      body: { type: 'urn:muster:problem:restricted', detail: expect.not.stringContaining('report') },
    });
  }
  expect((await call('GET', '/devices')).body.devices).toEqual([]);
  expect((await call('GET', '/devices?state=retired')).body.devices).toEqual([]);
  expect((await call('POST', `${path}/lift`, dpo)).status).toBe(204);
  expect((await call('GET', `/devices/${device.id}`)).status).toBe(200);

  expect((await call('POST', `${path}/erase`, { ...dpo, body: { confirm: 'yes' } })).status).toBe(422);
  const unknown = { confirm: 'ERASE', request: made.id };
  expect((await call('POST', `${path}/erase`, { ...dpo, body: unknown })).status).toBe(404);
  const erased = await call('POST', `${path}/erase`, { ...dpo, body: { confirm: 'ERASE' } });
  expect(erased.body).toMatchObject({ certificate: expect.any(String), byHand: [] });
  expect((await call('GET', path, dpo)).status).toBe(404);
  const certificate = await call('GET', `/privacy/certificates/${erased.body.certificate}`, {
    asker: 'token',
  });
  expect(certificate.body).toMatchObject({ erased: { people: 1, laptops: 1 } });
  expect(JSON.stringify(certificate.body)).not.toMatch(/naledi/i);
  expect(await all('/privacy/certificates', 'certificates', 1)).toHaveLength(1);
  const { body: log } = await call('GET', '/audit?kind=privacy&limit=100', { asker: 'auditor' });
  const actions = log.entries.map(({ action }: { action: string }) => action);
  for (const action of ['add', 'change', 'assign', 'view', 'reveal', 'export']) {
    expect(actions).toContain(`identity.${action}`);
  }
});

test('what is kept for how long, the proof of what was deleted, and what the collector says of itself', async () => {
  const { body: kept } = await call('GET', '/privacy/retention', { asker: 'token' });
  expect(kept.classes.find(({ id }: { id: string }) => id === 'results')).toMatchObject({ held: false });
  const { stores, organization } = collector;
  const at = new Date();
  // Several classes of one night have one moment.
  for (const of of ['results', 'changes', 'left']) {
    await stores.retention.keepReceipt(organization.number, of, { deleted: 3, oldest: at }, at);
  }
  const receipts = (await all('/privacy/receipts', 'receipts', 1)) as { class: string }[];
  expect(receipts.map((receipt) => receipt.class).toSorted()).toEqual(['changes', 'left', 'results']);
  const { body: documents } = await call('GET', '/privacy/documents');
  for (const { id } of documents.documents) {
    const answer = await call('GET', `/privacy/documents/${id}`);
    expect(answer.type).toBe('application/pdf');
    expect(answer.body.slice(0, 5)).toBe('%PDF-');
  }
  const { body: assessment } = await call('POST', '/privacy/assessment', { asker: 'token' });
  expect((await call('GET', `/registers/${assessment.register}/${assessment.record}`)).status).toBe(200);
  expect((await call('GET', '/privacy/numbers', { asker: 'manager' })).body).toEqual({ numbers: [] });
});
