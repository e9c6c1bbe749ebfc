import { z } from 'zod';

/** Systems an agent runs on, in Node's own spelling of `process.platform`. */
export const platforms = ['darwin', 'linux', 'win32'] as const;
export const Platform = z.enum(platforms);
export type Platform = z.infer<typeof Platform>;

/**
 * Why a value is not known. Unknown never counts as pass and never as fail.
 * - missing: the file, command, key or field is not there, and the system documents no default for that
 * - denied: the right to read it is missing
 * - timeout, failed, unparseable: the read took too long, broke, or answered something nobody documented
 * - unsupported: this agent cannot look there
 * - stale: the answer is too old to count
 * - managed-elsewhere: the rule lives in a directory or a management service this machine cannot show
 * - no-session: it is a person's setting and nobody is signed in
 */
export const reasons = [
  'missing',
  'denied',
  'timeout',
  'failed',
  'unparseable',
  'unsupported',
  'stale',
  'managed-elsewhere',
  'no-session',
] as const;
export const Reason = z.enum(reasons);
export type Reason = z.infer<typeof Reason>;

/** Why a point cannot apply to this machine at all. "Nobody looked" is never one of these. */
export const notApplicableReasons = [
  'not-on-this-system',
  'no-hardware',
  'no-desktop',
  'not-connected',
  'none-present',
  'not-encrypted',
  'no-local-accounts',
  'managed-elsewhere',
  'not-required',
] as const;
export const NotApplicableReason = z.enum(notApplicableReasons);
export type NotApplicableReason = z.infer<typeof NotApplicableReason>;

/** Who set the value: an administrator's policy (MDM, GPO, dconf lock), the person, or nobody. */
export const origins = ['policy', 'user', 'default'] as const;
export const Origin = z.enum(origins);
export type Origin = z.infer<typeof Origin>;

/** What one read of one point came to: a value, or why there is none. */
export type Answer<T> =
  | { readonly value: T; readonly origin?: Origin | undefined }
  | { readonly unknown: Reason }
  | { readonly notApplicable: NotApplicableReason };

/** The schema of an answer around the schema of its value. Closed: nothing else travels with it. */
export function answerSchema<V extends z.ZodType>(value: V) {
  return z.union([
    z.strictObject({ value, origin: Origin.optional() }),
    z.strictObject({ unknown: Reason }),
    z.strictObject({ notApplicable: NotApplicableReason }),
  ]);
}

/** An answer with a value, and who set it where that is known. */
export function known<T>(value: T, origin?: Origin): Answer<T> {
  return origin === undefined ? { value } : { value, origin };
}

/** An answer that says why nobody can tell. */
export function unknown(reason: Reason): Answer<never> {
  return { unknown: reason };
}

/** An answer that says why this machine cannot have the point. */
export function notApplicable(reason: NotApplicableReason): Answer<never> {
  return { notApplicable: reason };
}
