import { type Reason, reasons } from '../../shared/answer.ts';
import { severities } from '../../shared/check.ts';
import type { FindingView, PointView } from './model.ts';

/** A point that could not be told, with the check it belongs to. */
export interface Untold {
  readonly finding: FindingView;
  readonly point: PointView;
}

/** Everything known of a device, each point in exactly one place. */
export interface SortedFindings {
  /** Checks of which an enforced point fails, worst first. */
  readonly failing: readonly FindingView[];
  /** Checks of which only points fail that the policy merely reminds of. */
  readonly attention: readonly FindingView[];
  /** Points that could not be told, by the reason why, most urgent first. */
  readonly untold: readonly { readonly reason: Reason; readonly points: readonly Untold[] }[];
  /** Checks that are unknown as a whole: nothing enforced fails, something enforced could not be told. */
  readonly unknownChecks: number;
  /** What is left of the checks that are not above: it passes or does not apply. */
  readonly inOrder: readonly FindingView[];
  /** Points that are excused for now, whatever they came to. */
  readonly waived: readonly FindingView[];
  /** Points the policy does not count, whatever they came to. */
  readonly notCounted: readonly FindingView[];
}

/** Points the policy enforces or reminds of, and no waiver excuses for now. */
export const isCounted = (point: PointView): boolean =>
  (point.mode === 'enforce' || point.mode === 'warn') && point.waiver === undefined;

const rank = ({ severity }: { severity: PointView['severity'] }) => severities.indexOf(severity);

/** Sorts what is known of a device by what a person has to do about it. Pure. */
export function sortFindings(findings: readonly FindingView[]): SortedFindings {
  const has = (finding: FindingView, status: PointView['status'], mode: PointView['mode']) =>
    finding.points.some((point) => point.status === status && point.mode === mode && isCounted(point));
  const worstFirst = findings.toSorted((a, b) => rank(a) - rank(b));
  const failing = worstFirst.filter((finding) => has(finding, 'fail', 'enforce'));
  const attention = worstFirst.filter(
    (finding) => !failing.includes(finding) && has(finding, 'fail', 'warn'),
  );
  const shown = new Set([...failing, ...attention]);
  const only = (choose: (finding: FindingView, point: PointView) => boolean) =>
    findings
      .map((finding) => ({ ...finding, points: finding.points.filter((point) => choose(finding, point)) }))
      .filter(({ points }) => points.length > 0);
  return {
    failing,
    attention,
    untold: byReason(worstFirst),
    unknownChecks: findings.filter(
      (finding) => !failing.includes(finding) && has(finding, 'unknown', 'enforce'),
    ).length,
    inOrder: only(
      (finding, point) =>
        isCounted(point) &&
        !shown.has(finding) &&
        (point.status === 'pass' || point.status === 'not-applicable'),
    ),
    waived: only((_, point) => point.waiver !== undefined),
    notCounted: only((_, point) => !isCounted(point) && point.waiver === undefined),
  };
}

function byReason(findings: readonly FindingView[]): SortedFindings['untold'] {
  const untold = findings
    .flatMap((finding) => finding.points.map((point): Untold => ({ finding, point })))
    .filter(({ point }) => point.status === 'unknown' && isCounted(point))
    .toSorted((a, b) => rank(a.point) - rank(b.point));
  const groups = Map.groupBy(untold, ({ point }) => reasonOf(point));
  return [...groups].map(([reason, points]) => ({ reason, points }));
}

const reasonOf = (point: PointView): Reason => reasons.find((reason) => reason === point.reason) ?? 'failed';
