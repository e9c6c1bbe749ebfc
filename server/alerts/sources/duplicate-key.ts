import { addresses } from '../../pages/addresses.ts';
import { type AlertSource, readAtOnce } from '../source.ts';

/** A second machine was seen to use a device's key, or its chain was set back. */
export const duplicateKey: AlertSource = {
  id: 'duplicate-key',
  begin: async ({ news }) => (await news.newest()).audit,
  async find({ stores, organizations }, position) {
    const { audit } = await stores.news.newest();
    const diverged = await stores.news.diverged(position, readAtOnce);
    const events = diverged.flatMap(({ organization: number, device, label, number: entry, at }) => {
      const organization = organizations.get(number);
      if (organization === undefined) return [];
      return [
        {
          organization: number,
          key: `duplicate-key/${device}/${entry}`,
          kind: 'duplicate-key' as const,
          group: `duplicate-key/${device}`,
          at,
          subject: device,
          line: `${label}: another machine uses its key; both need an enrollment of their own`,
          path: addresses.device(organization.id, device),
        },
      ];
    });
    return { events, position: diverged.length < readAtOnce ? audit : (diverged.at(-1)?.number ?? position) };
  },
};
