import { absentAsUndefined, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import { iniGroup, parseIni } from './configuration.ts';
import { readPackageFamily } from './update-state.ts';

/**
 * How many settings and sources let software in without a checked signature. Debian's family by apt, Red Hat's by dnf; throws
 * SourceError for others, and where one of the files could not be read: that one may be the open door.
 */
export async function unsignedSources(sources: Sources): Promise<number> {
  const family = await readPackageFamily(sources);
  if (family === 'apt') return (await aptSettings(sources)) + (await aptSources(sources));
  if (family !== 'dnf') throw new SourceError('unsupported', 'no package manager whose sources can be read');
  const dnf = await absentAsUndefined(sources.file('/etc/dnf/dnf.conf'));
  const repositories = await absentAsUndefined(sources.directory('/etc/yum.repos.d'));
  if (dnf === undefined && repositories === undefined)
    throw new SourceError('missing', 'neither dnf.conf nor yum.repos.d', 'ENOENT');
  return (isUncheckedByDefault(dnf ?? '') ? 1 : 0) + (await dnfRepositories(sources, repositories ?? []));
}

/** Words apt takes for true and for false; a number is true when it is not 0. */
const yes = '(?:true|yes|with|on|enable|0*[1-9]\\d*)';
const no = '(?:false|no|without|off|disable|0+|)';
const settings = ['APT::Get::AllowUnauthenticated', 'Acquire::AllowInsecureRepositories'] as const;

/** `apt-config dump NAME`: empty, or `Acquire::AllowInsecureRepositories "false";`. */
async function aptSettings(sources: Sources): Promise<number> {
  const answers = await Promise.all(
    settings.map(async (name) =>
      isSwitchedOn((await answered(sources, ['apt-config', 'dump', name])).stdout),
    ),
  );
  return answers.filter(Boolean).length;
}

/** See above. Throws SourceError for an answer of another form. */
export function isSwitchedOn(stdout: string): boolean {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  return lines
    .map((line) => {
      if (new RegExp(`^[\\w:-]+ "${no}";\\s*$`, 'i').test(line)) return false;
      if (new RegExp(`^[\\w:-]+ "${yes}";\\s*$`, 'i').test(line)) return true;
      throw unparseable('apt-config');
    })
    .includes(true);
}

async function aptSources(sources: Sources): Promise<number> {
  const main = (await absentAsUndefined(sources.file('/etc/apt/sources.list'))) ?? '';
  const names = (await absentAsUndefined(sources.directory('/etc/apt/sources.list.d'))) ?? [];
  const texts = await Promise.all(
    // apt reads no other endings.
    names
      .filter((name) => name.endsWith('.list') || name.endsWith('.sources'))
      .map((name) => sources.file(`/etc/apt/sources.list.d/${name}`)),
  );
  return [main, ...texts].reduce((sum, text) => sum + trustedEntries(text), 0);
}

const trustedOption = new RegExp(`\\btrusted\\s*=\\s*${yes}\\b`, 'i');
const trustedField = new RegExp(`^\\s*Trusted:\\s*${yes}\\s*$`, 'im');
const disabledField = /^[^\S\n]*Enabled:\s*(?:no|false|off|0|without|disable)\s*$/im;

/** One-line entries with `[trusted=yes]`, and paragraphs with `Trusted: yes` that are not switched off. Comments are nothing. */
export function trustedEntries(text: string): number {
  // A line of comment does not end a paragraph.
  const plain = text.replace(/^[ \t]*#.*$/gm, '#').replace(/[ \t]#.*$/gm, '');
  const lines = plain.split('\n').filter((line) => trustedOption.test(line));
  const paragraphs = plain
    .split(/\n\s*\n/)
    .filter((paragraph) => trustedField.test(paragraph))
    // One switch for several sources tells of none of them.
    .filter((paragraph) => !disabledField.test(paragraph) || /^Types:[\s\S]*^Types:/im.test(paragraph));
  return lines.length + paragraphs.length;
}

const off = /^(?:0|false|no|off)$/i;
const keys = ['gpgcheck', 'pkg_gpgcheck'];

const isUnchecked = (group: ReadonlyMap<string, { readonly value: string }>) =>
  keys.some((key) => off.test(group.get(key)?.value ?? '1'));

/** dnf checks signatures unless told otherwise: `[main] gpgcheck=0`. */
export function isUncheckedByDefault(text: string): boolean {
  return isUnchecked(iniGroup(text, 'main'));
}

async function dnfRepositories(sources: Sources, names: readonly string[]): Promise<number> {
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.repo')).map((name) => sources.file(`/etc/yum.repos.d/${name}`)),
  );
  return texts.reduce((sum, text) => sum + uncheckedRepositories(text), 0);
}

/** Repositories in use that switch the check off for themselves. */
export function uncheckedRepositories(text: string): number {
  if (!/^[^\S\n]*\[/m.test(text)) return uncheckedWithoutNames(text);
  // Each header begins another one, also where a recording calls them all the same.
  const groups = text.split(/^(?=\s*\[)/m).flatMap((part) => [...parseIni(part).values()]);
  return groups.filter((group) => isUnchecked(group) && !off.test(group.get('enabled')?.value ?? '1')).length;
}

/**
 * A recording may keep the keys without the names of their groups. Where each repository has both keys, they go by pairs; else
 * nobody can tell which belong together, and a check that is off counts.
 */
function uncheckedWithoutNames(text: string): number {
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^\\s*${key}\\s*=\\s*(\\S*)\\s*$`, 'gim'))].map((match) => match[1] ?? '');
  const [checks, enabled] = [values('(?:pkg_)?gpgcheck'), values('enabled')];
  const paired = checks.length === enabled.length;
  return checks.filter((check, index) => off.test(check) && !(paired && off.test(enabled[index] ?? '1')))
    .length;
}
