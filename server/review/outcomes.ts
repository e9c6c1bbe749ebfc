import type { Finding } from '../../shared/judge.ts';
import type { Judged } from '../storage/findings.ts';
import type { Assessment } from './assess.ts';

/** An assessment in the form the stores write. Pure. */
export function judgedOf(
  assessment: Assessment,
  of: Pick<Judged, 'device' | 'organization' | 'version' | 'at' | 'sequence' | 'factsSequence'>,
): Judged {
  return {
    ...of,
    state: assessment.state,
    failing: assessment.failing,
    unknown: assessment.unknown,
    outcomes: assessment.findings.flatMap(outcomesOf),
    judgeAt: assessment.judgeAt,
  };
}

function outcomesOf(finding: Finding): Judged['outcomes'] {
  return [
    {
      subject: finding.check,
      status: finding.status,
      observed: '',
      enforced: false,
    },
    ...finding.points.map((point) => ({
      subject: `${finding.check}/${point.point}`,
      status: point.status,
      observed: point.observed,
      enforced: point.mode === 'enforce',
    })),
  ];
}
