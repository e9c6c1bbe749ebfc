import { known } from '../../../shared/answer.ts';
import type { AppId } from '../../../shared/data/product-ids.ts';
import type { PointProbes } from '../../probe.ts';
import { appVersion, installedApps, listedApps, productOf } from '../../readings/darwin/installed-apps.ts';
import { told } from '../../readings/darwin/told.ts';

export const darwin: PointProbes<'app-updates'> = {
  async pending(sources) {
    const apps: { app: AppId; version?: string }[] = [];
    for (const installed of await installedApps(sources)) {
      const app = productOf('apps', installed);
      // One program twice is looked at once, in the place for everybody.
      if (app === undefined || apps.some((other) => other.app === app)) continue;
      const version = await told(appVersion(sources, installed));
      const plain = /^\d{1,6}(\.\d{1,6}){0,4}$/.test(version ?? '') ? version : undefined;
      apps.push({ app, ...(plain !== undefined && { version: plain }) });
    }
    return known({ apps });
  },
  /** Of the watch list only LibreOffice tells its release by its version; Office for the Mac says 16 whatever was bought. */
  async unsupported(sources) {
    const { apps, failure } = await listedApps(sources);
    const products: { product: 'libreoffice'; release: string }[] = [];
    let incomplete = failure !== undefined;
    for (const installed of apps.filter((app) => productOf('apps', app) === 'libreoffice')) {
      const version = await told(appVersion(sources, installed));
      const release = /^\d{1,6}\.\d{1,6}/.exec(version ?? '')?.[0];
      if (release === undefined) incomplete = true;
      else products.push({ product: 'libreoffice', release });
    }
    if (products.length === 0 && failure !== undefined) throw failure;
    return known({ products, incomplete });
  },
};
