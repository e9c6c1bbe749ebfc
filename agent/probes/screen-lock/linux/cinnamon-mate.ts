import { attempt, firstReason, said } from '../../../readings/linux/attempt.ts';
import { readIdlePrograms, runningOf } from '../../../readings/linux/desktop.ts';
import { readCount, readFlag } from '../../../readings/linux/gsettings.ts';
import type { InSession } from '../../../readings/linux/sessions.ts';
import { cannotTell, type Lock, locksAfter, neverLocks } from './lock.ts';

/** Cinnamon: keys of its own, in seconds (`uint32 900`). Locks only while cinnamon-screensaver runs. */
export async function cinnamonLock(person: InSession): Promise<Lock> {
  const screensaver = 'org.cinnamon.desktop.screensaver';
  return idleKeysLock(person, {
    locker: 'cinnamon-screen',
    unitSeconds: 1,
    idle: readCount(person, 'org.cinnamon.desktop.session', 'idle-delay'),
    delay: readCount(person, screensaver, 'lock-delay'),
    switches: [readFlag(person, screensaver, 'lock-enabled')],
  });
}

/** MATE: plain numbers of minutes, and a switch of its own for activation. Locks only while mate-screensaver runs. */
export async function mateLock(person: InSession): Promise<Lock> {
  const screensaver = 'org.mate.screensaver';
  return idleKeysLock(person, {
    locker: 'mate-screensave',
    unitSeconds: 60,
    idle: readCount(person, 'org.mate.session', 'idle-delay'),
    delay: readCount(person, screensaver, 'lock-delay'),
    switches: [
      readFlag(person, screensaver, 'lock-enabled'),
      readFlag(person, screensaver, 'idle-activation-enabled'),
    ],
  });
}

interface IdleKeys {
  /** The program that has to run; its name as the kernel cuts it, at 15 characters. */
  readonly locker: string;
  readonly unitSeconds: number;
  readonly idle: Promise<number>;
  readonly delay: Promise<number>;
  readonly switches: readonly Promise<boolean>[];
}

async function idleKeysLock(person: InSession, keys: IdleKeys): Promise<Lock> {
  const [programs, idle, delay, ...switches] = await Promise.all([
    attempt(readIdlePrograms(person)),
    attempt(keys.idle),
    attempt(keys.delay),
    ...keys.switches.map((reading) => attempt(reading)),
  ]);
  if (switches.some((answer) => said(answer, false))) return neverLocks('switched-off');
  if ('value' in programs && runningOf(programs.value, keys.locker) === undefined) {
    return neverLocks('no-locker');
  }
  const reason = firstReason(programs, ...switches);
  if (reason !== undefined) return cannotTell(reason);
  if (!('value' in delay)) return cannotTell(delay.reason);
  if (!('value' in idle)) {
    return { ...locksAfter(0, delay.value * keys.unitSeconds, 'saver'), idle: cannotTell(idle.reason).idle };
  }
  return locksAfter(idle.value * keys.unitSeconds, delay.value * keys.unitSeconds, 'saver');
}
