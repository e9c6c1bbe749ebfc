import { canonicalJson } from '../../shared/canonical.ts';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import { counts, type PointResult } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import type { Assessment, DeviceState, Judging } from './assess.ts';

/**
 * How a point comes out by another policy: it newly counts as failing; it failed and counts as failing no longer; or it newly
 * counts as not told.
 */
export type PointShift = 'fails' | 'fixed' | 'unknown';

/** What another policy would make of one device. */
export interface DeviceShift {
  readonly from: DeviceState;
  readonly to: DeviceState;
  /** Points that count otherwise than before, by subject (`screen-lock/idle`). */
  readonly points: readonly { readonly subject: string; readonly shift: PointShift }[];
}

/** The same device judged by two policies: what differs, or undefined where nothing that counts does. Pure. */
export function compareAssessments(before: Assessment, after: Assessment): DeviceShift | undefined {
  const points: { subject: string; shift: PointShift }[] = [];
  for (const [index, finding] of after.findings.entries()) {
    const was = before.findings[index];
    if (was === finding) continue;
    for (const [place, point] of finding.points.entries()) {
      const shift = shiftOf(was?.points[place], point);
      if (shift !== undefined) points.push({ subject: `${finding.check}/${point.point}`, shift });
    }
  }
  return points.length === 0 && before.state === after.state
    ? undefined
    : { from: before.state, to: after.state, points };
}

const counted = (point: PointResult | undefined) =>
  point !== undefined && counts(point) ? point.status : 'not-counted';

function shiftOf(before: PointResult | undefined, after: PointResult): PointShift | undefined {
  const [from, to] = [counted(before), counted(after)];
  if (from === to) return undefined;
  if (to === 'fail') return 'fails';
  if (to === 'unknown') return 'unknown';
  return from === 'fail' ? 'fixed' : undefined;
}

/**
 * Judges by `draft`, and what both policies ask alike by `current`, so that a judging that remembers is asked only once for it.
 * Both must be judged at the same moment.
 */
export function judgingDraft(current: Policy, draft: Policy, judging: Judging): Judging {
  const alike = alikeChecks(current, draft);
  return (_policy, context) => {
    const now = judging(current, context);
    const then = judging(draft, context);
    return (id, facts) => (alike.has(id) ? now(id, facts) : then(id, facts));
  };
}

/** The checks two policies judge alike: same settings, same tables. */
function alikeChecks(one: Policy, other: Policy): ReadonlySet<CheckId> {
  if (canonicalJson(one.data ?? null) !== canonicalJson(other.data ?? null)) return new Set();
  return new Set(checkIds.filter((id) => canonicalJson(one.checks[id]) === canonicalJson(other.checks[id])));
}
