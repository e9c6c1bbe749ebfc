import { known, unknown } from '../../../shared/answer.ts';
import type { AppId } from '../../../shared/data/product-ids.ts';
import { byPackage } from '../../../shared/data/recognise.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { orUndefined } from '../../readings/linux/answered.ts';
import { readFlatpakOffers, readSnapOffers } from '../../readings/linux/offers.ts';
import { readPackages } from '../../readings/linux/packages.ts';

/** Distributions carry fixes into older releases of these, so that their number says nothing. */
const patchedInPlace = new Set<AppId>(['libreoffice']);

interface Found {
  app: AppId;
  version?: string;
  offer?: 'none' | 'waiting';
  offeredDays?: number;
}

/** Programs with an update waiting in a store, with the days since this machine first saw it. */
async function waiting(sources: Sources, store: string, apps: Iterable<AppId>): Promise<Found[]> {
  const list = [...apps];
  const seen = (await sources.history?.firstSeen(list.map((app) => `${store} ${app}`))) ?? [];
  return list.map((app, index) => {
    const day = seen[index];
    const days = day && Math.max(0, Math.floor((sources.now.getTime() - day.getTime()) / 86_400_000));
    return { app, offer: 'waiting', ...(days !== undefined && { offeredDays: days }) };
  });
}

/** Ubuntu's packages of what it ships as a snap are empty and called `1:1snap1-0ubuntu5`. */
const isSnap = (version: string) => /snap/.test(version);

export const linux: PointProbes<'app-updates'> = {
  /** Browsers and mail programs follow their makers' numbers on every distribution; stores say themselves what waits. */
  async pending(sources) {
    const [packages, snaps, flatpaks] = await Promise.all([
      readPackages(sources),
      orUndefined(readSnapOffers(sources).then((offers) => ({ offers }))),
      orUndefined(readFlatpakOffers(sources).then((offers) => ({ offers }))),
    ]);
    const apps = new Map<AppId, Found>();
    for (const { name, version } of packages) {
      const app = byPackage('apps', name);
      if (app === undefined || patchedInPlace.has(app) || apps.has(app)) continue;
      const plain = /^\d{1,6}(?:\.\d{1,6}){0,4}/.exec(version)?.[0];
      if (!isSnap(version)) apps.set(app, { app, ...(plain !== undefined && { version: plain }) });
      else apps.set(app, { app, ...(snaps?.offers !== undefined && { offer: 'none' }) });
    }
    for (const found of [
      ...(await waiting(sources, 'snap', snaps?.offers ?? [])),
      ...(await waiting(sources, 'flatpak', flatpaks?.offers ?? [])),
    ])
      apps.set(found.app, found);
    return known({ apps: [...apps.values()] });
  },
  /** What the distribution ships it also fixes; what came from elsewhere is not seen. */
  async unsupported() {
    return unknown('unsupported');
  },
};
