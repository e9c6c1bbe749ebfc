import type { Stores } from '../storage/stores.ts';
import { localTime } from './local-time.ts';

const day = 86_400_000;

/**
 * Puts the digests that are due into the outbox: daily ones every day, weekly ones on Mondays, from the organization's hour on by its own
 * clocks. Done twice, or by two collectors, it puts each there once. A daily one with nothing to tell is left out.
 */
export async function scheduleDigests(stores: Stores, now: Date): Promise<void> {
  for (const { organization, person, digest, settings } of await stores.alertSettings.digestReaders()) {
    const local = localTime(now, settings.timeZone);
    if (local.hour < settings.digestHour || (digest === 'weekly' && local.weekday !== 1)) continue;
    const id = `digest-${organization}-${person}-${local.date}`;
    if (await stores.deliveries.has(id)) continue;
    const coversFrom = new Date(now.getTime() - (digest === 'weekly' ? 7 : 1) * day);
    const given = {
      id,
      organization,
      channel: 'email',
      target: person,
      content: 'digest',
      coversFrom,
    } as const;
    await stores.deliveries.add(given, now);
    if (digest === 'weekly') continue;
    const [news] = await stores.alerts.list(organization, { from: coversFrom, limit: 1, offset: 0 }, 0);
    if (news === undefined) {
      await stores.deliveries.finish(id, 'dropped', 'a quiet day: there was nothing to tell', now);
    }
  }
}
