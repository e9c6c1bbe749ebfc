import { type Answer, notApplicable, unknown } from '../../../shared/answer.ts';
import type { PointProbe, Sources } from '../../probe.ts';
import { attempt } from '../../readings/linux/attempt.ts';
import { readDesktop } from '../../readings/linux/desktop.ts';
import { type InSession, readDesktopPeople } from '../../readings/linux/sessions.ts';
import { cinnamonLock, mateLock } from './linux/cinnamon-mate.ts';
import { gnomeLock } from './linux/gnome.ts';
import { kdeLock } from './linux/kde.ts';
import { cannotTell, type Grace, type Idle, type Lock } from './linux/lock.ts';
import {
  hypridle,
  lightLocker,
  runningLockers,
  swayidle,
  xautolock,
  xscreensaver,
  xssLock,
} from './linux/lockers.ts';
import { xfceScreensaver } from './linux/xfce.ts';

interface Limit {
  readonly maxSeconds: number;
}

export const linux: {
  readonly idle: PointProbe<Idle, Limit>;
  readonly grace: PointProbe<Grace, Limit>;
} = {
  idle: async (sources, { maxSeconds }) => worst(sources, maxSeconds, ({ idle }) => idle),
  grace: async (sources, { maxSeconds }) => worst(sources, maxSeconds, ({ grace }) => grace),
};

/**
 * The point over everybody who has a desktop session, the worst of them: a lock that is too late, then one nobody could read,
 * then the latest.
 */
async function worst<V extends { readonly seconds: number | null }>(
  sources: Sources,
  maxSeconds: number,
  point: (lock: Lock) => Answer<V>,
): Promise<Answer<V>> {
  const desktop = await readDesktopPeople(sources);
  if (desktop.kind === 'no-desktop') return notApplicable('no-desktop');
  if (desktop.kind === 'nobody') return unknown('no-session');
  const answers = await Promise.all(
    desktop.people.map(async (person) => point(await sessionLock(sources, person))),
  );
  const [latest] = answers
    .flatMap((answer) => ('value' in answer ? [answer] : []))
    .toSorted((a, b) => time(b.value) - time(a.value));
  if (latest !== undefined && time(latest.value) > maxSeconds) return latest;
  const unread = answers.find((answer) => !('value' in answer));
  if (unread !== undefined) return unread;
  if (desktop.hidden) return unknown('denied');
  return latest ?? unknown('no-session');
}

const time = ({ seconds }: { readonly seconds: number | null }) => seconds ?? Number.POSITIVE_INFINITY;

async function sessionLock(sources: Sources, person: InSession): Promise<Lock> {
  const reading = await attempt(lockOf(sources, person));
  return 'value' in reading ? reading.value : cannotTell(reading.reason);
}

async function lockOf(sources: Sources, person: InSession): Promise<Lock> {
  const name = await readDesktop(person);
  switch (name?.desktop) {
    case undefined:
      return cannotTell('missing');
    case 'gnome':
      return gnomeLock(sources, person, name);
    case 'kde':
      return kdeLock(person);
    case 'cinnamon':
      return cinnamonLock(person);
    case 'mate':
      return mateLock(person);
    case 'xfce':
      return runningLockers(sources, person, {
        'xfce4-screensav': xfceScreensaver,
        'light-locker': lightLocker,
        xscreensaver,
        'xss-lock': xssLock,
        xautolock,
      });
    case 'lxde':
      return runningLockers(sources, person, {
        'light-locker': lightLocker,
        xscreensaver,
        'xss-lock': xssLock,
        xautolock,
      });
    case 'sway':
    case 'hyprland':
      return runningLockers(sources, person, { swayidle, hypridle });
    case 'i3':
      return runningLockers(sources, person, {
        xautolock,
        'xss-lock': xssLock,
        'light-locker': lightLocker,
        xscreensaver,
      });
    case 'other':
      return cannotTell('unsupported');
  }
}
