import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import {
  appIdentifier,
  type InstalledApp,
  isNamed,
  listedApps,
} from '../../readings/darwin/installed-apps.ts';
import { told } from '../../readings/darwin/told.ts';

/** An identifier as `org.mozilla.firefox`, which only an application's own Info.plist tells. */
const identifier = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){2,}$/;

async function isInstalled(
  sources: Sources,
  apps: readonly InstalledApp[],
  name: string,
): Promise<boolean | undefined> {
  if (apps.some((app) => isNamed(app, name))) return true;
  if (!identifier.test(name)) return false;
  const ids = await Promise.all(apps.map((app) => told(appIdentifier(sources, app))));
  if (ids.some((id) => id?.toLowerCase() === name.toLowerCase())) return true;
  return ids.includes(undefined) ? undefined : false;
}

export const darwin: PointProbes<'required-apps'> = {
  async present(sources, { names }) {
    const { apps, failure } = await listedApps(sources);
    if (failure !== undefined && apps.length === 0 && names.length > 0) throw failure;
    const found = await Promise.all(names.map((name) => isInstalled(sources, apps, name)));
    const absent = found.filter((here) => here === false).length;
    const dark = found.filter((here) => here === undefined).length;
    // What was not found may be in the folder that could not be listed.
    const missing = failure === undefined ? absent : 0;
    return known({
      wanted: names.length,
      missing,
      unknown: dark + absent - missing,
      asked: fingerprint(names),
    });
  },
};
