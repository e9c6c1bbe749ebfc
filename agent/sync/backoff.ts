const firstMs = 60_000;
const longestMs = 3_600_000;

/**
 * How long to wait before the next attempt, in milliseconds: doubles from a minute to an hour, spread by half so that a fleet
 * does not come back all at once, and never earlier than the collector asked. `failures` counts those in a row, from 1.
 */
export function retryDelayMs(
  failures: number,
  retryAfterSeconds: number | undefined,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 20), longestMs);
  const own = ceiling / 2 + (random() * ceiling) / 2;
  const asked = (retryAfterSeconds ?? 0) * 1000;
  return Math.round(Math.max(own, asked + (random() * ceiling) / 4));
}
