import { counts, type Finding } from '../../shared/judge.ts';
import { formatStatuses } from '../storage/statuses.ts';
import type { Judged } from '../storage/write-findings.ts';
import type { Assessment } from './assess.ts';

/** A finding that is known already brings its outcomes along. */
const known = new WeakMap<Finding, Judged['outcomes']>();

/** An assessment in the form the stores write. */
export function judgedOf(
  assessment: Assessment,
  of: Pick<
    Judged,
    'device' | 'organization' | 'version' | 'waivers' | 'at' | 'stateAt' | 'sequence' | 'factsSequence'
  >,
): Judged {
  const byFinding = assessment.findings.map(outcomesOf);
  return {
    ...of,
    state: assessment.state,
    failing: assessment.failing,
    unknown: assessment.unknown,
    outcomes: byFinding.flat(),
    statuses: formatStatuses(byFinding),
    judgeAt: assessment.judgeAt,
  };
}

function outcomesOf(finding: Finding): Judged['outcomes'] {
  let outcomes = known.get(finding);
  if (outcomes === undefined) {
    outcomes = [
      { subject: finding.check, status: finding.status, observed: '', enforced: false },
      ...finding.points.map((point) => ({
        subject: `${finding.check}/${point.point}`,
        status: point.status,
        observed: point.observed,
        enforced: counts(point),
      })),
    ];
    known.set(finding, outcomes);
  }
  return outcomes;
}
