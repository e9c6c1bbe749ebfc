import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, orUndefined, refusal } from './answered.ts';
import { wholeNumber } from './configuration.ts';
import { readOsRelease } from './os-release.ts';

/** The families whose package managers differ; by ID first, then by what the distribution says it is like. */
export type PackageFamily = 'apt' | 'dnf' | 'zypper' | 'pacman';

const families: readonly [PackageFamily, RegExp][] = [
  ['apt', /^(?:debian|ubuntu|linuxmint|pop|zorin|elementary|raspbian|kali|neon|tuxedo)$/],
  ['dnf', /^(?:fedora|rhel|centos|almalinux|rocky|ol|amzn|nobara)$/],
  ['zypper', /^(?:opensuse.*|suse|sles|sled)$/],
  ['pacman', /^(?:arch|archlinux|manjaro|endeavouros|cachyos|garuda)$/],
];

/** Which package manager brings fixes here. Throws SourceError `unsupported` for a distribution nobody taught the agent. */
export async function readPackageFamily(sources: Sources): Promise<PackageFamily> {
  const { id, idLike } = await readOsRelease(sources);
  for (const name of [id, ...idLike]) {
    const family = families.find(([, pattern]) => pattern.test(name))?.[0];
    if (family !== undefined) return family;
  }
  throw new SourceError('unsupported', 'no package manager that is known here');
}

const stamps: Record<PackageFamily, readonly string[]> = {
  // The stamp of a finished look; without update-notifier only the lists themselves have a date.
  apt: ['/var/lib/apt/periodic/update-success-stamp', '/var/lib/apt/lists'],
  dnf: ['/var/cache/libdnf5', '/var/cache/dnf'],
  zypper: ['/var/cache/zypp/solv'],
  pacman: ['/var/lib/pacman/sync'],
};

/** When the package lists were last renewed: `stat -c %Y PATH`, seconds since 1970. Throws SourceError. */
export async function readLastLook(sources: Sources, family: PackageFamily): Promise<Date> {
  return firstOf(...stamps[family].map((path) => () => modified(sources, path)));
}

async function modified(sources: Sources, path: string): Promise<Date> {
  const result = await sources.command(['stat', '-c', '%Y', path]);
  if (result.exitCode === 1) throw new SourceError('missing', 'no stamp of a look for updates', 'ENOENT');
  if (result.exitCode !== 0) throw refusal('stat', result);
  const seconds = wholeNumber(result.stdout);
  if (seconds === undefined || seconds < 946_684_800 || seconds > 4_294_967_295) throw unparseable('stat');
  return new Date(seconds * 1000);
}

/** Hours since a moment, whole, rounded up. A stamp of tomorrow tells of a wrong clock: throws SourceError. */
export function hoursSince(moment: Date, now: Date): number {
  const hours = (now.getTime() - moment.getTime()) / 3_600_000;
  if (hours < -24) throw unparseable('stat');
  return Math.max(0, Math.ceil(hours));
}

/** Security updates that wait: how many, and which where the package manager names them. */
export interface Waiting {
  readonly count: number;
  /** Name and version of each; empty where only the number is told. */
  readonly ids: readonly string[];
}

const named = (ids: readonly string[]): Waiting => ({ count: ids.length, ids });
const counted = (count: number): Waiting => ({ count, ids: [] });

/** The security updates that wait. Throws SourceError where the answer is not worth anything without fresh lists. */
export async function readWaiting(
  sources: Sources,
  family: PackageFamily,
  maxScanAgeHours: number,
): Promise<Waiting> {
  if (family === 'apt') {
    const waiting = await firstOf(
      () => byAptGet(sources),
      () => byAptCheck(sources),
    );
    const looked = await orUndefined(readLastLook(sources, family));
    if (waiting.count === 0 && looked !== undefined) requireFresh(looked, sources.now, maxScanAgeHours);
    return waiting;
  }
  // These answer from their cache, and an empty cache answers "none".
  requireFresh(await readLastLook(sources, family), sources.now, maxScanAgeHours);
  if (family === 'dnf') return byDnf(sources);
  if (family === 'zypper') return byZypper(sources);
  return byPacman(sources);
}

