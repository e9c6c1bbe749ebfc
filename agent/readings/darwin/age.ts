const hourMs = 3_600_000;

/** Whole hours since a moment, rounded up; undefined for a moment that has not come yet: a clock or a value is wrong. */
export function hoursSince(moment: Date, now: Date): number | undefined {
  const elapsed = now.getTime() - moment.getTime();
  // A few minutes ahead is a clock that was set while the agent looked.
  if (elapsed < -hourMs) return undefined;
  return Math.max(0, Math.ceil(elapsed / hourMs));
}

/** The latest of several moments that is not in the future; undefined = none. */
export function latest(moments: readonly (Date | undefined)[], now: Date): Date | undefined {
  return moments
    .filter((moment) => moment !== undefined)
    .filter((moment) => hoursSince(moment, now) !== undefined)
    .toSorted((a, b) => b.getTime() - a.getTime())[0];
}
