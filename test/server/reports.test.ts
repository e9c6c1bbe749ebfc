import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../../server/ingest/verify-evidence.ts';
import { sha256 } from '../../server/signing/compact-jws.ts';
import type { Problem, ReportReceipt } from '../../shared/api.ts';
import { maxReportBytes } from '../../shared/report.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, SampleDevice, sampleFacts, sampleMachine } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const send = (jws: string | Uint8Array, headers?: Record<string, string>) =>
  post(collector.url, jws, headers);
const problem = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return {
    status: response.status,
    type: ((await response.json()) as Problem).type.replace('urn:muster:problem:', ''),
  };
};
const deviceRow = async (device: SampleDevice) => {
  const row = await collector.stores.devices.byId(collector.organization.number, device.id);
  if (row === undefined) throw new Error('no such device');
  return row;
};

describe('a report', () => {
  test('is kept, judged and answered with a receipt; an unchanged one follows', async () => {
    const device = await collector.device();
    const first = device.full(sampleFacts('off'));
    const response = await send(first);
    expect(response.status).toBe(201);
    const receipt = (await response.json()) as ReportReceipt;
    expect(receipt).toMatchObject({
      sequence: 1,
      digest: sha256(first).toString('hex'),
      policy: { id: 'base', version: 1 },
    });
    const row = await deviceRow(device);
    expect(row.state).toBe('failing');
    expect(row.failing).toContain('firewall');
    // The rest of the catalogue was never mentioned: unknown, not passed.
    expect(row.unknown).toContain('screen-lock');

    const second = device.unchanged();
    expect((await send(second)).status).toBe(201);
    const kept = await collector.stores.reports.recent((await deviceRow(device)).number, 10, 10);
    expect(kept.map(({ sequence, kind, jws }) => [sequence, kind, jws])).toEqual([
      [2, 'unchanged', second],
      [1, 'full', first],
    ]);
  });

  test('sent twice is answered twice and counted once', async () => {
    const device = await collector.device();
    const first = device.full(sampleFacts());
    const second = device.unchanged();
    const receipts = [
      await send(first),
      await send(first),
      await send(second),
      await send(first),
      await send(second),
    ];
    expect(receipts.map(({ status }) => status)).toEqual([201, 200, 201, 200, 200]);
    const bodies = await Promise.all(receipts.map((receipt) => receipt.json()));
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[4]).toEqual(bodies[2]);
    expect((await deviceRow(device)).sequence).toBe(2);
  });

  test('may come compressed', async () => {
    const device = await collector.device();
    const response = await send(gzipSync(device.full(sampleFacts())), { 'content-encoding': 'gzip' });
    expect(response.status).toBe(201);
  });

  test('changes what changed and keeps since when the rest has been so', async () => {
    const device = await collector.device();
    await send(device.full(sampleFacts('on')));
    const { number } = await deviceRow(device);
    const before = await collector.stores.findings.ofDevice(collector.organization.number, number);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await send(device.full(sampleFacts('off')));
    const after = await collector.stores.findings.ofDevice(collector.organization.number, number);
    const changed = [...after].filter(
      ([subject, { since }]) => since.getTime() !== before.get(subject)?.since.getTime(),
    );
    expect(changed.map(([subject, { status }]) => [subject, status])).toEqual([
      ['firewall', 'fail'],
      ['firewall/enabled', 'fail'],
    ]);
    const timeline = await collector.stores.findings.timeline(collector.organization.number, number, 10);
    expect(timeline.map(({ subject, before: was, after: is }) => [subject, was, is])).toEqual(
      expect.arrayContaining([['firewall/enabled', 'pass', 'fail']]),
    );
    const { points: broken } = await collector.stores.findings.broken(
      collector.organization.number,
      new Date(0),
      new Date(),
      10,
    );
    expect(broken.filter((one) => one.device === device.id)).toMatchObject([
      { subject: 'firewall/enabled', observed: 'off' },
    ]);
  });

  test('keeps the counters equal to what they count', async () => {
    const { stores, organization } = collector;
    const devices = await Promise.all(Array.from({ length: 5 }, () => collector.device()));
    for (const firewall of ['on', 'off', 'unknown', 'on'] as const) {
      await Promise.all(
        devices.map((device, index) => send(device.full(sampleFacts(index === 0 ? 'on' : firewall)))),
      );
    }
    const everyone = await stores.devices.list(
      organization.number,
      { search: '', state: null, platform: null, check: null, sort: 'device', descending: false },
      1_000,
      0,
    );
    const states = await stores.devices.stateCounts(organization.number);
    for (const state of ['failing', 'unknown', 'silent', 'compliant'] as const) {
      expect(states[state]).toBe(everyone.filter((device) => device.state === state).length);
    }
    const counts = await stores.devices.findingCounts(organization.number);
    const counted: Record<string, number> = {};
    for (const device of everyone) {
      for (const [subject, { status }] of await stores.findings.ofDevice(
        organization.number,
        device.number,
      )) {
        counted[`${subject} ${status}`] = (counted[`${subject} ${status}`] ?? 0) + 1;
      }
    }
    for (const [subject, byStatus] of counts) {
      for (const [status, number] of Object.entries(byStatus)) {
        expect([subject, status, number]).toEqual([subject, status, counted[`${subject} ${status}`] ?? 0]);
      }
    }
  });
});

