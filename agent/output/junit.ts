import { counts, type PointResult } from '../../shared/judge.ts';
import { asked } from '../../shared/number-sources.ts';
import type { CheckReport } from './check-report.ts';
import { seenWords } from './seen-by-service.ts';

/** The result as JUnit XML: a suite a check, a case a point. Unknown is an error there, what is not enforced is skipped. */
export function asJunit(report: CheckReport): string {
  const { findings, checkedAt } = report;
  const suites = findings.map((finding) => {
    const cases = finding.points.map((point) =>
      testCase(finding.check, point, seenWords(report, finding.check, point.point)),
    );
    const count = (element: string) => cases.filter((text) => text.includes(`<${element}`)).length;
    const attributes =
      `name="${escapeXml(finding.check)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"` +
      ` skipped="${count('skipped')}" timestamp="${checkedAt.toISOString()}"`;
    return `  <testsuite ${attributes}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="muster">\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase(check: string, point: PointResult, seen: string): string {
  const open = `    <testcase classname="${escapeXml(check)}" name="${escapeXml(point.point)}"`;
  const message = escapeXml(`${point.observed} (expected: ${asked(point)})${seen}`);
  if (point.mode !== 'enforce')
    return `${open}><skipped message="${escapeXml(point.mode)}: ${message}"/></testcase>`;
  if (!counts(point)) {
    const { until = '', reason = '' } = point.waiver ?? {};
    return `${open}><skipped message="waived until ${escapeXml(`${until} (${reason}), true status ${point.status}`)}: ${message}"/></testcase>`;
  }
  if (point.status === 'fail') return `${open}><failure message="${message}"/></testcase>`;
  if (point.status === 'unknown')
    return `${open}><error type="${point.reason ?? ''}" message="${message}"/></testcase>`;
  if (point.status === 'not-applicable') return `${open}><skipped message="${message}"/></testcase>`;
  return `${open}/>`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\u0020-\uFFFD]/g, '');
}
