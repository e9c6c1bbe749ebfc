import { type Answer, known } from '../../../shared/answer.ts';
import type { AppId, WatchedId } from '../../../shared/data/product-ids.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import {
  type InstalledProgram,
  identify,
  readInstalledPrograms,
} from '../../readings/win32/installed-programs.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { settled } from '../../readings/win32/settled.ts';

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
function versionOf(written: string | undefined): string | undefined {
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

/** Edge keeps its version where its updater stands. */
async function readEdgeVersion(sources: Sources): Promise<string | undefined> {
  const edge = await readSettings(
    sources,
    'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}',
  );
  return versionOf(edge.string('pv'));
}

type Found = { app: AppId; version?: string };

/** Programs installed for the whole machine. Windows 10 and 11. */
export const win32: PointProbes<'app-updates'> = {
  async pending(sources): Promise<Answer<{ apps: Found[] }>> {
    const { programs, failure } = await readInstalledPrograms(sources);
    const edge = await settled(readEdgeVersion(sources));
    const versions = new Map<AppId, string | undefined>();
    for (const [app, { version }] of identify(programs, 'apps')) versions.set(app, versionOf(version));
    if (!(edge instanceof SourceError) && edge !== undefined) versions.set('edge', edge);
    const apps: Found[] = [...versions].map(([app, version]) => ({
      app,
      ...(version !== undefined && { version }),
    }));
    // Without a single program the answer would be "none of them is installed".
    if (apps.length === 0 && failure !== undefined) throw failure;
    return known({ apps });
  },
  async unsupported(sources) {
    const { programs, failure } = await readInstalledPrograms(sources);
    const products = programs.flatMap((program) =>
      watched.flatMap(([product, pattern, from]) => {
        const release = releaseOf(program, pattern, from);
        return release === undefined ? [] : [{ product, release }];
      }),
    );
    return known({ products: products.slice(0, 100), incomplete: failure !== undefined });
  },
};