describe('refused', () => {
  test('every changed byte', async () => {
    const device = await collector.device();
    const jws = device.full(sampleFacts());
    for (let index = 0; index < jws.length; index += 97) {
      const other = jws[index] === 'A' ? 'B' : 'A';
      const tampered = jws.slice(0, index) + other + jws.slice(index + 1);
      const response = await send(tampered);
      expect([400, 401]).toContain(response.status);
    }
    expect((await deviceRow(device)).sequence).toBe(0);
    expect((await send(jws)).status).toBe(201);
  });

  test('a report signed by somebody else, or in the name of another device', async () => {
    const device = await collector.device();
    const other = await collector.device();
    const stranger = new SampleDevice();
    stranger.id = device.id;
    expect(await problem(await send(stranger.full(sampleFacts())))).toEqual({
      status: 401,
      type: 'bad-signature',
    });
    const unknown = new SampleDevice();
    expect(await problem(await send(unknown.full(sampleFacts())))).toEqual({
      status: 401,
      type: 'bad-signature',
    });
    const inOthersName = other.full(sampleFacts(), { device: device.id });
    expect(await problem(await send(inOthersName))).toEqual({ status: 400, type: 'bad-report' });
  });

  test('a header that says anything else, and anything beside facts', async () => {
    const device = await collector.device();
    const [, payload, signature] = device.full(sampleFacts()).split('.');
    const header = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const value of [
      { alg: 'none', typ: 'muster-report+jws', kid: device.id },
      { alg: 'HS256', typ: 'muster-report+jws', kid: device.id },
      { alg: 'EdDSA', typ: 'muster-report+jws', kid: device.id, jwk: {} },
      { alg: 'EdDSA', typ: 'JWT', kid: device.id },
      { alg: 'EdDSA', typ: 'muster-report+jws' },
    ]) {
      const response = await send(`${header(value)}.${payload}.${signature}`);
      expect(await problem(response)).toEqual({ status: 400, type: 'bad-report' });
    }
    const wrong = new SampleDevice();
    for (const nonsense of [
      '',
      'a',
      'a.b.c',
      '..',
      `${header({})}.${payload}.${signature}`,
      wrong.sign([]),
    ]) {
      expect([400, 401]).toContain((await send(nonsense)).status);
    }
    const values = device.sign({
      schema: 'muster.report/1',
      facts: { firewall: { enabled: { value: { hostname: 'canary-host' } } } },
    });
    const response = await send(values);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('canary');
    expect(collector.log.join('')).not.toContain('canary');
  });

  test('what is nested so deeply that going through it fills the stack, wherever it says that', async () => {
    const device = await collector.device();
    const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const first = device.full(sampleFacts());
    const report = JSON.parse(Buffer.from(first.split('.')[1] ?? '', 'base64url').toString());
    const signed = (depth: number) => {
      const { firewall, ...facts } = report.facts;
      const enabled = { ...firewall.enabled, more: deep(depth) };
      return [
        device.sign({ ...report, more: deep(depth) }),
        device.sign({ ...report, machine: { ...report.machine, more: deep(depth) } }),
        device.sign({ ...report, facts: { ...report.facts, 'from-the-future': deep(depth) } }),
        device.sign({ ...report, facts: { ...facts, firewall: { ...firewall, enabled } } }),
      ];
    };
    for (const depth of [64, 12_000]) {
      for (const jws of signed(depth)) {
        expect(await problem(await send(jws))).toEqual({ status: 400, type: 'bad-report' });
      }
    }
    // What is taken can be verified again.
    const [, , taken] = signed(62);
    expect((await send(taken ?? '')).status).toBe(201);
    const { broken } = await verifyEvidence(collector.stores);
    expect(broken.filter((one) => one.device === device.id)).toEqual([]);
  });

  test('one that is too large, before it is read', async () => {
    const device = await collector.device();
    const jws = device.full(sampleFacts(), { padding: 'x'.repeat(maxReportBytes) });
    expect(await problem(await send(jws))).toEqual({ status: 413, type: 'too-large' });
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 'a'));
    expect(bomb.length).toBeLessThan(maxReportBytes);
    expect((await send(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test('what claims to be compressed and is not, is cut off, or stops in the middle', async () => {
    const device = await collector.device();
    const compressed = gzipSync(device.full(sampleFacts()));
    const zipped = { 'content-encoding': 'gzip' };
    expect((await send('not gzip at all', zipped)).status).toBe(400);
    expect((await send(compressed.subarray(0, compressed.length - 20), zipped)).status).toBe(400);
    expect((await send(compressed, { 'content-encoding': 'br' })).status).toBe(400);
    const half = connect(Number(new URL(collector.url).port), '127.0.0.1');
    half.write(
      'POST /api/v1/reports HTTP/1.1\r\nhost: x\r\ncontent-type: application/jose\r\ncontent-encoding: gzip\r\ncontent-length: 1000\r\n\r\n',
    );
    half.write(compressed.subarray(0, 40));
    await new Promise((resolve) => setTimeout(resolve, 50));
    half.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await send(compressed, zipped)).status).toBe(201);
  });

  test('a gap, until the missing one has come', async () => {
    const device = await collector.device();
    const first = device.full(sampleFacts());
    const second = device.unchanged();
    const third = device.unchanged();
    expect((await send(first)).status).toBe(201);
    const response = await send(third);
    expect(((await response.clone().json()) as { expectedSequence: number }).expectedSequence).toBe(2);
    expect(await problem(response)).toEqual({ status: 409, type: 'sequence-gap' });
    expect((await send(second)).status).toBe(201);
    expect((await send(third)).status).toBe(201);
  });

  test('unchanged since facts that nobody has', async () => {
    const device = await collector.device();
    device.factsDigest = '0'.repeat(64);
    expect(await problem(await send(device.unchanged()))).toEqual({ status: 409, type: 'digest-unknown' });
  });

  test('a time that lies days ahead; hours ahead it counts and the skew is known', async () => {
    const device = await collector.device();
    const ahead = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    expect(await problem(await send(device.full(sampleFacts(), { takenAt: ahead(48) })))).toEqual({
      status: 422,
      type: 'clock-skew',
    });
    Object.assign(device, { sequence: 0, previous: null });
    expect((await send(device.full(sampleFacts(), { takenAt: ahead(5) }))).status).toBe(201);
    expect((await deviceRow(device)).clockSkewSeconds).toBeGreaterThan(17_900);
  });

  test('a device that was removed', async () => {
    const device = await collector.device();
    await send(device.full(sampleFacts()));
    await collector.stores.devices.revoke(collector.organization.number, device.id, 'console', new Date());
    expect(await problem(await send(device.unchanged()))).toEqual({ status: 403, type: 'device-revoked' });
  });
});

