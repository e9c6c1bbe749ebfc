import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { linesOf } from './lines.ts';
import { readPropertyList, textIn } from './property-list.ts';

function releaseOf(version: string | undefined): string {
  if (version === undefined || !/^\d{1,2}(\.\d{1,3}){0,3}$/.test(version)) throw unparseable('macOS version');
  const major = Number.parseInt(version, 10);
  // No macOS 16 to 25 was ever made: a compatibility shim answers so to programs built for older systems.
  if (major >= 16 && major <= 25) throw unparseable('macOS version');
  return version;
}

async function fromFile(sources: Sources): Promise<string> {
  const list = await readPropertyList(sources, '/System/Library/CoreServices/SystemVersion.plist');
  if (list === undefined) throw new SourceError('missing', 'SystemVersion.plist', 'ENOENT');
  return releaseOf(textIn(list, 'ProductVersion'));
}

async function fromCommand(sources: Sources): Promise<string> {
  const { stdout } = await sources.command(['/usr/bin/sw_vers']);
  const versions = linesOf(stdout)
    .map((line) => /^([^:]*):(.*)$/.exec(line))
    .filter((match) => match?.[1]?.trim() === 'ProductVersion')
    .map((match) => match?.[2]?.trim());
  if (versions.length !== 1) throw unparseable('sw_vers');
  return releaseOf(versions[0]);
}

/** `15.7.1`, from SystemVersion.plist, else `sw_vers`. Throws SourceError. */
export function osVersion(sources: Sources): Promise<string> {
  return firstOf(
    () => fromFile(sources),
    () => fromCommand(sources),
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
