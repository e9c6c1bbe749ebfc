import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recoverChain } from '../../../agent/sync/chain-copy.ts';
import { openCollector } from '../../../agent/sync/client.ts';
import { deliver } from '../../../agent/sync/delivery.ts';
import type { DeviceKey } from '../../../agent/sync/identity.ts';
import { type Observation, Outbox } from '../../../agent/sync/outbox.ts';
import { temporaryDirectory } from '../run-agent.ts';
import { certificateOne, certificateTwo } from './certificates.ts';
import { FakeCollector, json, pinOf, problem } from './fake-collector.ts';

let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;
let outbox: Outbox;
let key: DeviceKey;

beforeEach(async () => {
  state = temporaryDirectory();
  collector = await FakeCollector.start();
  outbox = await Outbox.open(state.path);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  key = {
    privateKey,
    publicKey: raw,
    store: {
      home: 'file',
      description: '',
      read: async () => '',
      write: async () => {},
      remove: async () => {},
    },
  };
  collector.publicKey = raw;
});
afterEach(async () => {
  outbox.close();
  await collector.stop();
  state[Symbol.dispose]();
});

let second = 0;
/** What a run found; the same facts every time, on a machine with this version. */
function observed({
  osVersion = '12',
  takenAt = new Date(Date.UTC(2026, 10, 1) + 1_000 * second++),
}: {
  osVersion?: string;
  takenAt?: Date;
} = {}): Observation {
  return {
    takenAt,
    agent: '0.1.0',
    policy: { id: 'example', version: 3 },
    machine: { platform: 'linux', osName: 'debian', osVersion },
    facts: { firewall: { enabled: { unknown: 'denied' } } },
  };
}

async function send(url = collector.url, pin = pinOf(certificateOne.cert), now = () => new Date()) {
  const open = openCollector(url, pin);
  try {
    return await deliver({
      directory: state.path,
      device: collector.device,
      outbox,
      collector: open,
      key,
      now,
      prove: async () => {},
    });
  } finally {
    open.close();
  }
}

const kinds = () => collector.kept.map(({ report }) => ('unchanged' in report ? 'unchanged' : 'full'));

test('three observations become a whole chain; the same facts travel once', async () => {
  outbox.add(observed());
  outbox.add(observed());
  outbox.add(observed({ osVersion: '13' }));
  expect(await send()).toMatchObject({
    delivered: 3,
    problem: undefined,
    policy: { id: 'example', version: 3 },
  });
  expect(kinds()).toEqual(['full', 'unchanged', 'full']);
  expect(collector.kept.map(({ report }) => report.sequence)).toEqual([1, 2, 3]);
  expect(outbox.waiting().reports).toBe(0);
  expect(outbox.sent(10).map(({ sequence, outcome }) => [sequence, outcome])).toEqual([
    [3, 'accepted'],
    [2, 'accepted'],
    [1, 'accepted'],
  ]);
  // An unchanged report fits one packet.
  expect(collector.wireBytes[1]).toBeLessThan(1_024);
});

test('an answer that was lost: the very same bytes go out again and count once', async () => {
  outbox.add(observed());
  collector.fault = (request, response, body) => {
    collector.fault = undefined;
    // The collector keeps it, but its answer never arrives.
    void fetchInto(collector, body);
    response.socket?.destroy();
    return request.url !== undefined;
  };
  expect((await send()).problem?.kind).toBe('unreachable');
  const first = outbox.head()?.signed?.jws;
  expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  expect(collector.kept).toHaveLength(1);
  expect(collector.kept[0]?.jws).toBe(first);
});

async function fetchInto(target: FakeCollector, body: string) {
  const open = openCollector(target.url, pinOf(certificateOne.cert));
  await open.request({ method: 'POST', path: '/api/v1/reports', body, contentType: 'application/jose' });
  open.close();
}

test('a collector that forgot the facts gets them in full', async () => {
  outbox.add(observed());
  await send();
  outbox.add(observed());
  let refused = 0;
  collector.fault = (request, response) => {
    if (request.method !== 'POST' || refused > 0) return false;
    refused += 1;
    problem(response, 409, 'digest-unknown');
    return true;
  };
  expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  expect(kinds()).toEqual(['full', 'full']);
});

test('a collector restored from a backup gets what it lost again, as it was', async () => {
  for (let count = 0; count < 3; count += 1) outbox.add(observed());
  await send();
  const before = collector.kept.map(({ jws }) => jws);
  collector.kept.length = 1;
  outbox.add(observed());
  expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  expect(collector.kept.slice(0, 3).map(({ jws }) => jws)).toEqual(before);
  expect(collector.kept).toHaveLength(4);
});

