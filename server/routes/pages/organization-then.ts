import type { CheckId } from '../../../shared/checks/index.ts';
import { lookBack, type PastDay } from '../../history/look-back.ts';
import { pageSize } from '../../pages/addresses.ts';
import type { DeviceQuery } from '../../pages/model.ts';
import type { DeviceThen } from '../../review/fleet-then.ts';
import { storedStates } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Look, namedChecks, talliesOf } from './organization-rows.ts';

/** The same page as of a day: found, sorted and paged here, because no table holds what was. */
export async function lookAtPast(
  stores: Stores,
  { number }: Organization,
  query: DeviceQuery,
  { at }: PastDay,
): Promise<Look> {
  const { fleet, policy } = await lookBack(stores, number, at);
  const found = fleet.devices.filter((one) => matches(one, query)).toSorted(orderOf(query));
  const shown = found.slice((query.page - 1) * pageSize, query.page * pageSize);
  const reports = await stores.history.lastReports(
    shown.map(({ device }) => device.number),
    at,
  );
  return {
    policy: { id: policy.id, version: policy.version },
    counts: fleet.counts,
    // Who had been taken out by then is not in the fleet of that day.
    retired: 0,
    checks: talliesOf(policy, fleet.tallies),
    devices: shown.map(({ device, state, failing, unknown }) => ({
      id: device.id,
      label: device.label,
      assetTag: device.assetTag ?? undefined,
      state,
      platform: device.platform,
      system: device.system,
      lastReportAt: reports.get(device.number)?.toISOString() ?? null,
      failing: namedChecks(failing),
      unknown: namedChecks(unknown),
    })),
    found: found.length,
  };
}

function matches({ device, state, statuses }: DeviceThen, query: DeviceQuery): boolean {
  if (query.state !== null && state !== query.state) return false;
  if (query.platform !== null && device.platform !== query.platform) return false;
  if (query.check !== null) {
    const status = statuses?.get(query.check as CheckId);
    if (status !== 'fail' && status !== 'unknown') return false;
  }
  const search = query.search.toLowerCase();
  return [device.label, device.assetTag ?? '', device.system].some((text) =>
    text.toLowerCase().includes(search),
  );
}

/** As the lists of the present are sorted; by report means by laptop, because only the shown ones are looked up. */
function orderOf({ sort, descending }: DeviceQuery): (a: DeviceThen, b: DeviceThen) => number {
  const turn = descending ? -1 : 1;
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => {
    const first =
      sort === 'state'
        ? storedStates.indexOf(a.state) - storedStates.indexOf(b.state)
        : sort === 'system'
          ? text(a.device.system, b.device.system)
          : 0;
    return turn * (first || text(a.device.label, b.device.label));
  };
}
