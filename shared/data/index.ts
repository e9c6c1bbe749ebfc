import { appVersions } from './app-versions.ts';
import { osLifecycles } from './os-lifecycles.ts';
import type { ReferenceData } from './reference-data.ts';
import { watchList } from './watch-list.ts';

export { type AppVersion, type OsLifecycle, ReferenceData } from './reference-data.ts';

/** What a policy may bring: any of the tables. */
export type BroughtData = { readonly [K in keyof ReferenceData]?: ReferenceData[K] | undefined };

/** As shipped with this build. */
export const shippedData: ReferenceData = { osLifecycles, appVersions, watchList };

/** The newer of two versions of every table. What one lacks is taken from the other. */
export function newestData(shipped: ReferenceData, brought: BroughtData | undefined): ReferenceData {
  if (brought === undefined) return shipped;
  const newer = <K extends keyof ReferenceData>(key: K): ReferenceData[K] => {
    const other = brought[key];
    return other !== undefined && other.date > shipped[key].date ? other : shipped[key];
  };
  return {
    osLifecycles: newer('osLifecycles'),
    appVersions: newer('appVersions'),
    watchList: newer('watchList'),
  };
}
