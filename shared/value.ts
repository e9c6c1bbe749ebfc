import { z } from 'zod';
import { cannotTell, fail, pass, type Verdict } from './check.ts';
import { count, list } from './words.ts';

/** How many; never which. */
export const Count = z.int().min(0).max(10_000);
/** Whole days before the run. */
export const Days = z.int().min(0).max(100_000);
/**
 * Hours before the run, always rounded up to whole days: nothing gets younger by it, no verdict changes (limits are whole
 * days), no habit shows, and a machine whose backup runs every day reports the same facts every day.
 */
export const Hours = z
  .int()
  .min(0)
  .max(2_400_000)
  .overwrite((hours) => Math.ceil(hours / 24) * 24);
/** `within the last day`, `3 days ago`. */
export const agoWords = (hours: number): string =>
  hours <= 24 ? 'within the last day' : `${count(Math.ceil(hours / 24), 'day')} ago`;
/** Yes, no, or that this part of the answer could not be read. */
export const Tri = z.enum(['yes', 'no', 'unknown']);
/** A switch, where one of several may stay unread. */
export const Switch = z.enum(['on', 'off', 'unknown']);
export type Switch = z.infer<typeof Switch>;
/** A version as products write it, without words: `131.0.6778.86`. */
export const Version = z.string().regex(/^[0-9]{1,6}(\.[0-9]{1,6}){0,4}$/);
/** Calendar day, UTC: `2026-11-21`. */
export const Day = z.iso.date();
/** Ids or names a policy lists; a placeholder such as `<config>` matches nothing. */
export const Names = z.array(z.string().min(1).max(60)).max(100);

/**
 * Judges an answer made of parts: one bad part fails, whatever else is unknown; else one unknown part leaves the whole
 * unknown; only all good passes. `words` are how people know the parts.
 */
export function judgeParts(
  parts: readonly { readonly words: string; readonly state: 'good' | 'bad' | 'unknown' }[],
  text: { readonly good: string; readonly bad: (parts: string) => string },
): Verdict {
  const wordsOf = (state: 'bad' | 'unknown') => [
    ...new Set(parts.filter((part) => part.state === state).map((part) => part.words)),
  ];
  const bad = wordsOf('bad');
  if (bad.length > 0) return fail(text.bad(list(bad)));
  const dark = wordsOf('unknown');
  if (dark.length > 0) return cannotTell('missing', `could not be read: ${list(dark)}`);
  return parts.length === 0 ? cannotTell('missing', 'nothing was read') : pass(text.good);
}
