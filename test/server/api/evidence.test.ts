import { expect, test } from 'vitest';
import { parseToken } from '../../../shared/api.ts';
import { post, SampleDevice, sampleFacts } from '../sample-device.ts';
import { all, call, callHouse, collector } from './calls.ts';

callHouse();

test('a laptop joins by a token that a program made, and its signed reports can be taken away', async () => {
  const made = await call('POST', '/enrollment-tokens', {
    asker: 'token',
    body: { owner: 'company', hours: 1 },
  });
  expect(made.status).toBe(201);
  const token = parseToken(made.body.token);
  expect(token).toMatchObject({ url: collector.url, pin: null });
  const device = new SampleDevice();
  expect((await device.enroll(collector.url, token?.code ?? '')).status).toBe(201);
  for (const firewall of ['off', 'on', 'off', 'on'] as const) {
    expect((await post(collector.url, device.full(sampleFacts(firewall)))).status).toBe(201);
  }
  const path = `/devices/${device.id}`;
  const reports = (await all(`${path}/reports`, 'reports', 1, { asker: 'auditor' })) as {
    sequence: number;
    signature: string;
    chain: string;
  }[];
  expect(reports.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
  expect(reports.every(({ signature }) => signature === 'valid')).toBe(true);
  expect(reports.map(({ chain }) => chain)).toEqual(['linked', 'linked', 'linked', 'first']);
  const jws = await call('GET', `${path}/reports/3`);
  expect(jws.type).toBe('application/jose');
  expect(jws.body.split('.')).toHaveLength(3);
  expect((await call('GET', `${path}/reports/9`)).status).toBe(404);
  const sheet = await call('GET', `${path}/exports/fact-sheet-pdf`);
  expect(sheet.body.slice(0, 5)).toBe('%PDF-');
});

test('what was day by day, and whether the audit log is whole', async () => {
  const { body } = await call('GET', '/history?days=30', { asker: 'token' });
  expect(body.days.at(-1)).toMatchObject({ counts: { failing: expect.any(Number) } });
  expect(body.checks.find(({ check }: { check: string }) => check === 'firewall')).toMatchObject({
    fixed: 2,
  });
  await expect
    .poll(async () => (await call('GET', '/audit/chain', { asker: 'auditor' })).body)
    .toMatchObject({ at: expect.any(String), brokenAt: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
});
