import type { Machine } from '../../../shared/machine.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { readSettings } from './registry.ts';

/** Build and edition of this Windows. */
export interface Release {
  /** `26200` */
  readonly build: string;
  /** Raised by every cumulative update. */
  readonly revision: number | undefined;
  /** `Professional`, `Core`, `EnterpriseS`. Never taken from ProductName, which says "Windows 10" on Windows 11. */
  readonly editionId: string | undefined;
}

/** From the registry. SourceError when the build cannot be told. */
export async function readRelease(sources: Sources): Promise<Release> {
  const current = await readSettings(sources, 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion');
  const build = current.string('CurrentBuildNumber');
  if (build === undefined || !/^\d{4,6}$/.test(build)) {
    throw new SourceError(build === undefined ? 'missing' : 'unparseable', 'CurrentBuildNumber: not there');
  }
  const editionId = current.string('EditionID');
  return { build, revision: current.dword('UBR'), editionId: editionId || undefined };
}

/** What kind of machine this is. Never throws: what could not be read is left out. */
export async function readMachine(sources: Sources): Promise<Machine> {
  const machine = { platform: 'win32', osName: 'windows' } as const;
  try {
    const { build, editionId } = await readRelease(sources);
    const edition = editionId !== undefined && /^[A-Za-z0-9]{1,40}$/.test(editionId) ? editionId : undefined;
    return { ...machine, osVersion: `10.0.${build}`, ...(edition !== undefined && { edition }) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const version = /^[0-9][0-9A-Za-z._-]{0,31}$/.test(sources.osVersion) ? sources.osVersion : undefined;
    return { ...machine, ...(version !== undefined && { osVersion: version }) };
  }
}
