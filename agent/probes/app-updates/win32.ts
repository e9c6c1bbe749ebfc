import { type Answer, known } from '../../../shared/answer.ts';
import type { AppId } from '../../../shared/data/product-ids.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { identify, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { settled } from '../../readings/win32/settled.ts';
import { versionOf, watchedReleases } from '../../readings/win32/watched-programs.ts';

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
    // Edge comes with Windows: where its version could not be read, it is there all the same.
    if (edge instanceof SourceError) versions.set('edge', versions.get('edge'));
    else if (edge !== undefined) versions.set('edge', edge);
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
    const products = programs.flatMap(watchedReleases);
    return known({ products: products.slice(0, 100), incomplete: failure !== undefined });
  },
};
