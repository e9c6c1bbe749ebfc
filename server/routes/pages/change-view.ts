import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import type { ChangeView } from '../../pages/model.ts';
import type { PastChange } from '../../storage/history.ts';

/** A change of a point in words; nothing for a check as a whole, or where this build no longer knows the point. */
export function changeView({ subject, before, after, at, observed, sequence }: PastChange): ChangeView[] {
  const [id = '', name = ''] = subject.split('/');
  const check = checks[id as CheckId] as unknown as Check | undefined;
  const point = check?.points[name];
  if (check === undefined || point === undefined) return [];
  return [
    {
      at: at.toISOString(),
      check: id,
      checkTitle: check.title,
      point: name,
      pointTitle: point.title,
      before,
      after,
      observed,
      byReport: sequence !== null,
    },
  ];
}