test('a copied disk image: the second machine is kept apart and the device is marked', async () => {
  const device = await collector.device();
  await send(device.full(sampleFacts()));
  const copy = Object.assign(new SampleDevice(), {
    privateKey: device.privateKey,
    id: device.id,
    sequence: device.sequence,
    previous: device.previous,
  });
  expect((await send(device.full(sampleFacts('on')))).status).toBe(201);
  expect(await problem(await send(copy.full(sampleFacts('off'))))).toEqual({
    status: 409,
    type: 'chain-broken',
  });
  expect(await problem(await send(copy.full(sampleFacts('off'))))).toEqual({
    status: 409,
    type: 'chain-broken',
  });
  expect((await send(device.unchanged())).status).toBe(201);
  const row = await deviceRow(device);
  expect(row.divergedAt).not.toBeNull();
  expect(row.failing).not.toContain('firewall');
  expect(await collector.stores.reports.strayCount(row.number)).toBe(2);
  expect(row.sequence).toBe(3);
});

test('facts of checks a newer agent knows are dropped, and the report still counts', async () => {
  const device = await collector.device();
  const facts = { ...sampleFacts(), 'from-the-future': { point: { value: { on: true } } } };
  const digest = device.full(facts as never);
  expect((await send(digest)).status).toBe(201);
  expect((await send(device.unchanged())).status).toBe(201);
  expect(sampleMachine.platform).toBe('linux');
});
