import { type Answer, known, type Origin } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { managedForPerson } from '../../readings/darwin/managed.ts';
import { consoleUser, requireSession } from '../../readings/darwin/person.ts';
import { numberIn } from '../../readings/darwin/property-list.ts';
import {
  type DisplaySleep,
  displaySleep,
  graceSeconds,
  type SaverTime,
  saverTime,
} from '../../readings/darwin/screen-lock.ts';
import { told } from '../../readings/darwin/told.ts';

type Idle = {
  seconds: number | null;
  power: 'any' | 'battery' | 'mains';
  by?: 'saver' | 'display';
  because?: 'switched-off' | 'no-password';
  unread?: ('saver' | 'display')[];
  saverDefault?: boolean;
};

const longest = 4_294_967_295;

/** The answer, or the error when it said nothing: an idle time can do without one of its two paths. */
async function orError<T>(read: Promise<T>): Promise<T | SourceError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

/** The power source on which the display stays on longest; `any` where it makes no difference. */
function worst(displays: readonly DisplaySleep[]): { seconds: number | null; power: Idle['power'] } {
  const times = displays.map(({ seconds }) => seconds ?? Number.POSITIVE_INFINITY);
  const most = Math.max(...times);
  const power = times.every((time) => time === most) ? 'any' : displays[times.indexOf(most)]?.power;
  return { seconds: most === Number.POSITIVE_INFINITY ? null : most, power: power ?? 'any' };
}

/** Both paths of idle time, the shorter one of which locks, and the wait for the password on top. */
function idleOf(
  grace: number | null,
  saver: SaverTime | SourceError,
  displays: readonly DisplaySleep[] | SourceError,
): Idle {
  if (grace === null) return { seconds: null, power: 'any', because: 'no-password' };
  const unread: Idle['unread'] = [];
  if (saver instanceof SourceError || 'atMost' in saver) unread.push('saver');
  if (displays instanceof SourceError) unread.push('display');
  const saverSeconds = saver instanceof SourceError ? null : saver.seconds;
  const display: { seconds: number | null; power: Idle['power'] } =
    displays instanceof SourceError ? { seconds: null, power: 'any' } : worst(displays);
  const rest = {
    ...(unread.length > 0 && { unread }),
    ...(saverSeconds === 'not-set' && { saverDefault: true }),
  };
  const bySaver =
    typeof saverSeconds === 'number' && (display.seconds === null || saverSeconds <= display.seconds);
  const seconds = bySaver ? saverSeconds : display.seconds;
  if (seconds === null) return { seconds, power: display.power, because: 'switched-off', ...rest };
  return {
    seconds: Math.min(seconds + grace, longest),
    power: bySaver ? 'any' : display.power,
    by: bySaver ? 'saver' : 'display',
    ...rest,
  };
}

/** Answers of a session that is not on the screen prove nothing for the one that is. Throws SourceError. */
async function requireScreen(sources: Sources): Promise<void> {
  requireSession(sources);
  if ((await told(consoleUser(sources))) === null)
    throw new SourceError('no-session', 'nobody is at the screen', 'no-session');
}

async function idle(sources: Sources): Promise<Answer<Idle>> {
  await requireScreen(sources);
  const grace = await orError(graceSeconds(sources));
  const saver = await orError(saverTime(sources));
  const displays = await orError(displaySleep(sources));
  if (grace instanceof SourceError) {
    // Without any path to a dark screen it does not matter how long the password would wait.
    const neither = idleOf(0, saver, displays);
    if (neither.seconds === null && !neither.unread && !neither.saverDefault) return known(neither, 'user');
    throw grace;
  }
  if (grace !== null && saver instanceof SourceError && displays instanceof SourceError) throw displays;
  const value = idleOf(grace, saver, displays);
  const managed = !(saver instanceof SourceError) && 'by' in saver && saver.by === 'policy';
  return known(value, managed && value.by === 'saver' ? 'policy' : 'user');
}

async function graceOrigin(sources: Sources): Promise<Origin> {
  const delay = managedForPerson(sources, 'com.apple.screensaver', 'askForPasswordDelay', numberIn, Math.max);
  const limit = managedForPerson(
    sources,
    'com.apple.mobiledevice.passwordpolicy',
    'maxGracePeriod',
    numberIn,
    Math.max,
  );
  return (await delay) === undefined && (await limit) === undefined ? 'user' : 'policy';
}

export const darwin: PointProbes<'screen-lock'> = {
  idle,
  async grace(sources) {
    await requireScreen(sources);
    return known({ seconds: await graceSeconds(sources) }, await graceOrigin(sources));
  },
};
