import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EnrollRequest } from '../../../shared/api.ts';
import { runAgent, temporaryDirectory } from '../run-agent.ts';
import { certificateTwo } from './certificates.ts';
import { FakeCollector } from './fake-collector.ts';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let state: ReturnType<typeof temporaryDirectory>;
let collector: FakeCollector;

beforeEach(async () => {
  state = temporaryDirectory();
  collector = await FakeCollector.start();
});
afterEach(async () => {
  await collector.stop();
  state[Symbol.dispose]();
});

const agent = (...args: string[]) => runAgent(args, { MUSTER_STATE: state.path });

test('shows the notice, then enrolls with a key made here, and pulls the policy', async () => {
  const { code, stdout, stderr } = await agent('--enroll', collector.token(), '--yes');
  expect(stderr).toContain('Example Ltd (dpo@example.test)');
  expect(stderr).toContain('90 days.');
  expect(stderr.indexOf('Nothing about this machine has been sent yet')).toBeGreaterThan(0);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(collector.device);
  expect(collector.requests).toEqual(['GET /api/v1/enroll', 'POST /api/v1/enroll', 'GET /api/v1/policy']);
  EnrollRequest.strict().parse(collector.enrollments[0]);
  expect(statSync(join(state.path, 'device-key')).mode & 0o777).toBe(0o600);
  const kept = readFileSync(join(state.path, 'enrollment.json'), 'utf8');
  expect(kept).not.toContain(collector.code);
});

test('without a terminal and without --yes nothing at all is sent', async () => {
  const { code } = await agent('--enroll', collector.token());
  expect(code).toBe(64);
  expect(collector.requests).toEqual([]);
});

test('a host with another certificate gets no byte of a request', async () => {
  const impostor = await FakeCollector.start({ tls: certificateTwo });
  try {
    const { code, stderr } = await agent('--enroll', collector.token({ url: impostor.url }), '--yes');
    expect(code).toBe(69);
    expect(stderr).toContain('another certificate');
    expect(impostor.requests).toEqual([]);
  } finally {
    await impostor.stop();
  }
});

test('a self-signed certificate is no good without a pin', async () => {
  const { code, stderr } = await agent('--enroll', collector.token({ pin: null }), '--yes');
  expect(code).toBe(69);
  expect(stderr).toContain('vouched for by nobody');
  expect(collector.requests).toEqual([]);
});

test('plain HTTP to another machine is refused before a connection is made', async () => {
  const { code, stderr } = await agent(
    '--enroll',
    collector.token({ url: 'http://192.0.2.1:1', pin: null }),
    '--yes',
  );
  expect(code).toBe(69);
  expect(stderr).toContain('without encryption');
});

test('an expired token and half a token are told apart', async () => {
  const expired = await agent('--enroll', collector.token({ expiresAt: '2026-01-01T00:00:00Z' }), '--yes');
  expect(expired).toMatchObject({
    code: 69,
    stderr: expect.stringMatching(/expired 202[56]-.*set the clock if it is wrong/),
  });
  const half = await agent('--enroll', collector.token().slice(0, 60), '--yes');
  expect(half).toMatchObject({ code: 64, stderr: expect.stringContaining('cut off') });
  expect(collector.requests).toEqual([]);
});

test('the token comes from a file too, and is never printed', async () => {
  const file = join(state.path, 'token');
  writeFileSync(file, `${collector.token()}\n`, { mode: 0o600 });
  const { code, stdout, stderr } = await agent('--enroll-file', file, '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).not.toContain(collector.code);
  expect(stdout + stderr).not.toContain(collector.token().slice(8, 60));
});

test('an enrollment whose answer was lost is finished with the same key and the same device', async () => {
  let lost = 0;
  collector.fault = (request, response) => {
    if (request.method !== 'POST' || lost > 0) return false;
    lost += 1;
    response.socket?.destroy();
    return true;
  };
  expect((await agent('--enroll', collector.token(), '--yes')).code).toBe(75);
  const second = await agent('--enroll', collector.token(), '--yes');
  expect(second.code, second.stderr).toBe(0);
  const third = await agent('--enroll', collector.token(), '--yes');
  expect(third).toMatchObject({
    code: 69,
    stderr: expect.stringContaining('already enrolled at Example Ltd'),
  });
});

test('a redirect is not followed', async () => {
  const elsewhere = await FakeCollector.start({ tls: null });
  collector.fault = (_request, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/api/v1/enroll` }).end();
    return true;
  };
  try {
    const { code, stderr } = await agent('--enroll', collector.token(), '--yes');
    expect(code).toBe(69);
    expect(stderr).toContain('sends us elsewhere');
    expect(elsewhere.requests).toEqual([]);
  } finally {
    await elsewhere.stop();
  }
});
