import type { Machine } from '../../../shared/machine.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { orUndefined } from './answered.ts';
import { readDesktop } from './desktop.ts';
import { readOsRelease } from './os-release.ts';
import { readDesktopPeople } from './sessions.ts';

/** The distribution, its version and the desktop in use. Never throws: what could not be read is left out. */
export async function readMachine(sources: Sources): Promise<Machine> {
  const release = await orUndefined(readOsRelease(sources));
  const version = release === undefined ? sources.osVersion : release.versionId;
  const desktop = await desktopInUse(sources);
  return {
    platform: 'linux',
    osName: release !== undefined && /^[a-z0-9]/.test(release.id) ? release.id : 'linux',
    ...(version !== undefined && /^[0-9][0-9A-Za-z._-]{0,31}$/.test(version) && { osVersion: version }),
    ...(desktop !== undefined && { desktop }),
  };
}

async function desktopInUse(sources: Sources): Promise<Machine['desktop']> {
  try {
    const answer = await readDesktopPeople(sources);
    if (answer.kind === 'no-desktop') return 'none';
    const person = answer.kind === 'people' ? answer.people[0] : undefined;
    const name = person && (await readDesktop(person));
    return name?.desktop === 'lxde' ? 'other' : name?.desktop;
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