/** "None waiting" is only worth what the lists are worth. Throws SourceError `stale`. */
function requireFresh(looked: Date, now: Date, maxHours: number): void {
  if (hoursSince(looked, now) > maxHours)
    throw new SourceError('stale', 'the package lists are too old to tell');
}

/** `apt-get -s upgrade`: `Inst libssl3 [3.0.2] (3.0.3 Ubuntu:24.04/noble-security [amd64])`, and a line with the counts at the end. */
async function byAptGet(sources: Sources): Promise<Waiting> {
  const { stdout } = await answered(sources, ['apt-get', '-s', '-o', 'Debug::NoLocking=true', 'upgrade']);
  return named(parseAptGet(stdout));
}

/** See above. Without the line of counts the answer was cut short: throws SourceError. */
export function parseAptGet(stdout: string): string[] {
  if (!/^\d+ upgraded, \d+ newly installed, \d+ to remove and \d+ not upgraded\.$/m.test(stdout)) {
    throw unparseable('apt-get');
  }
  return stdout.split('\n').flatMap((line) => {
    const [, name, version] = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) .*-security\b/.exec(line) ?? [];
    return name === undefined || version === undefined ? [] : [`${name} ${version}`];
  });
}

/** `apt-check` prints `71;40` (all;security) as the last text on stderr, after whatever Python has to say. */
async function byAptCheck(sources: Sources): Promise<Waiting> {
  const { stderr } = await answered(sources, ['/usr/lib/update-notifier/apt-check']);
  return counted(parseAptCheck(stderr));
}

/** See above. Throws SourceError. */
export function parseAptCheck(stderr: string): number {
  const match = /(?:^|\n)(\d{1,6});(\d{1,6})\s*$/.exec(stderr);
  if (match?.[2] === undefined || /^E:/m.test(stderr)) throw unparseable('apt-check');
  return Number(match[2]);
}

/** `dnf -q -C updateinfo list --security`: one line an advisory and package, with dnf5 below a line of column names. */
async function byDnf(sources: Sources): Promise<Waiting> {
  const { stdout } = await answered(sources, ['dnf', '-q', '-C', 'updateinfo', 'list', '--security']);
  const lines = stdout.split('\n').filter((line) => line.trim() !== '' && !/^Name\s+Type\s/.test(line));
  // An advisory is `FEDORA-2026-1a2b3c`, `RHSA-2026:1234`, `ALSA-...`: a line of another form is no answer.
  if (lines.some((line) => !/^\S+-\d{4}[-:]\S+\s/.test(line.trim()))) throw unparseable('dnf');
  return named([...new Set(lines.map((line) => line.trim().split(/\s+/).at(-1) ?? ''))]);
}

/** `zypper -n patch-check`: exit code 101 = security patches wait, 100 = others do, 0 = none. */
async function byZypper(sources: Sources): Promise<Waiting> {
  const result = await sources.command(['zypper', '-n', 'patch-check']);
  if (/No repositories defined/i.test(result.stdout + result.stderr))
    throw new SourceError('missing', 'no repositories');
  if (result.exitCode === 0 || result.exitCode === 100) return counted(0);
  if (result.exitCode !== 101) throw refusal('zypper', result);
  const number = /\((\d{1,5}) security/.exec(result.stdout)?.[1];
  return counted(Math.max(1, Number(number ?? 1)));
}

/** `pacman -Qu`: exit code 1 and nothing printed = none. There is no security archive: every update may be one. */
async function byPacman(sources: Sources): Promise<Waiting> {
  const result = await sources.command(['pacman', '-Qu']);
  if (result.stderr.trim() !== '') throw new SourceError('failed', 'pacman -Qu warned');
  if (result.exitCode === 1 && result.stdout.trim() === '') return counted(0);
  if (result.exitCode !== 0) throw refusal('pacman', result);
  const lines = result.stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.some((line) => !/^\S+ \S+ -> \S+/.test(line))) throw unparseable('pacman');
  return named(lines.filter((line) => !line.includes('[ignored]')));
}
