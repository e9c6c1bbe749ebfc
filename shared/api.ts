import { z } from 'zod';
import { Machine } from './machine.ts';
import { Id, Sha256 } from './report.ts';

/** Ed25519 public key, raw 32 bytes in base64url. */
export const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * What a contractor hands to a person: where the collector is, a one-time code, until when it is good, and the SHA-256 of
 * the collector's TLS certificate (DER), so that no other host can take its place. `pin` is null only for plain HTTP on loopback
 * or for a certificate of a public authority.
 */
export const EnrollmentToken = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(300),
  code: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  expiresAt: z.iso.datetime(),
  pin: Sha256.nullable(),
});
export type EnrollmentToken = z.output<typeof EnrollmentToken>;

/** Tokens begin with this, so that one pasted in the wrong place is recognised. */
export const tokenPrefix = 'muster1.';

/** A token as text, one word to copy. */
export function formatToken(token: EnrollmentToken): string {
  const bytes = new TextEncoder().encode(JSON.stringify(token));
  return (
    tokenPrefix +
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
  );
}

/** Reads a token; undefined when it is none (cut off while copying, or something else altogether). */
export function parseToken(text: string): EnrollmentToken | undefined {
  const trimmed = text.replace(/\s+/g, '');
  if (!trimmed.startsWith(tokenPrefix)) return undefined;
  try {
    const base64 = trimmed.slice(tokenPrefix.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const token = EnrollmentToken.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return token.success ? token.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `GET /api/v1/enroll` with the code as bearer: the notice the person must see before anything is sent.
 */
export const EnrollmentNotice = z.object({
  version: z.string().max(40),
  controller: z.string().max(200),
  contact: z.string().max(200),
  purpose: z.string().max(1_000),
  seenBy: z.string().max(1_000),
  retention: z.string().max(1_000),
});
export type EnrollmentNotice = z.output<typeof EnrollmentNotice>;

/** `POST /api/v1/enroll`: the code in, a device out. Same code and same key again gives the same device. */
export const EnrollRequest = z.object({
  code: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  publicKey: PublicKey,
  agent: z.string().max(40),
  machine: Machine,
  /** Version of the notice the person saw. */
  noticeVersion: z.string().max(40),
});
export type EnrollRequest = z.output<typeof EnrollRequest>;

export const EnrollResponse = z.object({
  device: Id,
  organization: z.string().max(200),
  /** The collector signs policies with this; pinned by the agent from now on. */
  collectorKey: PublicKey,
});
export type EnrollResponse = z.output<typeof EnrollResponse>;

/** `POST /api/v1/reports` with a compact JWS as body. 201: kept and on disk. 200: was kept before. */
export const ReportReceipt = z.object({
  sequence: z.int(),
  /** SHA-256 of the JWS as it was kept. */
  digest: Sha256,
  receivedAt: z.iso.datetime(),
  /** The organization's current policy; a higher version than the agent's means: fetch it. */
  policy: z.object({ id: z.string(), version: z.int().positive() }),
});
export type ReportReceipt = z.output<typeof ReportReceipt>;

/** RFC 9457. `detail` says what to do and never echoes what was sent. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
});
export type Problem = z.output<typeof Problem>;

/** Types of problems a device can meet, and what it does about each; see docs. */
export const problemTypes = {
  'device-revoked': 'the device was removed; the agent stops sending',
  'sequence-gap': 'a report before this one is missing; the agent sends it first',
  'chain-broken': 'the report does not follow the last one kept; the contractor is told',
  'bad-signature': 'not signed by the key of this device',
  'bad-report': 'not a report this collector understands',
  'too-large': 'larger than a report can be',
  'clock-skew': 'the time in the report lies in the future',
  'digest-unknown': 'unchanged since facts that are not known here; the agent sends a full report',
  restricted:
    'nothing of this device is kept for now, as its holder asked; the agent keeps what it has until that ends',
  'code-expired': 'the enrollment code has expired or was used',
} as const;
export type ProblemType = keyof typeof problemTypes;
