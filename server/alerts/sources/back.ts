import { addresses } from '../../pages/addresses.ts';
import { type AlertSource, type FoundEvent, readAfter, readAtOnce } from '../source.ts';

/** Devices that were told of as silent and report again. A new one that reports for the first time is no news. */
export const back: AlertSource = {
  id: 'back',
  begin: async ({ news }) => (await news.newest()).stateChanges,
  async find(looking, position) {
    const { stores, organizations } = looking;
    const changes = await stores.news.stateChanges(readAfter(looking, position), readAtOnce);
    const events: FoundEvent[] = [];
    for (const { organization: number, device, label, number: change, before, after, at } of changes) {
      const organization = organizations.get(number);
      if (organization === undefined || before !== 'silent' || after === 'on-leave') continue;
      const silentAt = await stores.alerts.lastAbout(number, 'silent', device);
      const backAt = await stores.alerts.lastAbout(number, 'back', device);
      if (silentAt === undefined || at <= silentAt || (backAt !== undefined && backAt >= silentAt)) continue;
      events.push({
        organization: number,
        key: `back/${device}/${change}`,
        kind: 'back',
        group: 'back',
        at,
        subject: device,
        line: `${label} reports again`,
        path: addresses.device(organization.id, device),
      });
    }
    return { events, position: Math.max(position, changes.at(-1)?.number ?? 0) };
  },
};
