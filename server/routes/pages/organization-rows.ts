import type { Status } from '../../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../../shared/checks/index.ts';
import type { Policy } from '../../../shared/policy.ts';
import type { CheckTally, DeviceRow, OrganizationView } from '../../pages/model.ts';
import type { Device } from '../../storage/devices.ts';

/** What of the page depends on whether one looks at the present or at the past. */
export type Look = Pick<OrganizationView, 'policy' | 'counts' | 'retired' | 'checks' | 'devices' | 'found'>;

/** The checks that count under this policy, with how the devices answer them. */
export function talliesOf(
  policy: Policy,
  counts: ReadonlyMap<string, Readonly<Record<Status, number>>>,
): CheckTally[] {
  return checkIds
    .filter((id) => Object.values(policy.checks[id]).some(({ mode }) => mode === 'enforce'))
    .map((id) => ({
      check: id,
      title: checks[id].title,
      counts: counts.get(id) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 },
    }));
}

/** Checks by their titles; one this build no longer knows is left out. */
export const namedChecks = (ids: readonly string[]): DeviceRow['failing'] =>
  ids.flatMap((check) => {
    const known = checks[check as CheckId] as { readonly title: string } | undefined;
    return known === undefined ? [] : [{ check, title: known.title }];
  });

/** A device as the list shows it now. */
export function rowOf(device: Device): DeviceRow {
  return {
    id: device.id,
    label: device.label,
    assetTag: device.assetTag ?? undefined,
    state: device.revokedAt === null ? device.state : 'retired',
    platform: device.machine.platform,
    system: device.system,
    lastReportAt: device.receivedAt?.toISOString() ?? null,
    failing: namedChecks(device.failing),
    unknown: namedChecks(device.unknown),
  };
}
