import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { linesOf } from './lines.ts';
import { decidingForPerson, managedForPerson } from './managed.ts';
import { numberIn, switchIn } from './property-list.ts';

const what = 'sysadminctl -screenLock status';
/** The largest 32-bit number: how a profile and the system write "never ask". */
const neverSeconds = 2_147_483_647;

/**
 * Reads `sysadminctl -screenLock status`, which answers on stderr only:
 * `2026-11-21 10:00:06.785 sysadminctl[2725:671348] screenLock delay is 5 seconds`. Seconds until the password is asked,
 * rounded up; null = it never is. macOS 12 to 27. Throws SourceError.
 */
export function parseScreenLock(stderr: string): number | null {
  const answers = linesOf(stderr).flatMap((line) => {
    const said = /^.*sysadminctl\[[^\]]*\] (.*)$/.exec(line)?.[1];
    if (said === 'screenLock is off') return [null];
    if (said === 'screenLock delay is immediate') return [0];
    const delay = /^screenLock delay is (-?\d{1,10}(?:\.\d+)?) seconds?$/.exec(said ?? '')?.[1];
    if (delay === undefined) return [];
    const seconds = Math.ceil(Number(delay));
    return [delay.startsWith('-') || seconds >= neverSeconds ? null : seconds];
  });
  const [first] = answers;
  if (first === undefined || answers.some((answer) => answer !== first)) throw unparseable(what);
  return first;
}

async function graceFromSession(sources: Sources): Promise<number | null> {
  const { stderr, exitCode } = await sources.command(['/usr/sbin/sysadminctl', '-screenLock', 'status'], {
    as: 'user',
  });
  if (exitCode !== 0) throw unparseable(what);
  return parseScreenLock(stderr);
}

/** Asked-for delays of a profile: whether it asks at all, and after how long. */
const domain = 'com.apple.screensaver';
const never = Number.POSITIVE_INFINITY;

async function graceFromProfile(sources: Sources): Promise<number | null> {
  const asks = await managedForPerson(sources, domain, 'askForPassword', switchIn, (a, b) => a && b);
  if (asks === undefined) throw new SourceError('missing', 'askForPassword', 'not-set');
  if (!asks) return null;
  const delay = await managedForPerson(sources, domain, 'askForPasswordDelay', numberIn, Math.max);
  if (delay === undefined || delay < 0) throw unparseable(domain);
  return delay >= neverSeconds ? null : Math.ceil(delay);
}

/**
 * Seconds from a dark screen or the saver to the password; null = none is asked. The session's own answer, else what a
 * profile sets. The person's `askForPassword` has had no effect since 10.13 and is not read. Throws SourceError.
 */
export function graceSeconds(sources: Sources): Promise<number | null> {
  return firstOf(
    () => graceFromSession(sources),
    () => graceFromProfile(sources),
  );
}

/** When the saver starts. `not-set` = nobody chose a time and Apple documents none. */
export type SaverTime =
  | {
      readonly seconds: number | null;
      readonly by: 'policy' | 'user';
      /** The saver's own time was not told; the limit says how late it is at most. */
      readonly atMost?: true;
    }
  | { readonly seconds: 'not-set' };

async function chosenSaverTime(sources: Sources): Promise<SaverTime> {
  const managed = await decidingForPerson(sources, domain, 'idleTime', numberIn, (a, b) =>
    Math.max(a || never, b || never),
  );
  if (managed !== undefined) {
    if (managed < 0) throw unparseable(domain);
    return { seconds: managed === 0 || managed === never ? null : Math.ceil(managed), by: 'policy' };
  }
  const { stdout, exitCode } = await sources.command(
    ['/usr/bin/defaults', '-currentHost', 'read', domain, 'idleTime'],
    { as: 'user' },
  );
  if (exitCode === 1 && stdout.trim() === '') return { seconds: 'not-set' };
  const seconds = /^(\d{1,10})\n$/.exec(stdout)?.[1];
  if (exitCode !== 0 || seconds === undefined) throw unparseable('defaults');
  return { seconds: Number(seconds) || null, by: 'user' };
}

/**
 * When the screen saver starts: a profile's time replaces the person's, also where it is longer, and an inactivity limit of
 * device management (minutes) caps either. Throws SourceError.
 */
export async function saverTime(sources: Sources): Promise<SaverTime> {
  const minutes = await managedForPerson(
    sources,
    'com.apple.mobiledevice.passwordpolicy',
    'maxInactivity',
    numberIn,
    Math.max,
  );
  const cap = minutes !== undefined && minutes > 0 ? Math.ceil(minutes * 60) : undefined;
  if (cap === undefined) return chosenSaverTime(sources);
  const capped = { seconds: cap, by: 'policy' } as const;
  try {
    const chosen = await chosenSaverTime(sources);
    if (chosen.seconds === 'not-set' || chosen.seconds === null) return capped;
    return chosen.seconds <= cap ? chosen : capped;
  } catch (error) {
    // Whatever the saver is set to, it cannot be later than the limit.
    if (error instanceof SourceError) return { ...capped, atMost: true };
    throw error;
  }
}

/** When the display goes dark on one power source. null = never. */
export interface DisplaySleep {
  readonly power: 'battery' | 'mains';
  readonly seconds: number | null;
}

/**
 * Reads `pmset -g custom`: ` displaysleep         10`, minutes, under `Battery Power:` and `AC Power:` in any order; a desktop
 * has the second only. 0 = never. The `sleep` line is no path of its own: its timer runs only while the display is off.
 * macOS 12 to 27. Throws SourceError.
 */
export function parseDisplaySleep(stdout: string): readonly DisplaySleep[] {
  const sections = new Map<string, number | null | undefined>();
  let section: string | undefined;
  // Without its line end the last number may be half of one.
  for (const line of linesOf(stdout.slice(0, stdout.lastIndexOf('\n') + 1))) {
    const head = /^(Battery|AC|UPS) Power:$/.exec(line)?.[1];
    if (head !== undefined) {
      section = head;
      sections.set(head, undefined);
    } else if (/^\s*displaysleep\b/.test(line)) {
      const minutes = /^\s+displaysleep\s+(\d{1,10})$/.exec(line)?.[1];
      if (minutes === undefined || section === undefined || sections.get(section) !== undefined)
        throw unparseable('pmset');
      sections.set(section, Number(minutes) * 60 || null);
    }
  }
  const all = [...sections].filter(([name]) => name !== 'UPS');
  if (all.length === 0) throw unparseable('pmset');
  return all.map(([name, seconds]) => {
    if (seconds === undefined) throw unparseable('pmset');
    return { power: name === 'AC' ? 'mains' : 'battery', seconds };
  });
}

/** When the display sleeps, for each power source. Throws SourceError. */
export async function displaySleep(sources: Sources): Promise<readonly DisplaySleep[]> {
  return parseDisplaySleep((await sources.command(['/usr/bin/pmset', '-g', 'custom'])).stdout);
}
