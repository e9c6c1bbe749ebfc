import type { Check } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { covers, excuses } from '../../shared/waiver.ts';
import type { OrganizationThen } from '../history/look-back.ts';
import { csv } from './csv.ts';

/** Every point of every laptop as of a moment: a line each. */
export function findingsCsv({ fleet, policy, waivers }: OrganizationThen, at: Date): string {
  const lines = fleet.devices.flatMap(({ device, state, statuses }) =>
    checkIds.flatMap((check: CheckId) =>
      Object.entries(policy.checks[check]).flatMap(([point, { mode, severity }]) => {
        const status = statuses?.get(`${check}/${point}`);
        if (status === undefined) return [];
        const { title, points } = checks[check] as unknown as Check;
        const waived = waivers.some(
          (waiver) => excuses(waiver, check, point) && covers(waiver.scope, device),
        );
        return [
          [
            at.toISOString(),
            device.label,
            device.assetTag ?? '',
            device.system,
            state,
            `${check}/${point}`,
            `${title}: ${points[point]?.title ?? point}`,
            status,
            mode,
            severity,
            waived && (status === 'fail' || status === 'unknown') ? 'yes' : 'no',
            `${policy.id} ${policy.version}`,
          ],
        ];
      }),
    ),
  );
  return csv([
    [
      'as of',
      'laptop',
      'asset tag',
      'system',
      'state',
      'point',
      'title',
      'status',
      'mode',
      'severity',
      'waived',
      'policy',
    ],
    ...lines,
  ]);
}
