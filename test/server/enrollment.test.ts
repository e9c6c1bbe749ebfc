import { compactVerify, decodeProtectedHeader, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHeader, signJws, splitJws, verifyJws } from '../../server/signing/compact-jws.ts';
import { publicKeyOf } from '../../server/signing/keys.ts';
import { newId } from '../../server/storage/ids.ts';
import type { EnrollmentNotice, EnrollResponse, Problem } from '../../shared/api.ts';
import { deviceRequestType } from '../../shared/device-request.ts';
import { basePolicy } from '../../shared/policy.ts';
import { PolicyDocument, policyFrom, policyType } from '../../shared/policy-document.ts';
import { type SampleCollector, startCollector } from './sample-collector.ts';
import { post, SampleDevice, sampleFacts } from './sample-device.ts';

let collector: SampleCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

const typeOf = async (response: Response) =>
  ((await response.json()) as Problem).type.replace('urn:muster:problem:', '');
const inOrganization = (expiresAt: Date) =>
  collector.stores.enrollments.create(
    { organization: collector.organization.number, owner: 'company', expiresAt },
    'console',
    new Date(),
  );
const notice = (code: string) =>
  fetch(`${collector.url}/api/v1/enroll`, { headers: { authorization: `Bearer ${code}` } });

describe('enrollment', () => {
  test('shows the notice first, then makes a device; the same again is the same device', async () => {
    const code = await collector.code();
    const shown = (await (await notice(code)).json()) as EnrollmentNotice;
    expect(shown).toMatchObject({ controller: 'Acme', contact: 'it@acme.example' });
    const device = new SampleDevice();
    const first = await device.enroll(collector.url, code);
    expect(first.status).toBe(201);
    const { id } = device;
    const again = (await (await device.enroll(collector.url, code)).json()) as EnrollResponse;
    expect(again.device).toBe(id);
    const stored = await collector.stores.devices.byId(collector.organization.number, id);
    expect(stored).toMatchObject({ owner: 'company', state: 'silent', system: 'Ubuntu 24.04' });
    expect(stored?.label).toMatch(/^D-[0-9A-HJKMNP-TV-Z]{8}$/);
  });

  test('a used code is good for nobody else', async () => {
    const code = await collector.code();
    await new SampleDevice().enroll(collector.url, code);
    const thief = await new SampleDevice().enroll(collector.url, code);
    expect(thief.status).toBe(410);
    expect(await typeOf(thief)).toBe('code-expired');
  });

  test('a whole office behind one address enrolls at once; guesses from there are held up, and not the office with them', async () => {
    const ask = (code: string, remoteAddress = '203.0.113.7') =>
      collector.app.inject({
        url: '/api/v1/enroll',
        remoteAddress,
        headers: { authorization: `Bearer ${code}` },
      });
    const enroll = async () => {
      const code = await collector.code();
      const shown = await ask(code);
      const joined = await collector.app.inject({
        method: 'POST',
        url: '/api/v1/enroll',
        remoteAddress: '203.0.113.7',
        payload: {
          code,
          publicKey: new SampleDevice().publicKey,
          agent: '0.1.0',
          machine: { platform: 'linux', osName: 'debian' },
          noticeVersion: '1',
        },
      });
      return [shown.statusCode, joined.statusCode];
    };
    for (let laptops = 0; laptops < 40; laptops += 1) expect(await enroll()).toEqual([200, 201]);

    const guess = (index: number) => String(index).padStart(43, 'A');
    for (let index = 0; index < 30; index += 1) expect((await ask(guess(index))).statusCode).toBe(410);
    expect((await ask(guess(30))).statusCode).toBe(429);
    expect((await ask(guess(31), '203.0.113.8')).statusCode).toBe(410);
    expect(await enroll()).toEqual([200, 201]);
    // A good code is counted by itself.
    const code = await collector.code();
    const answers: number[] = [];
    for (let times = 0; times < 31; times += 1) answers.push((await ask(code)).statusCode);
    expect(answers.filter((status) => status === 200)).toHaveLength(30);
    expect(answers.at(-1)).toBe(429);
  });

  test('two at once with one code make one device', async () => {
    const code = await collector.code();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => new SampleDevice().enroll(collector.url, code)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('an expired or unknown code, and a notice nobody showed, are refused', async () => {
    const expired = await inOrganization(new Date(Date.now() - 1));
    expect((await notice(expired)).status).toBe(410);
    expect((await new SampleDevice().enroll(collector.url, expired)).status).toBe(410);
    const unknown = 'A'.repeat(43);
    expect((await notice(unknown)).status).toBe(410);
    expect((await new SampleDevice().enroll(collector.url, unknown)).status).toBe(410);
    const device = new SampleDevice();
    const response = await fetch(`${collector.url}/api/v1/enroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: await collector.code(),
        publicKey: device.publicKey,
        agent: '0.1.0',
        machine: { platform: 'linux', osName: 'debian' },
        noticeVersion: 'never-shown',
      }),
    });
    expect(response.status).toBe(400);
  });
});

describe('the policy', () => {
  const ask = (authorization: string | undefined, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/api/v1/policy`, {
      headers: { ...(authorization !== undefined && { authorization }), ...headers },
    });

  test('comes signed by the collector, is what was published, and is not sent twice', async () => {
    const device = new SampleDevice();
    const enrolled = (await (
      await device.enroll(collector.url, await collector.code())
    ).json()) as EnrollResponse;
    const response = await ask(device.authorize('GET', '/api/v1/policy'));
    expect(response.status).toBe(200);
    const jws = await response.text();
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: enrolled.collectorKey }, 'EdDSA');
    const { payload, protectedHeader } = await compactVerify(jws, key);
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: policyType });
    const document = PolicyDocument.parse(JSON.parse(new TextDecoder().decode(payload)));
    expect(policyFrom(document)).toEqual(basePolicy());
    const etag = response.headers.get('etag') ?? '';
    const unchanged = await ask(device.authorize('GET', '/api/v1/policy'), { 'if-none-match': etag });
    expect(unchanged.status).toBe(304);

    const stricter = { ...basePolicy(), version: 2 };
    await collector.stores.organizations.publish(
      collector.organization.number,
      stricter,
      'console',
      new Date(),
    );
    const newer = await ask(device.authorize('GET', '/api/v1/policy'), { 'if-none-match': etag });
    expect(newer.status).toBe(200);
    const receipt = await post(collector.url, device.full(sampleFacts()));
    expect(await receipt.json()).toMatchObject({ policy: { id: 'base', version: 2 } });
    await expect(
      collector.stores.organizations.publish(collector.organization.number, stricter, 'console', new Date()),
    ).rejects.toThrow('higher version');
  });

  test('is for the device that signed this very request, once', async () => {
    const device = await collector.device();
    const path = '/api/v1/policy';
    const once = device.authorize('GET', path);
    expect((await ask(once)).status).toBe(200);
    expect((await ask(once)).status).toBe(401);
    const now = Math.floor(Date.now() / 1_000);
    const refused: [string | undefined, number][] = [
      [undefined, 401],
      ['Bearer nonsense', 401],
      [device.authorize('POST', path), 401],
      [device.authorize('GET', '/api/v1/other'), 401],
      [device.authorize('GET', path, 'another body'), 401],
      [device.authorize('GET', path, '', { iat: now - 600 }), 422],
      [device.authorize('GET', path, '', { iat: now + 600 }), 422],
      [device.authorize('GET', path, '', { sub: new SampleDevice().id }), 401],
      [Object.assign(new SampleDevice(), { id: device.id }).authorize('GET', path), 401],
    ];
    for (const [authorization, status] of refused) expect((await ask(authorization)).status).toBe(status);
    // A signed report is no signed request.
    const report = device.full(sampleFacts());
    expect((await ask(`Bearer ${report}`)).status).toBe(401);
    await collector.stores.devices.revoke(collector.organization.number, device.id, 'console', new Date());
    expect((await ask(device.authorize('GET', path))).status).toBe(403);
  });
});

