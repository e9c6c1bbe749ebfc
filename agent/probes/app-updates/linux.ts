import { known, unknown } from '../../../shared/answer.ts';
import type { AppId } from '../../../shared/data/product-ids.ts';
import { byPackage } from '../../../shared/data/recognise.ts';
import type { PointProbes } from '../../probe.ts';
import { readPackages } from '../../readings/linux/packages.ts';

/** Distributions carry fixes into older releases of these, so that their number says nothing. */
const patchedInPlace = new Set<AppId>(['libreoffice']);

export const linux: PointProbes<'app-updates'> = {
  /** Browsers and mail programs follow their makers' numbers on every distribution. */
  async pending(sources) {
    const apps = new Map<AppId, string>();
    for (const { name, version } of await readPackages(sources)) {
      const app = byPackage('apps', name);
      if (app !== undefined && !patchedInPlace.has(app) && !apps.has(app)) apps.set(app, version);
    }
    return known({
      apps: [...apps].map(([app, version]) => {
        const plain = /^\d{1,6}(?:\.\d{1,6}){0,4}/.exec(version)?.[0];
        return { app, ...(plain !== undefined && { version: plain }) };
      }),
    });
  },
  /** What the distribution ships it also fixes; what came from elsewhere is not seen. */
  async unsupported() {
    return unknown('unsupported');
  },
};
