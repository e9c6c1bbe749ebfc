import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { linesOf } from './lines.ts';
import { type PropertyListDictionary, readPropertyList, textIn } from './property-list.ts';

function releaseOf(version: string | undefined): string {
  if (version === undefined || !/^\d{1,2}(\.\d{1,3}){0,3}$/.test(version)) throw unparseable('macOS version');
  const major = Number.parseInt(version, 10);
  // No macOS 16 to 25 was ever made: a compatibility shim answers so to programs built for older systems.
  if (major >= 16 && major <= 25) throw unparseable('macOS version');
  return version;
}

/** The build of the running system, `25G241`; from the same places. Throws SourceError. */
export function osBuild(sources: Sources): Promise<string> {
  const buildOf = (build: string | undefined) => {
    if (build === undefined || !/^\d{2}[A-Z]\d{1,5}[a-z]?$/.test(build)) throw unparseable('macOS build');
    return build;
  };
  return firstOf(
    async () => buildOf(textIn(await versionFile(sources), 'ProductBuildVersion')),
    async () => buildOf(await versionField(sources, 'BuildVersion')),
  );
}

async function versionFile(sources: Sources): Promise<PropertyListDictionary> {
  const list = await readPropertyList(sources, '/System/Library/CoreServices/SystemVersion.plist');
  if (list === undefined) throw new SourceError('missing', 'SystemVersion.plist', 'ENOENT');
  return list;
}

async function versionField(sources: Sources, name: string): Promise<string> {
  const { stdout } = await sources.command(['/usr/bin/sw_vers']);
  const values = linesOf(stdout)
    .map((line) => /^([^:]*):(.*)$/.exec(line))
    .filter((match) => match?.[1]?.trim() === name)
    .map((match) => match?.[2]?.trim());
  if (values[0] === undefined || values.length > 1) throw unparseable('sw_vers');
  return values[0];
}

/** `15.7.1`, from SystemVersion.plist, else `sw_vers`. Throws SourceError. */
export function osVersion(sources: Sources): Promise<string> {
  return firstOf(
    async () => releaseOf(textIn(await versionFile(sources), 'ProductVersion')),
    async () => releaseOf(await versionField(sources, 'ProductVersion')),
  );
}

/** The major release (15) for reads that only some releases have; undefined when nothing tells it. Never throws. */
export async function majorRelease(sources: Sources): Promise<number | undefined> {
  try {
    const version = await firstOf(
      () => osVersion(sources),
      async () => releaseOf(sources.osVersion),
    );
    return Number.parseInt(version, 10);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