describe('a device that asks', () => {
  const call = (device: SampleDevice, method: string, path: string, body = '') =>
    fetch(`${collector.url}${path}`, {
      method,
      headers: {
        authorization: device.authorize(method, path, body),
        ...(body !== '' && { 'content-type': 'application/json' }),
      },
      ...(body !== '' && { body }),
    });

  test('for a waiver is heard once, and decides nothing', async () => {
    const device = await collector.device();
    const body = JSON.stringify({
      id: newId(new Date()),
      check: 'firewall',
      point: 'enabled',
      reason: 'It breaks the printer in the office.',
    });
    for (const _again of [1, 2])
      expect((await call(device, 'POST', '/api/v1/waiver-requests', body)).status).toBe(201);
    const open = await collector.stores.waivers.waiting(collector.organization.number, 10);
    expect(open).toMatchObject([
      { device: { id: device.id }, check: 'firewall', point: 'enabled', requestedBy: `device:${device.id}` },
    ]);
    const other = body.replace('printer', 'scanner');
    const forged = await fetch(`${collector.url}/api/v1/waiver-requests`, {
      method: 'POST',
      headers: {
        authorization: device.authorize('POST', '/api/v1/waiver-requests', body),
        'content-type': 'application/json',
      },
      body: other,
    });
    expect(forged.status).toBe(401);
  });

  test('to leave is let go: it leaves the counts, its evidence stays, nothing more is accepted', async () => {
    const { stores, organization, url } = collector;
    const before = await stores.devices.stateCounts(organization.number);
    const device = await collector.device();
    await post(url, device.full(sampleFacts('off')));
    expect((await call(device, 'DELETE', '/api/v1/enroll')).status).toBe(204);
    expect(await stores.devices.stateCounts(organization.number)).toEqual(before);
    expect((await post(url, device.unchanged())).status).toBe(403);
    expect((await call(device, 'DELETE', '/api/v1/enroll')).status).toBe(403);
    const kept = await stores.devices.byId(organization.number, device.id);
    expect(await stores.reports.bySequence(kept?.number ?? 0, 1)).toMatchObject({ kind: 'full' });
  });
});

