import { canonicalJson } from '../../shared/canonical.ts';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';
import { counts, type PointResult } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import {
  type Assessment,
  assess,
  assessCheck,
  type CollectorKnowledge,
  type DeviceState,
  type Judging,
} from './assess.ts';

/**
 * How a point comes out by another policy: it newly counts as failing; it failed and counts as failing no longer; or it newly
 * counts as not told.
 */
export const pointShifts = ['fails', 'fixed', 'unknown'] as const;
export type PointShift = (typeof pointShifts)[number];

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
 * What a draft would make of devices, one after the other, at one moment: as comparing what `assess` says by both policies. Only
 * where a check whose settings differ comes out otherwise is a device assessed as a whole.
 */
export function draftTrial(
  current: Policy,
  draft: Policy,
  at: Date,
  judging: Judging,
): (facts: Facts | undefined, known: CollectorKnowledge) => DeviceShift | undefined {
  const alike = alikeChecks(current, draft);
  const changed = checkIds.filter((id) => !alike.has(id));
  // What both policies ask alike is judged by one of them, so that a judging that remembers is asked only once for it.
  const byDraft: Judging = (_policy, context) => {
    const now = judging(current, context);
    const then = judging(draft, context);
    return (id, facts) => (alike.has(id) ? now(id, facts) : then(id, facts));
  };
  const whole = (facts: Facts | undefined, known: CollectorKnowledge) =>
    compareAssessments(assess(facts, known, current, at, judging), assess(facts, known, draft, at, byDraft));
  // It also says how long a device may say nothing.
  if (changed.includes('agent-health')) return whole;
  return (facts, known) => {
    const shifts = changed.some((id) => {
      const before = assessCheck(id, facts, known, current, at, judging);
      const after = assessCheck(id, facts, known, draft, at, judging);
      return after?.points.some((point, place) => counted(before?.points[place]) !== counted(point)) ?? false;
    });
    return shifts ? whole(facts, known) : undefined;
  };
}

/** The checks two policies judge alike: same settings, same tables. */
function alikeChecks(one: Policy, other: Policy): ReadonlySet<CheckId> {
  if (canonicalJson(one.data ?? null) !== canonicalJson(other.data ?? null)) return new Set();
  return new Set(checkIds.filter((id) => canonicalJson(one.checks[id]) === canonicalJson(other.checks[id])));
}
