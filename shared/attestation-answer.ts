import { z } from 'zod';
import { Id, Sha256 } from './report.ts';

/** What a person can say to a statement. */
export const attestationAnswers = ['yes', 'no', 'not-applicable'] as const;
export type AttestationAnswer = (typeof attestationAnswers)[number];

/** The longest reason in the person's own words. */
export const maxReason = 500;

/** What is missing in an answer, in words for the person who gave it; undefined where nothing is. */
export function answerProblem(answer: AttestationAnswer | undefined, reason: string): string | undefined {
  if (answer === undefined) return 'Choose one of the three answers.';
  if (answer === 'not-applicable' && reason.trim().length < 5) return 'Say why it does not apply to you.';
  if (reason.trim().length > maxReason) return `Say it in ${maxReason} characters or less.`;
  return undefined;
}

/** What a laptop is asked on behalf of whoever uses it: `GET /api/v1/attestations`. */
export const OpenAttestation = z.object({
  /** The person's place in the campaign. */
  id: Id,
  title: z.string(),
  /** The exact words. */
  statement: z.string(),
  /** SHA-256 of these words, hex. */
  digest: Sha256,
  periodFrom: z.iso.datetime(),
  dueAt: z.iso.datetime(),
});
export type OpenAttestation = z.output<typeof OpenAttestation>;

/**
 * What a person said on their laptop, signed with its key as a compact JWS (header: `alg: EdDSA`, `typ` as below, `kid` the device):
 * anybody with the device's public key can verify that these words were answered there.
 */
export const SignedAttestation = z.strictObject({
  schema: z.literal('muster.attestation/1'),
  id: Id,
  device: Id,
  /** SHA-256 of the statement's exact words. */
  digest: Sha256,
  answer: z.enum(attestationAnswers),
  reason: z.string().max(maxReason),
  /** By the laptop's clock. */
  at: z.iso.datetime(),
});
export type SignedAttestation = z.output<typeof SignedAttestation>;

export const attestationType = 'muster-attestation+jws';
