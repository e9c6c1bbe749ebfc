import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { replaceState } from './file.ts';

/**
 * Since when the service has kept watch on removable media without a gap. Written by the service when it starts and stops, checked
 * by hand as the schedule is.
 */
export interface Watch {
  readonly since: Date;
  /** When this service started. */
  readonly startedAt: Date;
  /** When it was told to stop; null while it runs, and after a crash. */
  readonly endedAt: Date | null;
  readonly pid: number;
}

/** Nothing was missed that matters when the service was away this long: an update, or the way from power-on to the service. */
const shortGapMs = 10 * 60_000;

const fileOf = (directory: string) => join(directory, 'watch.json');

/** The watch of the service, or undefined where there never was one or the file makes no sense. */
export function readWatch(directory: string): Watch | undefined {
  try {
    const json = JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Record<string, unknown>;
    const { pid } = json;
    if (json['schema'] !== 'muster.watch/1' || typeof pid !== 'number' || !(pid > 0)) return undefined;
    return {
      since: instant(json['since']),
      startedAt: instant(json['startedAt']),
      endedAt: json['endedAt'] === null ? null : instant(json['endedAt']),
      pid,
    };
  } catch {
    return undefined;
  }
}

function instant(value: unknown): Date {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw new TypeError('not a date');
  return new Date(value);
}

const write = (directory: string, watch: Watch) =>
  replaceState(fileOf(directory), `${JSON.stringify({ schema: 'muster.watch/1', ...watch })}\n`, {
    makesSense: () => readWatch(directory) !== undefined,
  });

/** Notes that the watch begins, or goes on where it was away for a moment only. Throws what the disk says. */
export async function beginWatch(directory: string): Promise<Watch> {
  const now = new Date();
  const before = readWatch(directory);
  const bootedAt = new Date(now.getTime() - uptime() * 1_000);
  const since = before !== undefined && isUnbroken(before, now, bootedAt) ? before.since : now;
  const watch: Watch = { since, startedAt: now, endedAt: null, pid: process.pid };
  await write(directory, watch);
  return watch;
}

/** Notes that something was missed: the watch counts from now. */
export async function interruptWatch(directory: string, watch: Watch): Promise<Watch> {
  const anew: Watch = { ...watch, since: new Date() };
  if (isKept(directory)) await write(directory, anew);
  return anew;
}

/** Notes that the watch ends now. */
export async function endWatch(directory: string, watch: Watch): Promise<void> {
  if (isKept(directory)) await write(directory, { ...watch, endedAt: new Date() });
}

/** Whoever leaves takes the file away, and it stays away. A broken one tells nobody anything, so it may stay broken. */
const isKept = (directory: string) => readWatch(directory) !== undefined;

/**
 * Whether nobody can have used a stick unseen between an earlier watch and one that begins now: the service was away for a moment,
 * or the machine was off and has just started. When a service died without a word within the same run of the system, nobody
 * knows for how long it was gone.
 */
export function isUnbroken(before: Watch, now: Date, bootedAt: Date): boolean {
  if (before.since > now) return false;
  if (before.startedAt < bootedAt) return now.getTime() - bootedAt.getTime() <= shortGapMs;
  return before.endedAt !== null && now.getTime() - before.endedAt.getTime() <= shortGapMs;
}

/** Whether the service has watched without a gap since a moment, and does so now. */
export function watchedSince(watch: Watch | undefined, moment: Date): boolean {
  return watch !== undefined && watch.endedAt === null && watch.since <= moment && isAlive(watch.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
