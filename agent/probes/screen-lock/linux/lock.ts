import type { z } from 'zod';
import { type Answer, known, type Origin, type Reason, unknown } from '../../../../shared/answer.ts';
import type { screenLock } from '../../../../shared/checks/screen-lock.ts';

export type Idle = z.input<typeof screenLock.points.idle.value>;
export type Grace = z.input<typeof screenLock.points.grace.value>;

/** What one way to lock, or one person's session, comes to. */
export interface Lock {
  readonly idle: Answer<Idle>;
  readonly grace: Answer<Grace>;
}

/** Nothing asks for a password: not after idling, and not when the screen was dark. */
export function neverLocks(because: NonNullable<Idle['because']>, origin?: Origin): Lock {
  return {
    idle: known({ seconds: null, because }, origin),
    grace: known({ seconds: null }, origin),
  };
}

/** Neither can be told. */
export function cannotTell(reason: Reason): Lock {
  return { idle: unknown(reason), grace: unknown(reason) };
}

/** Locks after `idleSeconds` without input (0 and less = never by itself) and then lets `graceSeconds` pass without a password. */
export function locksAfter(
  idleSeconds: number,
  graceSeconds: number,
  by: NonNullable<Idle['by']>,
  origin: { readonly idle?: Origin | undefined; readonly grace?: Origin | undefined } = {},
): Lock {
  return {
    idle:
      idleSeconds > 0
        ? known({ seconds: Math.ceil(idleSeconds + graceSeconds), by }, origin.idle)
        : known({ seconds: null, because: 'switched-off' }, origin.idle),
    grace: known({ seconds: Math.ceil(graceSeconds) }, origin.grace),
  };
}

/**
 * Of several ways to lock in one session, the one that locks first. A way that cannot be told is left aside when another one
 * locks, and decides when none does.
 */
export function firstToLock(ways: readonly Lock[]): Lock | undefined {
  const timed = ways
    .flatMap((way) =>
      'value' in way.idle && way.idle.value.seconds !== null ? [[way.idle.value.seconds, way] as const] : [],
    )
    .toSorted(([a], [b]) => a - b)[0]?.[1];
  return timed ?? ways.find((way) => 'unknown' in way.idle) ?? ways[0];
}
