import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Header of everything the agent signs: the algorithm, what it is, whose it is; nothing a verifier could be led astray by. */
interface Header {
  readonly alg: 'EdDSA';
  readonly typ: string;
  readonly kid: string;
}

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

/** A compact JWS (RFC 7515) signed with Ed25519 (RFC 8037). The same bytes `jose` would make of the same input. */
export function signCompact(payload: string, key: KeyObject, { typ, kid }: Omit<Header, 'alg'>): string {
  const header: Header = { alg: 'EdDSA', typ, kid };
  const input = `${encode(JSON.stringify(header))}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input, 'ascii'), key).toString('base64url')}`;
}

/** The payload of a compact JWS that this key signed as this `typ`; undefined for anything else, whatever is wrong with it. */
export function verifyCompact(jws: string, key: KeyObject, typ: string): string | undefined {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(jws);
  if (parts === null) return undefined;
  const [, header = '', payload = '', signature = ''] = parts;
  try {
    const claimed = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<string, unknown>;
    // The algorithm is ours to choose, never the sender's; `crit`, `jwk`, `b64` and the like are refused with every other name.
    if (claimed['alg'] !== 'EdDSA' || claimed['typ'] !== typ) return undefined;
    if (Object.keys(claimed).some((name) => !['alg', 'typ', 'kid'].includes(name))) return undefined;
    const input = Buffer.from(`${header}.${payload}`, 'ascii');
    const bytes = Buffer.from(signature, 'base64url');
    // One signature has one spelling: stray bits in the last letter are refused.
    if (bytes.toString('base64url') !== signature || !verify(null, input, key, bytes)) return undefined;
    return Buffer.from(payload, 'base64url').toString('utf8');
  } catch {
    return undefined;
  }
}

/** An Ed25519 public key as it travels (raw, base64url), ready to verify with. Throws when it is none. */
export function publicKeyFrom(raw: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' });
}
