import { addresses } from '../../pages/addresses.ts';
import { type AlertSource, readAfter, readAtOnce } from '../source.ts';

/** Devices that stopped reporting. */
export const silent: AlertSource = {
  id: 'silent',
  begin: async ({ news }) => (await news.newest()).stateChanges,
  async find(looking, position) {
    const { stores, organizations } = looking;
    const changes = await stores.news.stateChanges(readAfter(looking, position), readAtOnce);
    const events = changes
      .filter(({ after }) => after === 'silent')
      .flatMap(({ organization: number, device, label, number: change, at }) => {
        const organization = organizations.get(number);
        if (organization === undefined) return [];
        return [
          {
            organization: number,
            key: `silent/${device}/${change}`,
            kind: 'silent' as const,
            group: 'silent',
            at,
            subject: device,
            line: `${label} no longer reports`,
            path: addresses.device(organization.id, device),
          },
        ];
      });
    return { events, position: Math.max(position, changes.at(-1)?.number ?? 0) };
  },
};
