import { z } from 'zod';
import { canonicalJson } from './canonical.ts';
import { Facts, PeerFacts } from './facts.ts';
import { Machine } from './machine.ts';

/** Lower-case hex SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Time-ordered id, UUIDv7; made by whoever makes the thing, so that sending twice is harmless. */
export const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** What every report says before it comes to the facts. */
const head = {
  schema: z.literal('muster.report/1'),
  id: Id,
  device: Id,
  /** Counts up by one from 1; a gap or a repetition shows. */
  sequence: z.int().min(1).max(4_294_967_295),
  /** SHA-256 of the compact JWS of the report before; null for the first. */
  previous: Sha256.nullable(),
  /** When the facts were read, by the device's clock. */
  takenAt: z.iso.datetime(),
  agent: z.string().regex(/^[0-9A-Za-z.+-]{1,40}$/),
  /** The policy the device judged by when it showed the person the verdict. */
  policy: z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), version: z.int().positive() }),
};

const full = <F extends z.ZodType>(facts: F) => ({ ...head, machine: Machine, facts });

/**
 * What the digest of a report's facts is taken of: SHA-256 over these bytes (UTF-8) says "the same machine, the same facts".
 * Give it the facts as they were sent, not as a schema of another version left them.
 */
export function factsDigestInput(report: { readonly machine: unknown; readonly facts: unknown }): string {
  return canonicalJson({ machine: report.machine, facts: report.facts });
}

/** Nothing has changed since the report whose facts have this digest; the digest is of `factsDigestInput`. */
const unchanged = { ...head, unchanged: Sha256 };

/** A report as this build writes it: closed, nothing outside the catalogue can travel. */
export const Report = z.union([z.strictObject(full(Facts)), z.strictObject(unchanged)]);
export type Report = z.output<typeof Report>;

/** A report as a peer of another version sends it: what this build does not know is dropped. */
export const PeerReport = z.union([z.object(unchanged), z.object(full(PeerFacts))]);
export type PeerReport = z.output<typeof PeerReport>;

const unchangedFrame = z.object(unchanged);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fullFrame = z.object(full(z.custom<Readonly<Record<string, unknown>>>(isRecord)));
export type PeerReportFrame = z.output<typeof unchangedFrame> | z.output<typeof fullFrame>;

/**
 * Reads a peer's report whose facts have not been looked at yet, for a receiver that reads them check by check; what it
 * accepts must be what `PeerReport` accepts.
 */
export function parsePeerReportFrame(value: unknown): z.ZodSafeParseResult<PeerReportFrame> {
  const saysUnchanged = typeof value === 'object' && value !== null && Object.hasOwn(value, 'unchanged');
  const frame = saysUnchanged ? unchangedFrame.safeParse(value) : fullFrame.safeParse(value);
  // A report that says both, one of them wrongly, is what the other says.
  return frame.success || !saysUnchanged ? frame : fullFrame.safeParse(value);
}

/** Media type of a signed report: a compact JWS (RFC 7515), EdDSA (RFC 8037), whose header carries nothing but `alg`, `typ` and `kid`. */
export const reportMediaType = 'application/jose';
export const reportType = 'muster-report+jws';

/** A compact JWS of a report is at most this many bytes; a larger one is refused unread. */
export const maxReportBytes = 64 * 1024;
