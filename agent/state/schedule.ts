import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceState } from './file.ts';

/**
 * When the next run is due, as the last run left it. The idle service reads this and nothing else, so it is checked by hand:
 * a schema library would double the memory of a process that only waits.
 */
export interface Schedule {
  /** When the checks last ran; null = never. */
  readonly lastCheckAt: Date | null;
  /** When they are due again. */
  readonly nextCheckAt: Date | null;
  /** When what waits in the outbox is worth another attempt; null = nothing waits. */
  readonly retryAt: Date | null;
  /** The longest time between two runs, in milliseconds: a due time further away comes from a wrong clock. */
  readonly longestMs: number;
}

const fileOf = (directory: string) => join(directory, 'schedule.json');

/** The schedule, or undefined where there is none or it makes no sense: then a run is due now. */
export function readSchedule(directory: string): Schedule | undefined {
  try {
    const json = JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Record<string, unknown>;
    const longestMs = json['longestMs'];
    if (json['schema'] !== 'muster.schedule/1' || typeof longestMs !== 'number' || !(longestMs > 0)) {
      return undefined;
    }
    return {
      lastCheckAt: instant(json['lastCheckAt']),
      nextCheckAt: instant(json['nextCheckAt']),
      retryAt: instant(json['retryAt']),
      longestMs,
    };
  } catch {
    return undefined;
  }
}

function instant(value: unknown): Date | null {
  if (value === null) return null;
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw new TypeError('not a date');
  return new Date(value);
}

export async function writeSchedule(directory: string, schedule: Schedule): Promise<void> {
  const text = `${JSON.stringify({ schema: 'muster.schedule/1', ...schedule })}\n`;
  await replaceState(fileOf(directory), text, { makesSense: () => readSchedule(directory) !== undefined });
}

/**
 * What is due now: the checks, only a delivery, or nothing. Nothing waits for a time that is further away than two runs can be,
 * be it that the clock was set back or that the interval was made shorter.
 */
export function dueNow(
  schedule: Schedule | undefined,
  now: Date,
  longestNowMs = Number.POSITIVE_INFINITY,
): 'check' | 'delivery' | undefined {
  if (schedule?.nextCheckAt == null) return 'check';
  const { nextCheckAt, retryAt } = schedule;
  const longestMs = Math.min(schedule.longestMs, longestNowMs);
  if (nextCheckAt <= now || nextCheckAt.getTime() - now.getTime() > longestMs) return 'check';
  if (retryAt === null) return undefined;
  return retryAt <= now || retryAt.getTime() - now.getTime() > 86_400_000 + 3_600_000
    ? 'delivery'
    : undefined;
}
