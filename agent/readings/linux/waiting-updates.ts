import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, refusal } from './answered.ts';
import { hoursSince, type PackageFamily, readLastLook } from './update-state.ts';

/** Security updates that wait. Every one is counted; some are named, some carry their own date. */
export interface Waiting {
  readonly count: number;
  /** Name and version of those without a date; left out where only the number is told. */
  readonly ids: readonly string[];
  /** When each of those with a date came out. */
  readonly issued: readonly Date[];
}

const named = (ids: readonly string[]): Waiting => ({ count: ids.length, ids, issued: [] });
const counted = (count: number): Waiting => ({ count, ids: [], issued: [] });

/** The security updates that wait. Throws SourceError where the answer is not worth anything without fresh lists. */
export async function readWaiting(
  sources: Sources,
  family: PackageFamily,
  distribution: string,
  maxScanAgeHours: number,
): Promise<Waiting> {
  if (family === 'apt') {
    const waiting = await firstOf(
      () => byAptGet(sources),
      () => byAptCheck(sources),
    );
    // What waits, waits, however old the lists are; "none" is worth what they are worth.
    if (waiting.count === 0) requireFresh(await readLastLook(sources, family), sources.now, maxScanAgeHours);
    return waiting;
  }
  // These answer from their cache, and an empty cache answers "none".
  requireFresh(await readLastLook(sources, family), sources.now, maxScanAgeHours);
  if (family === 'dnf') return byDnf(sources);
  if (family === 'pacman') return byPacman(sources);
  // Tumbleweed is moved on as a whole and knows no patches: its zypper always says that none is needed.
  if (/tumbleweed|slowroll/.test(distribution)) throw new SourceError('unsupported', 'no patches here');
  return byZypper(sources);
}

/** "None waiting" is only worth what the lists are worth. Throws SourceError `stale`. */
function requireFresh(looked: Date, now: Date, maxHours: number): void {
  if (hoursSince(looked, now) > maxHours)
    throw new SourceError('stale', 'the package lists are too old to tell');
}

/** `apt-get -s upgrade`: `Inst libssl3 [3.0.2] (3.0.3 Ubuntu:24.04/noble-security [amd64])`, and a line with the counts. */
async function byAptGet(sources: Sources): Promise<Waiting> {
  const { stdout } = await answered(sources, ['apt-get', '-s', '-o', 'Debug::NoLocking=true', 'upgrade']);
  return parseAptGet(stdout);
}

const countLines = [
  /^\d+ upgraded, \d+ newly installed, \d+ to remove and \d+ not upgraded\.\s*$/m,
  // apt 3, where its newer output is asked for.
  /^[^\S\n]*(?:Summary:\s*)?Upgrading: \d+, Installing: \d+, Removing: \d+, Not Upgrading: \d+\s*$/m,
];

/** An archive whose name ends in `-security` (`noble-security`, `oldstable-security`), or Debian's own security origin. */
const securityArchive = /-security(?![\w-])|\bDebian-Security:/i;

/** Whether a line `Inst ...` offers something from an archive for security. */
export function isSecurityOffer(line: string): boolean {
  // The archives stand in the brackets behind the new version; a recording may keep nothing else of the line.
  return securityArchive.test(/\((.*)\)/.exec(line)?.[1] ?? line.slice('Inst'.length));
}

/** See above. Without the line of counts the answer was cut short: throws SourceError. */
export function parseAptGet(stdout: string): Waiting {
  if (!countLines.some((line) => line.test(stdout))) throw unparseable('apt-get');
  let count = 0;
  const ids: string[] = [];
  for (const line of stdout.split('\n')) {
    if (!/^Inst\b/.test(line) || !isSecurityOffer(line)) continue;
    count += 1;
    const [, name, version] = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) /.exec(line) ?? [];
    if (name !== undefined && version !== undefined) ids.push(`${name} ${version}`);
  }
  return { count, ids, issued: [] };
}

/** `apt-check` prints `71;40` (all;security) as the last text on stderr, after whatever Python has to say. */
async function byAptCheck(sources: Sources): Promise<Waiting> {
  const { stderr } = await answered(sources, ['/usr/lib/update-notifier/apt-check']);
  return counted(parseAptCheck(stderr));
}

/** See above. Throws SourceError. */
export function parseAptCheck(stderr: string): number {
  const match = /(?:^|\D)(\d{1,6});(\d{1,6})\s*$/.exec(stderr);
  if (match?.[1] === undefined || match[2] === undefined || /^E:/m.test(stderr))
    throw unparseable('apt-check');
  if (Number(match[2]) > Number(match[1])) throw unparseable('apt-check');
  return Number(match[2]);
}

/** `dnf -q -C updateinfo list --security`: one line an advisory and package. */
async function byDnf(sources: Sources): Promise<Waiting> {
  const { stdout, stderr } = await answered(sources, ['dnf', '-q', '-C', 'updateinfo', 'list', '--security']);
  const waiting = parseUpdateInfo(stdout);
  // A repository that is left out is told about on stderr alone, with exit code 0.
  if (waiting.count === 0 && /ignor|fail|error|cannot|unable|repositor|cache/i.test(stderr))
    throw new SourceError('failed', 'dnf left repositories out');
  return waiting;
}

/**
 * dnf 4: `FEDORA-2026-1a2b3c Important/Sec. kernel-6.17.5-1.fc43.x86_64`. dnf 5: a line of column names, and behind the package the
 * moment it came out (`2026-11-10 02:30:20`). An advisory may name several packages and a package stand under several advisories:
 * packages are counted, each with its oldest date. Throws SourceError for lines of another form.
 */
export function parseUpdateInfo(stdout: string): Waiting {
  const packages = new Map<string, Date | undefined>();
  for (const line of stdout.split('\n').map((text) => text.trim())) {
    if (line === '' || /^Name\s+Type\s/.test(line)) continue;
    const match =
      /^(?:i\s+)?\S+-\d{4}[-:]\S+\s+.*?(\S+\.(?:\w+))(?:\s+(\d{4}-\d{2}-\d{2})(?:\s+\d{2}:\d{2}:\d{2})?)?$/.exec(
        line,
      );
    if (match?.[1] === undefined) throw unparseable('dnf');
    const issued = match[2] === undefined ? undefined : new Date(`${match[2]}T00:00:00Z`);
    if (issued !== undefined && Number.isNaN(issued.getTime())) throw unparseable('dnf');
    const known = packages.get(match[1]);
    const older = known !== undefined && (issued === undefined || known < issued) ? known : issued;
    packages.set(match[1], older);
  }
  const dates = [...packages.values()];
  return {
    count: packages.size,
    ids: [...packages].flatMap(([name, date]) => (date === undefined ? name : [])),
    issued: dates.filter((date) => date !== undefined),
  };
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
  if (result.exitCode !== 0 || result.stdout.trim() === '') throw refusal('pacman', result);
  const lines = result.stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.some((line) => !/^\S+ \S+ -> \S+/.test(line))) throw unparseable('pacman');
  return named(lines.filter((line) => !line.includes('[ignored]')));
}
