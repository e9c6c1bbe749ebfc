import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { refusal } from './answered.ts';
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
