import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';
import { answered } from './answered.ts';
import { parseIni } from './configuration.ts';

/**
 * How many settings and sources let software in without a checked signature. Debian's family by apt, Red Hat's by dnf; throws
 * SourceError for others, and where one of the files could not be read: that one may be the open door.
 */
export async function unsignedSources(sources: Sources): Promise<number> {
  const apt = await aptSettings(sources);
  if (apt !== undefined) return apt + (await aptSources(sources));
  const dnf = await absentAsUndefined(sources.file('/etc/dnf/dnf.conf'));
  const repositories = await absentAsUndefined(sources.directory('/etc/yum.repos.d'));
  if (dnf === undefined && repositories === undefined) {
    throw new SourceError('unsupported', 'no package manager whose sources can be read');
  }
  return (isUncheckedByDefault(dnf ?? '') ? 1 : 0) + (await dnfRepositories(sources, repositories ?? []));
}

const switchedOn = /"(?:true|yes|1|on|enable)";/i;

/** `apt-config dump NAME`: empty, or `Acquire::AllowInsecureRepositories "false";`. Undefined = no apt here. */
async function aptSettings(sources: Sources): Promise<number | undefined> {
  const names = ['APT::Get::AllowUnauthenticated', 'Acquire::AllowInsecureRepositories'];
  const answers = await Promise.all(
    names.map((name) => absentAsUndefined(answered(sources, ['apt-config', 'dump', name]))),
  );
  if (answers.every((answer) => answer === undefined)) return undefined;
  return answers.filter((answer) => answer !== undefined && switchedOn.test(answer.stdout)).length;
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

/** One-line entries with `[trusted=yes]`, and paragraphs with `Trusted: yes`. */
export function trustedEntries(text: string): number {
  return text.split('\n').filter((line) => {
    const content = line.replace(/#.*$/, '');
    return (
      /^\s*deb(?:-src)?\s+\[[^\]]*\btrusted=yes\b/i.test(content) || /^\s*Trusted:\s*yes\s*$/i.test(content)
    );
  }).length;
}

const off = /^(?:0|false|no|off)$/i;

/** dnf checks signatures unless told otherwise: `[main] gpgcheck=0`. */
export function isUncheckedByDefault(text: string): boolean {
  return off.test(parseIni(text).get('main')?.get('gpgcheck')?.value ?? '1');
}

async function dnfRepositories(sources: Sources, names: readonly string[]): Promise<number> {
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.repo')).map((name) => sources.file(`/etc/yum.repos.d/${name}`)),
  );
  return texts.reduce((sum, text) => sum + uncheckedRepositories(text), 0);
}

/** Repositories in use that switch the check off for themselves. A recording keeps the keys without their groups' names. */
export function uncheckedRepositories(text: string): number {
  return [...parseIni(text.includes('[') ? text : `[repository]\n${text}`).values()].filter(
    (group) => off.test(group.get('gpgcheck')?.value ?? '1') && !off.test(group.get('enabled')?.value ?? '1'),
  ).length;
}
