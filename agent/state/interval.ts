import { parseDuration } from '../../shared/duration.ts';

/** How often the checks run, and by how much each run is spread, in milliseconds. */
export interface RunInterval {
  readonly everyMs: number;
  readonly jitterMs: number;
}

const hour = 3_600_000;

/** Once a day, spread over four hours, so that when a machine reports does not show when somebody works. */
export const defaultInterval: RunInterval = { everyMs: 24 * hour, jitterMs: 4 * hour };

/**
 * The interval this machine's environment asks for: `MUSTER_INTERVAL` (`30s`, `15m`, `24h`; spread by a sixth), or undefined.
 * Throws RangeError when it is no duration from 1 s to 7 d.
 */
export function ownInterval(env: Readonly<Record<string, string | undefined>>): RunInterval | undefined {
  const text = env['MUSTER_INTERVAL'];
  if (text === undefined || text === '') return undefined;
  const everyMs = parseDuration(text);
  if (everyMs === undefined || everyMs < 1_000 || everyMs > 7 * 24 * hour) {
    throw new RangeError('MUSTER_INTERVAL is a duration such as 30s, 15m or 24h, at most 7d');
  }
  return { everyMs, jitterMs: everyMs / 6 };
}

/** The interval to run at: the machine's own, else the policy's, else the default. */
export function runInterval(fromPolicy: RunInterval | undefined, env = process.env): RunInterval {
  return ownInterval(env) ?? fromPolicy ?? defaultInterval;
}

/** When the next run is due: after the interval, give or take half of the jitter. */
export function nextRun(
  last: Date,
  { everyMs, jitterMs }: RunInterval,
  random: () => number = Math.random,
): Date {
  return new Date(last.getTime() + Math.max(1_000, everyMs + (random() - 0.5) * jitterMs));
}
