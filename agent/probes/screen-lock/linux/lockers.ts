import type { Sources } from '../../../probe.ts';
import { absentAsUndefined, SourceError, unparseable } from '../../../probe.ts';
import { answered } from '../../../readings/linux/answered.ts';
import { attempt } from '../../../readings/linux/attempt.ts';
import { type RunningProgram, readIdlePrograms, runningOf } from '../../../readings/linux/desktop.ts';
import { parseCount } from '../../../readings/linux/gsettings.ts';
import {
  hasSwayidleEvents,
  type IdleLock,
  parseHypridle,
  parseLockCommand,
  parseSwayidle,
  parseSwayidleFile,
  parseXautolock,
  parseXscreensaver,
  parseXset,
} from '../../../readings/linux/lock-commands.ts';
import { type InSession, readNamedDisplayManager } from '../../../readings/linux/sessions.ts';
import { cannotTell, firstToLock, type Lock, locksAfter, neverLocks } from './lock.ts';

/** A way to lock, by the program that has to run for it. A program that runs and locks nothing gives undefined. */
export type LockerReader = (
  sources: Sources,
  person: InSession,
  program: RunningProgram,
) => Promise<IdleLock | Lock | undefined>;

/**
 * Desktops without a locker of their own: whatever idle program runs decides, the earliest of several. None running = it never
 * locks, whatever configuration files lie around.
 */
export async function runningLockers(
  sources: Sources,
  person: InSession,
  readers: Readonly<Record<string, LockerReader>>,
): Promise<Lock> {
  const programs = await attempt(readIdlePrograms(person));
  if ('reason' in programs) return cannotTell(programs.reason);
  const ways = await Promise.all(
    Object.entries(readers).flatMap(([name, read]) => {
      const program = runningOf(programs.value, name);
      return program === undefined ? [] : [oneWay(read(sources, person, program))];
    }),
  );
  return firstToLock(ways) ?? neverLocks('no-locker');
}

async function oneWay(reading: Promise<IdleLock | Lock | undefined>): Promise<Lock> {
  const way = await attempt(reading);
  if ('reason' in way) return cannotTell(way.reason);
  if (way.value === undefined) return neverLocks('no-locker');
  return 'idle' in way.value ? way.value : locksAfter(way.value.seconds, way.value.graceSeconds, 'locker');
}

/** swayidle: its arguments, or its file where they name no event. `-C FILE` names another file, which is not read. */
export const swayidle: LockerReader = async (_, person, { args }) => {
  if (hasSwayidleEvents(args)) return parseSwayidle(args);
  if (args.some((arg) => /^-[a-z]*C/.test(arg)))
    throw new SourceError('unsupported', 'swayidle reads another file');
  return parseSwayidleFile(await person.file(`${person.home}/.config/swayidle/config`));
};

/** hypridle: its file. `-c FILE` names another one, and `source =` adds to it: those are not read. */
export const hypridle: LockerReader = async (_, person, { args }) => {
  if (args.some((arg) => arg === '-c' || arg.startsWith('--config'))) {
    throw new SourceError('unsupported', 'hypridle reads another file');
  }
  const { lock, elsewhere } = parseHypridle(await person.file(`${person.home}/.config/hypr/hypridle.conf`));
  if (lock === undefined && elsewhere) throw new SourceError('unsupported', 'hypridle reads more files');
  return lock;
};

/** xautolock: everything stands on its command line. */
export const xautolock: LockerReader = async (_, __, { args }) => parseXautolock(args);

/** xss-lock starts its locker when the X screen saver does; with a notifier (-n) one cycle later. */
export const xssLock: LockerReader = async (_, person, { args }) => {
  const options = args.slice(0, args.indexOf('--') < 0 ? args.length : args.indexOf('--'));
  const notifier = options.some((arg) => arg === '-n' || arg.startsWith('--notifier'));
  if (!parseLockCommand(args.join(' ')).locker) return undefined;
  const { timeout, cycle } = await readXset(person);
  if (timeout === 0) return undefined;
  return { seconds: timeout + (notifier ? cycle : 0), graceSeconds: 0 };
};

/** xscreensaver: ~/.xscreensaver; without that file its defaults hold, and they do not lock. */
export const xscreensaver: LockerReader = async (_, person) =>
  parseXscreensaver((await absentAsUndefined(person.file(`${person.home}/.xscreensaver`))) ?? '');

/**
 * light-locker locks `lock-after-screensaver` seconds after the X screen saver started (0 = never), and only where LightDM is the
 * display manager. What its command line says beats the settings.
 */
export const lightLocker: LockerReader = async (sources, person, { args }) => {
  if ((await readNamedDisplayManager(sources)) !== 'lightdm') return neverLocks('display-manager');
  const option = args.findIndex((arg) => /^--lock-after-screensaver(?:=|$)/.test(arg));
  const given = option < 0 ? undefined : (args[option]?.split('=')[1] ?? args[option + 1] ?? '');
  const delay =
    given === undefined ? await readLightLockerDelay(person) : parseCount(given, 'lock-after-screensaver');
  const { timeout } = await readXset(person);
  if (delay === 0 || timeout === 0) return undefined;
  return { seconds: timeout, graceSeconds: delay };
};

async function readLightLockerDelay(person: InSession): Promise<number> {
  const { stdout } = await answered(person, ['gsettings', 'list-recursively', 'apps.light-locker']);
  const after = /^apps\.light-locker lock-after-screensaver (.+)$/m.exec(stdout)?.[1];
  if (after === undefined) throw unparseable('gsettings list-recursively apps.light-locker');
  return parseCount(after, 'lock-after-screensaver');
}

async function readXset(person: InSession): Promise<{ timeout: number; cycle: number }> {
  const { stdout } = await answered(person, ['xset', 'q']);
  const saver = parseXset(stdout);
  if (saver === undefined) throw unparseable('xset q');
  return saver;
}
