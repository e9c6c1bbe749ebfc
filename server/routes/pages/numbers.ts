import type { NumbersSummary, NumbersView } from '../../pages/numbers.tsx';
import { hideSmallGroups } from '../../review/small-groups.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { Stores } from '../../storage/stores.ts';
import { talliesOf } from './organization-rows.ts';

/** How an organization stands, for whoever may see numbers only. */
export async function numbersSummary(
  stores: Stores,
  { number, id, name }: Organization,
): Promise<NumbersSummary> {
  return {
    organization: { id, name },
    counts: hideSmallGroups(await stores.devices.stateCounts(number)),
  };
}

/** The same with its checks. */
export async function numbersOf(
  stores: Stores,
  organization: Organization,
): Promise<Omit<NumbersView, 'viewer'>> {
  const [summary, findingCounts, { policy }] = await Promise.all([
    numbersSummary(stores, organization),
    stores.devices.findingCounts(organization.number),
    stores.organizations.policy(organization.number),
  ]);
  return {
    ...summary,
    policy: { id: policy.id, version: policy.version },
    checks: talliesOf(policy, findingCounts).map(({ check, title, counts }) => ({
      check,
      title,
      counts: hideSmallGroups(counts),
    })),
  };
}