test('what we sign and verify ourselves is what jose signs and verifies', async () => {
  const device = new SampleDevice();
  const jwk = device.privateKey.export({ format: 'jwk' });
  const ours = signJws('{"a":1}', 'muster-report+jws', device.privateKey, 'some-device');
  const publicKey = publicKeyOf(Buffer.from(device.publicKey, 'base64url'));
  const { payload } = await compactVerify(ours, publicKey);
  expect(new TextDecoder().decode(payload)).toBe('{"a":1}');
  expect(decodeProtectedHeader(ours)).toEqual({ alg: 'EdDSA', typ: 'muster-report+jws', kid: 'some-device' });

  const theirs = await new SignJWT({ sub: 'x' })
    .setProtectedHeader({ alg: 'EdDSA', typ: deviceRequestType, kid: 'some-device' })
    .sign(await importJWK(jwk, 'EdDSA'));
  const parts = splitJws(theirs);
  if (parts === undefined) throw new Error('jose made something else');
  expect(readHeader(parts.header, deviceRequestType)).toEqual({ kid: 'some-device' });
  expect(verifyJws(parts, publicKey)).toBe(true);
  parts.signature[0] = (parts.signature[0] ?? 0) ^ 1;
  expect(verifyJws(parts, publicKey)).toBe(false);
  await expect(
    compactVerify(`${theirs.slice(0, -4)}${theirs.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`, publicKey),
  ).rejects.toThrow();
});

test('a device that leaves is believed once more, and never again', async () => {
  const device = await collector.device();
  const leave = (authorization: string) =>
    fetch(`${collector.url}/api/v1/enroll`, { method: 'DELETE', headers: { authorization } });
  expect((await post(collector.url, device.full(sampleFacts()))).status).toBe(201);
  const foreign = new SampleDevice();
  foreign.id = device.id;
  expect((await leave(foreign.authorize('DELETE', '/api/v1/enroll'))).status).toBe(401);
  expect((await leave(device.authorize('GET', '/api/v1/enroll'))).status).toBe(401);
  expect((await leave(device.authorize('DELETE', '/api/v1/enroll'))).status).toBe(204);
  const after = await post(collector.url, device.unchanged());
  expect(after.status).toBe(403);
  expect(await typeOf(after)).toBe('device-revoked');
});
