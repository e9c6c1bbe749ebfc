import { generateKeyPairSync, sign } from 'node:crypto';
import { CompactSign } from 'jose';
import { expect, test } from 'vitest';
import { publicKeyFrom, signCompact, verifyCompact } from '../../../agent/sync/jws.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const payload = JSON.stringify({ schema: 'muster.report/1', note: 'Grüße 👋' });
const typ = 'muster-report+jws';

/** Signed by the right key, whatever its header says. */
function withHeader(header: object): string {
  const input = [JSON.stringify(header), payload]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}

test('the same bytes as jose makes of the same input', async () => {
  const theirs = await new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: 'device' })
    .sign(privateKey);
  expect(signCompact(payload, privateKey, { typ, kid: 'device' })).toBe(theirs);
  expect(verifyCompact(theirs, publicKey, typ)).toBe(payload);
});

test('a raw public key verifies as the one it was taken from', () => {
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  expect(verifyCompact(withHeader({ alg: 'EdDSA', typ }), publicKeyFrom(raw), typ)).toBe(payload);
  expect(() => publicKeyFrom('AAAA')).toThrow();
});

test.each([
  ['no algorithm', { alg: 'none', typ }],
  ['another algorithm', { alg: 'HS256', typ }],
  ['another kind of message', { alg: 'EdDSA', typ: 'muster-policy+jws' }],
  ['no kind', { alg: 'EdDSA' }],
  ['a key it brings itself', { alg: 'EdDSA', typ, jwk: publicKey.export({ format: 'jwk' }) }],
  ['an extension', { alg: 'EdDSA', typ, crit: ['b64'], b64: false }],
])('%s in the header is refused, though the signature is right', (_name, header) => {
  expect(verifyCompact(withHeader(header), publicKey, typ)).toBeUndefined();
});

test('every changed character, another key and anything that is no JWS are refused', () => {
  const jws = signCompact(payload, privateKey, { typ, kid: 'device' });
  for (let index = 0; index < jws.length; index += 1) {
    const letter = jws[index] === 'A' ? 'B' : 'A';
    const changed = jws.slice(0, index) + letter + jws.slice(index + 1);
    expect(verifyCompact(changed, publicKey, typ), `character ${index}`).toBeUndefined();
  }
  expect(verifyCompact(jws, generateKeyPairSync('ed25519').publicKey, typ)).toBeUndefined();
  // Letters whose difference lies in bits that decode to nothing: the text counts, not only what it decodes to.
  const last = jws.at(-1) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const letter of alphabet.replace(last, '')) {
    expect(verifyCompact(jws.slice(0, -1) + letter, publicKey, typ)).toBeUndefined();
  }
  for (const none of ['', '.', '..', 'a.b', 'a.b.c', `${jws}.x`, ` ${jws}`]) {
    expect(verifyCompact(none, publicKey, typ)).toBeUndefined();
  }
});
