import { checkIds, checks } from '../../shared/checks/index.ts';
import type { Policy } from '../../shared/policy.ts';
import type { CheckTally } from '../pages/model.ts';

/** How the devices answer each check: those that count, and those that some device answered. */
export function tallies(
  counts: ReadonlyMap<string, CheckTally['counts']>,
  policy: Policy,
): readonly CheckTally[] {
  return checkIds.flatMap((check) => {
    const points = Object.values(policy.checks[check]);
    const counted = points.some(({ mode }) => mode === 'enforce');
    const count = counts.get(check) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
    const answered = count.pass + count.fail > 0 && points.some(({ mode }) => mode !== 'off');
    return counted || answered ? [{ check, title: checks[check].title, counts: count }] : [];
  });
}