test('a clock that is a day ahead: the report says when by the collector’s clock', async () => {
  outbox.add(observed({ takenAt: new Date(Date.now() + 86_400_000) }));
  collector.fault = (_request, response) => {
    response.setHeader('date', new Date(Date.now() - 86_400_000).toUTCString());
    return false;
  };
  // The collector's clock is the true one here: its "now" is a day before ours in the Date header.
  expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  expect(Date.parse(collector.kept[0]?.report.takenAt ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
});

test('a report that is refused for good is set aside, and the next one takes its number', async () => {
  outbox.add(observed());
  outbox.add(observed({ osVersion: '13' }));
  let refused = 0;
  collector.fault = (_request, response) => {
    if (refused > 0) return false;
    refused += 1;
    problem(response, 400, 'bad-report');
    return true;
  };
  expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  expect(collector.kept.map(({ report }) => report.sequence)).toEqual([1]);
  expect(outbox.sent(10).map(({ outcome }) => outcome)).toEqual(['accepted', 'bad-report']);
});

test('a removed device stops', async () => {
  outbox.add(observed());
  collector.revoked = true;
  expect((await send()).problem).toMatchObject({ kind: 'refused', problem: 'device-revoked' });
  expect(outbox.recall('revokedAt')).toBeDefined();
});

describe('what is no answer of the collector', () => {
  beforeEach(() => outbox.add(observed()));
  afterEach(async () => {
    expect(outbox.waiting().reports, 'nothing is lost').toBe(1);
    collector.fault = undefined;
    expect(await send()).toMatchObject({ delivered: 1, problem: undefined });
  });

  test.each([
    [
      'a sign-in page',
      200,
      'text/html',
      '<html>Please sign in to Hotel Wifi</html>',
      'impostor',
      /proxy or a sign-in page/,
    ],
    [
      'a refusal of a proxy',
      403,
      'text/html',
      '<html>blocked</html>',
      'impostor',
      /something else than a collector/,
    ],
    ['a broken gateway', 502, 'text/html', '<html>bad gateway</html>', 'busy', /cannot answer now/],
    ['half an answer', 201, 'application/json', '{"sequence":1,', 'impostor', /no receipt/],
    [
      'another receipt',
      201,
      'application/json',
      JSON.stringify({
        sequence: 7,
        digest: '0'.repeat(64),
        receivedAt: '2026-11-01T00:00:00Z',
        policy: { id: 'x', version: 1 },
      }),
      'impostor',
      /another report/,
    ],
  ])('%s', async (_name, status, contentType, body, kind, message) => {
    collector.fault = (_request, response) => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
      return true;
    };
    const { problem: met } = await send();
    expect(met).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(met?.message).not.toContain('Hotel');
  });

  test('Retry-After is passed on', async () => {
    collector.fault = (_request, response) => {
      response.setHeader('retry-after', '120');
      json(response, 503, {});
      return true;
    };
    expect((await send()).problem).toMatchObject({ kind: 'busy', retryAfterSeconds: 120 });
  });

  test('an answer that breaks off is a lost connection, not a stranger', async () => {
    collector.fault = (_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{', () => response.socket?.destroy());
      return true;
    };
    const { problem: met } = await send();
    expect(met).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('was cut') });
    expect(met?.message).not.toContain('nothing was sent');
  });

  test('an answer without an end is a stranger’s, to whom something was sent', async () => {
    collector.fault = (_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('x'.repeat(5 * 1024 * 1024));
      return true;
    };
    const { problem: met } = await send();
    expect(met).toMatchObject({ kind: 'impostor', message: expect.stringContaining('larger than any') });
    expect(met?.message).not.toContain('nothing was sent');
  });

  test('a port that speaks something else says so', async () => {
    const plain = await FakeCollector.start({ tls: null });
    const { problem: met } = await send(plain.url.replace('http:', 'https:'));
    expect(met).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('does not speak TLS'),
    });
    await plain.stop();
  });

  test('another certificate: refused, and no request is sent', async () => {
    const impostor = await FakeCollector.start({ tls: certificateTwo });
    expect((await send(impostor.url)).problem).toMatchObject({ kind: 'impostor' });
    expect(impostor.requests).toEqual([]);
    await impostor.stop();
  });

  test('nobody there', async () => {
    expect((await send('https://127.0.0.1:9')).problem).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('nothing listens'),
    });
  });
});

test('an outbox that was lost goes on where the chain was', async () => {
  outbox.add(observed());
  outbox.add(observed());
  await send();
  outbox.close();
  const file = join(state.path, 'outbox.db');
  writeFileSync(file, readFileSync(file).subarray(0, 3_000));
  outbox = await Outbox.open(state.path);
  expect(outbox.setAside).toContain('outbox.db.broken-');
  await recoverChain(state.path, outbox);
  outbox.add(observed());
  expect(await send()).toMatchObject({ problem: undefined });
  expect(collector.kept.map(({ report }) => report.sequence)).toEqual([1, 2, 3]);
});
