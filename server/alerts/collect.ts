import type { AlertSettings } from '../storage/alert-settings.ts';
import type { Stores } from '../storage/stores.ts';
import type { AlertSource } from './source.ts';
import { alertSources } from './sources/index.ts';

/** An alert goes out when nothing was added for so long, */
const quietMs = 2 * 60_000;
/** or when it gathered for so long; */
const longestMs = 15 * 60_000;
/** and so long after the one before it of the same group. */
const restMs = 30 * 60_000;

/** Under this name it is kept where a source began; what was there before it has told nobody. */
const begunAt = ({ id }: AlertSource) => `${id}/begun`;

/**
 * Asks every source what happened, notes what is new, and puts what has gathered into the outbox. Everything in it may be done twice
 * or by two collectors at once, and comes out once.
 */
export async function collectAlerts(
  stores: Stores,
  now: Date,
  sources: readonly AlertSource[] = alertSources,
  timing = { quietMs, longestMs, restMs },
): Promise<void> {
  const organizations = new Map((await stores.organizations.all()).map((one) => [one.number, one]));
  const known = new Map<number, Promise<AlertSettings>>();
  const settings = (organization: number) => {
    const read = known.get(organization) ?? stores.alertSettings.read(organization);
    known.set(organization, read);
    return read;
  };
  for (const source of sources) {
    const position = await stores.alerts.position(source.id);
    if (position === undefined && source.begin !== undefined) {
      const begun = await source.begin(stores);
      await stores.alerts.setPosition(begunAt(source), begun);
      await stores.alerts.setPosition(source.id, begun);
      continue;
    }
    const begun = (await stores.alerts.position(begunAt(source))) ?? 0;
    const found = await source.find({ stores, now, organizations, settings, begun }, position ?? 0);
    await stores.alerts.note(found.events, now);
    if (found.position !== undefined && found.position !== position) {
      await stores.alerts.setPosition(source.id, found.position);
    }
  }
  await stores.alerts.seal(now, timing);
}
