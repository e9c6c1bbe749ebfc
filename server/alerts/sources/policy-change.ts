import { addresses } from '../../pages/addresses.ts';
import { type AlertSource, type FoundEvent, readAfter, readAtOnce } from '../source.ts';

/** Judging a fleet again takes no longer. */
const settlesWithin = 6 * 3_600_000;

/**
 * Devices that fail since a policy came into force though nothing of them changed: a point now counts that did not before. Where a
 * point's own status changed, `failing` tells of it, under the same alert.
 */
export const policyChange: AlertSource = {
  id: 'policy-change',
  begin: async ({ news }) => (await news.newest()).stateChanges,
  async find(looking, position) {
    const { stores, organizations } = looking;
    const changes = await stores.news.stateChanges(readAfter(looking, position), readAtOnce);
    const events: FoundEvent[] = [];
    for (const { organization: number, device, label, number: change, before, after, at } of changes) {
      const organization = organizations.get(number);
      if (organization === undefined || after !== 'failing') continue;
      if (before !== 'compliant' && before !== 'unknown') continue;
      const { policy, effectiveFrom } = await stores.organizations.policy(number);
      if (
        policy.version === 1 ||
        at < effectiveFrom ||
        at.getTime() - effectiveFrom.getTime() > settlesWithin
      ) {
        continue;
      }
      if (await stores.news.brokeSince(number, device, effectiveFrom)) continue;
      events.push({
        organization: number,
        key: `policy-change/${device}/${change}`,
        kind: 'policy',
        group: `policy/${policy.version}`,
        at,
        subject: device,
        line: `${label} fails by version ${policy.version} of the policy`,
        path: addresses.device(organization.id, device),
      });
    }
    return { events, position: Math.max(position, changes.at(-1)?.number ?? 0) };
  },
};
