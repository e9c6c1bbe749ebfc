import type { WatchedId } from '../../../shared/data/product-ids.ts';
import type { InstalledProgram } from './installed-programs.ts';

/** Programs that are watched for the end of their support, and where the release stands: in the name or the version. */
const watched: readonly (readonly [WatchedId, RegExp, 'name' | 'major' | 'minor'])[] = [
  ['dotnet', /^Microsoft (?:\.NET|ASP\.NET Core|Windows Desktop) Runtime - (\d+)\.0/i, 'name'],
  ['flash-player', /^Adobe Flash Player (\d+)/i, 'name'],
  ['java', /^Java(?:\(TM\))?(?: SE(?: Runtime Environment)?)? (\d+)\b/i, 'name'],
  ['libreoffice', /^LibreOffice \d/i, 'minor'],
  ['nodejs', /^Node\.js\b/i, 'major'],
  ['office', /^Microsoft Office\b.*\b(20(?:07|10|13|16|19|21|24))\b/i, 'name'],
  ['python', /^Python (\d+\.\d+)(?:\.\d+)?\b.*(?:bit\)|Core Interpreter)/i, 'name'],
  ['silverlight', /^Microsoft Silverlight\b/i, 'major'],
];

/** The dotted number a version begins with, without zeros in front that no table has. */
export function versionOf(written: string | undefined): string | undefined {
  return /^\d{1,6}(?:\.\d{1,6}){0,4}/.exec(written ?? '')?.[0];
}

function releaseOf(
  { name, version }: InstalledProgram,
  pattern: RegExp,
  from: 'name' | 'major' | 'minor',
): string | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  if (from === 'name') return match[1];
  return versionOf(version)
    ?.split('.')
    .slice(0, from === 'major' ? 1 : 2)
    .join('.');
}

/** The releases a program stands for on the watch list; empty for programs nobody watches. */
export function watchedReleases(program: InstalledProgram): { product: WatchedId; release: string }[] {
  return watched.flatMap(([product, pattern, from]) => {
    const release = releaseOf(program, pattern, from);
    return release === undefined ? [] : [{ product, release }];
  });
}
