import { hash, type KeyObject, sign, verify } from 'node:crypto';
import { refuseDeeplyNested } from '../../shared/canonical.ts';

/** A compact JWS taken apart. `header` and `payload` are the bytes inside, nothing of it is believed yet. */
export interface CompactJws {
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** The bytes that were signed. */
  readonly signed: string;
}

/** Decodes base64url; undefined unless it is exactly what an encoder writes, so that one value has one spelling. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Takes a compact JWS apart; undefined when it is none. */
export function splitJws(jws: string): CompactJws | undefined {
  const first = jws.indexOf('.');
  const second = jws.indexOf('.', first + 1);
  if (first < 1 || second < 0 || jws.indexOf('.', second + 1) >= 0) return undefined;
  const header = decode(jws.slice(0, first));
  const payload = decode(jws.slice(first + 1, second));
  const signature = decode(jws.slice(second + 1));
  if (header === undefined || payload === undefined || signature?.length !== 64) return undefined;
  return { header, payload, signature, signed: jws.slice(0, second) };
}

/** The same text that was taken apart. */
export function joinJws(parts: Pick<CompactJws, 'header' | 'payload' | 'signature'>): string {
  return `${parts.header.toString('base64url')}.${parts.payload.toString('base64url')}.${parts.signature.toString('base64url')}`;
}

/** What JSON bytes say; undefined when they are none, or nested more deeply than anything that is said here. */
export function readJson(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    refuseDeeplyNested(value);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * The header, when it says `alg: EdDSA`, this `typ` and a `kid`, and nothing else; undefined otherwise. The algorithm is
 * fixed here: a token never chooses how it is verified.
 */
export function readHeader(header: Buffer, typ: string): { readonly kid: string } | undefined {
  const value = readJson(header);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { alg, typ: given, kid, ...rest } = value as Record<string, unknown>;
  if (alg !== 'EdDSA' || given !== typ || typeof kid !== 'string' || Object.keys(rest).length > 0) {
    return undefined;
  }
  return { kid };
}

/** Is it signed by this Ed25519 key? */
export function verifyJws(jws: CompactJws, key: KeyObject): boolean {
  return verify(null, Buffer.from(jws.signed, 'latin1'), key, jws.signature);
}

/** Signs with Ed25519; the header carries `alg` and `typ`, and `kid` where one is given. */
export function signJws(payload: string, typ: string, key: KeyObject, kid?: string): string {
  const header = JSON.stringify({ alg: 'EdDSA', typ, ...(kid !== undefined && { kid }) });
  const signed = `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

/** SHA-256 of text as UTF-8 or of bytes. */
export function sha256(input: string | Uint8Array): Buffer {
  return hash('sha256', input, 'buffer');
}
