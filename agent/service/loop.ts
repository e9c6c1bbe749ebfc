import { type SocketServer, serveAnswers } from '../socket/server.ts';
import type { RunInterval } from '../state/interval.ts';
import { dueNow, readSchedule } from '../state/schedule.ts';
import { ownInstallation, replacedExitCode } from '../update/installation.ts';
import { type MediaWatch, startMediaWatch } from '../watch/watch.ts';
import { startClock } from './clock.ts';
import { LogFile, logPath } from './log-file.ts';
import { type OccasionLimits, watchForOccasions } from './occasions.ts';
import { type Run, type ServiceCommand, startRun } from './run.ts';

/** Where whoever manages the service speaks to it through calls and not through signals: Windows. */
export interface ServiceControl {
  once(event: 'stop', listener: () => void): unknown;
  on(event: 'resume', listener: () => void): unknown;
  off(event: 'stop' | 'resume', listener: () => void): unknown;
}

export interface ServiceOptions {
  readonly directory: string;
  /** How often the checks run where this machine's own settings say so; else each run writes down when the next one is. */
  readonly interval: RunInterval | undefined;
  readonly logLevel: string;
  readonly control?: ServiceControl;
}

/** A run that takes longer than this hangs; every read in it has a limit of its own. */
const longestRunMs = 15 * 60_000;
/** After a run that broke, the next one is not tried before this. */
const pauseAfterFaultMs = 5 * 60_000;

/** Looks at the clock are a minute apart. */
const calm: OccasionLimits = { sleepMs: 150_000, settleMs: 30_000, shortestGapMs: 15 * 60_000 };

/**
 * Waits, and starts a process of its own for each run, so that the memory of a run goes with it. The clock is looked at once a
 * minute, at a second that differs between machines: after sleep, or when the clock was set, what is due is noticed within
 * that minute, and a check is made early after sleep and after a change of settings. A look at removable media comes first, it takes a moment. Ends with 0 on SIGTERM or SIGINT, or when
 * its control says stop, and stops a run under way.
 */
export async function runService(options: ServiceOptions): Promise<number> {
  const { directory, interval, logLevel, control } = options;
  let current: Run | undefined;
  let stopped = false;
  let notBefore = 0;
  const second = Math.floor(Math.random() * 60);
  const fine = interval !== undefined && interval.everyMs < 120_000;
  const longestMs = interval && interval.everyMs + interval.jitterMs;

  const path = logPath();
  const log = path === undefined ? undefined : new LogFile(path);
  const occasions = watchForOccasions(
    fine ? { sleepMs: 60_000, settleMs: 5_000, shortestGapMs: 30_000 } : calm,
  );
  const say = (words: string) => {
    if (log === undefined) process.stderr.write(`agent: ${words}\n`);
    else log.write(`${new Date().toISOString()} ${words}`);
  };

  const run = async (command: ServiceCommand): Promise<number | null> => {
    current = startRun(command, logLevel, log);
    const code = await current.ended;
    current = undefined;
    return code;
  };

  const look = async (): Promise<void> => {
    if (stopped) return;
    occasions.looked(new Date());
    if (current !== undefined) {
      if (Date.now() - current.startedAt > longestRunMs) current.stop();
      return;
    }
    const now = new Date();
    if (media.isDue(now)) {
      media.looking(now);
      const code = await run('--note-media');
      if (stopped) return;
      await media.looked(code);
      return look();
    }
    if (now.getTime() < notBefore) return;
    if (updates?.isDue(now) === true) {
      const code = await run('--update');
      if (stopped) return;
      // Another version is in place: whoever started this service starts it again.
      if (code === replacedExitCode) return finish(replacedExitCode);
      return look();
    }
    const schedule = readSchedule(directory);
    const due = dueNow(schedule, now, longestMs);
    const check = due === 'check' || occasions.isDue(now, schedule?.lastCheckAt ?? null);
    if (due === undefined && !check) return;
    if (check) occasions.checking();
    const code = await run(check ? '--report' : '--deliver');
    // No longer enrolled: there is nothing left to do here.
    if (code === 78) return finish(78);
    if (code === 0) await updates?.settle();
    // 0 = done, 69 and 75 = the run itself has written down when to come back.
    if (code !== 0 && code !== 69 && code !== 75)
      notBefore = Date.now() + Math.min(pauseAfterFaultMs, interval?.everyMs ?? pauseAfterFaultMs);
    // Something may have been plugged in meanwhile.
    if (media.isDue(new Date())) return look();
  };

  let finish: (exitCode: number) => void = () => {};
  const updates = await ownUpdates(directory);
  if (updates?.putBack === true) return replacedExitCode;
  const media: MediaWatch = await startMediaWatch(directory, () => void look());
  const socket = await openSocket(directory, say);
  const job = startClock(fine ? undefined : second, () => void look());
  return new Promise((resolve) => {
    const resumed = () => {
      occasions.happened(new Date());
      void look();
    };
    finish = (exitCode) => {
      control?.off('stop', stop);
      control?.off('resume', resumed);
      job.cancel();
      media.stop();
      occasions.stop();
      socket?.close();
      log?.close();
      resolve(exitCode);
    };
    const stop = async () => {
      stopped = true;
      job.cancel();
      if (current !== undefined) {
        current.stop();
        await current.ended;
      }
      await media.end();
      finish(0);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    control?.once('stop', stop);
    control?.on('resume', resumed);
    say('service started');
    void look();
  });
}

/** Looking for a newer version: once a day, the first time a while after the start. */
interface Updates {
  /** A version that never worked was replaced by the one before; it has to be started. */
  readonly putBack: boolean;
  /** True at most once a day; the day counts from being asked. */
  isDue(now: Date): boolean;
  /** A report was delivered: the version that runs has proven itself. */
  settle(): Promise<void>;
}

const day = 24 * 3_600_000;

/** Undefined where this agent is updated by a package manager. */
async function ownUpdates(directory: string): Promise<Updates | undefined> {
  const installation = ownInstallation();
  if (installation === undefined) return undefined;
  const { giveUpIfStuck, settleUpdate, updateMemory } = await import('../update/memory.ts');
  const memory = updateMemory(directory);
  let nextAt = Date.now() + Math.random() * 2 * 3_600_000;
  let settled = false;
  return {
    putBack: (await giveUpIfStuck(installation, memory)) !== undefined,
    isDue(now) {
      if (now.getTime() < nextAt) return false;
      nextAt = now.getTime() + day;
      return true;
    },
    async settle() {
      if (!settled) await settleUpdate(memory);
      settled = true;
    },
  };
}

/** Only a service with more rights than others has anything to tell them. Without a socket everything else goes on. */
async function openSocket(
  directory: string,
  say: (words: string) => void,
): Promise<SocketServer | undefined> {
  if (process.platform !== 'win32' && process.geteuid?.() !== 0) return undefined;
  try {
    return await serveAnswers(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say(`ordinary users cannot ask this service: ${code ?? message}`);
    return undefined;
  }
}
