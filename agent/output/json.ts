import type { Remedy } from '../../shared/check.ts';
import { type CheckReport, seenAt } from './check-report.ts';

/**
 * The result as JSON, schema `muster.check/1`. `remedy` is a sentence; a command or a deep link stands beside it. `seenByService` is
 * when the service read a point that this run had no right to read.
 */
export function asJson(report: CheckReport): string {
  const { version, machine, checkedAt, policy, posture, findings } = report;
  const result = {
    schema: 'muster.check/1',
    agent: { version },
    platform: machine.platform,
    machine,
    checkedAt: checkedAt.toISOString(),
    policy: { id: policy.id, version: policy.version },
    posture,
    findings: findings.map(({ remedy, points, ...finding }) => ({
      ...finding,
      ...asFields(remedy),
      points: points.map(({ remedy: pointRemedy, ...point }) => ({
        ...point,
        ...asFields(pointRemedy),
        ...seenField(seenAt(report, finding.check, point.point)),
      })),
    })),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

const seenField = (date: Date | undefined) => date !== undefined && { seenByService: date.toISOString() };

function asFields(remedy: Remedy | undefined) {
  if (remedy === undefined) return {};
  return {
    remedy: remedy.text,
    ...(remedy.command !== undefined && { remedyCommand: remedy.command }),
    ...(remedy.link !== undefined && { remedyLink: remedy.link }),
  };
}
