import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCollectorKey } from '../../server/signing/collector-key.ts';
import { signJws } from '../../server/signing/compact-jws.ts';
import { formatToken } from '../../shared/api.ts';
import { collectorProofType } from '../../shared/device-request.ts';
import { basePolicy } from '../../shared/policy.ts';
import { policyDocument, policyType } from '../../shared/policy-document.ts';
import { temporaryDirectory } from '../agent/run-agent.ts';
import { certificateOne, certificateTwo } from '../agent/sync/certificates.ts';
import { pinOf } from '../agent/sync/fake-collector.ts';
import { type SampleCollector, startCollector } from '../server/sample-collector.ts';
import { FaultDevice } from './fault-device.ts';
import { FaultProxy } from './fault-proxy.ts';
import { type Answer, askTruly, Crossroads, Impostor } from './impostor.ts';
import { buildReplayedAgent } from './replayed-agent/build.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// A real collector, a real agent process that is enrolled there and has reported once, and a network that somebody else took over.
let folder: ReturnType<typeof temporaryDirectory>;
let collector: SampleCollector;
let front: FaultProxy;
let crossroads: Crossroads;
let device: FaultDevice;
let frontPort: number;

beforeEach(async () => {
  folder = temporaryDirectory();
  collector = await startCollector();
  front = await FaultProxy.start(collector.url, certificateOne);
  frontPort = Number(new URL(front.url).port);
  crossroads = await Crossroads.start();
  crossroads.to = frontPort;
  device = new FaultDevice(await buildReplayedAgent(), folder.path, folder.path);
  const token = formatToken({
    url: crossroads.url,
    code: await collector.code(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    pin: pinOf(certificateOne.cert),
  });
  expect((await device.start(['--enroll', token, '--yes']).ended).code).toBe(0);
  expect((await device.start(['--report']).ended).code).toBe(0);
});
afterEach(async () => {
  crossroads.stop();
  await front.stop();
  await collector.close();
  folder[Symbol.dispose]();
});

/** Reports to an impostor what has changed meanwhile; then the collector is back, and gets it. Resolves with what the agent said. */
async function reportTo(
  impostor: Impostor,
  alsoTold: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  crossroads.to = impostor.port;
  device.change();
  const { code, stdout } = await device.start(['--report']).ended;
  expect(
    (await device.start(['--request-waiver', 'firewall', '--reason', 'My printer needs it']).ended).code,
  ).toBe(69);
  // Whatever it answered, it was only ever asked for the policy, and told nothing in the question but what is named here.
  for (const { method, path, body } of impostor.heard) {
    expect(['GET /api/v1/policy 0', ...alsoTold]).toContain(`${method} ${path} ${body.length}`);
  }
  expect(device.look(), 'the report waits').toBe(1);
  impostor.stop();
  crossroads.to = frontPort;
  expect((await device.start(['--deliver']).ended).code).toBe(0);
  expect(device.look()).toBe(0);
  return { code, stdout };
}

/** An answer to the question for the policy as a key would sign it. */
function policyAnswer(key: KeyObject, version: number, nonce: string): Answer {
  const document = policyDocument({ ...basePolicy(), version }, new Date('2026-01-01T00:00:00Z'));
  const jws = signJws(JSON.stringify(document), policyType, key);
  const etag = `"${version}"`;
  const proof = signJws(JSON.stringify({ jti: nonce, etag }), collectorProofType, key);
  return {
    status: 200,
    headers: { 'content-type': 'application/jose', etag, 'muster-proof': proof },
    body: jws,
  };
}

/** The nonce of a request, as anybody can read it. */
const nonceOf = (authorization = ''): string =>
  (JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()) as { jti: string }).jti;

test('another certificate: not one byte of a request arrives', async () => {
  const impostor = await Impostor.start(certificateTwo, (heard) => askTruly(collector.url, heard));
  const { code, stdout } = await reportTo(impostor);
  expect(impostor.heard).toEqual([]);
  expect(code).toBe(69);
  expect(stdout).toContain(
    'shows another certificate than the one named by this machine’s enrollment token; nothing was sent',
  );
});

test('the true certificate, but another signing key', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const impostor = await Impostor.start(certificateOne, ({ headers }) =>
    policyAnswer(privateKey, 9, nonceOf(headers.authorization)),
  );
  const { code, stdout } = await reportTo(impostor);
  expect(impostor.heard.length).toBeGreaterThan(0);
  expect(code).toBe(69);
  expect(stdout).toContain('cannot prove that it is the collector this machine was enrolled with');
});

test('an older policy, signed by the true key', async () => {
  const { number } = collector.organization;
  await collector.stores.organizations.publish(
    number,
    { ...basePolicy(), version: 2 },
    'console',
    new Date(),
  );
  expect((await device.start(['--report']).ended).code).toBe(0);
  const { privateKey } = readCollectorKey(collector.folder);
  const impostor = await Impostor.start(certificateOne, ({ headers }) =>
    policyAnswer(privateKey, 1, nonceOf(headers.authorization)),
  );
  // Who has the key and not the policy is the collector, come back from a backup: it hears which version is held.
  const { code, stdout } = await reportTo(impostor, ['GET /api/v1/policy?held=2 0']);
  expect(code).toBe(69);
  expect(stdout).toContain('version 1, older than version 2 that was in force here; it is refused');
});

test.each(['the policy', 'that nothing has changed'])(
  'an answer of the collector, said again: %s',
  async (what) => {
    // Somebody who could listen once says the same again, word for word.
    let recorded: Answer | undefined;
    const listener = await Impostor.start(certificateOne, async (heard) => {
      const { 'if-none-match': _etag, ...without } = heard.headers;
      const answer = await askTruly(collector.url, {
        ...heard,
        headers: what === 'the policy' ? without : heard.headers,
      });
      if (heard.path === '/api/v1/policy') recorded = answer;
      return answer;
    });
    crossroads.to = listener.port;
    expect((await device.start(['--report']).ended).code).toBe(0);
    listener.stop();
    expect(recorded?.status).toBe(what === 'the policy' ? 200 : 304);
    const impostor = await Impostor.start(certificateOne, () => recorded as Answer);
    const { code, stdout } = await reportTo(impostor);
    expect(code).toBe(69);
    expect(stdout).toContain('cannot prove that it is the collector');
  },
);
