import type { OrganizationReport } from '../history/organization-report.ts';
import { countedStates, deviceStates } from '../pages/model.ts';
import { stateWords } from '../pages/words.ts';
import { titleOf } from '../review/waiver-title.ts';
import { csv } from './csv.ts';

/** The report of a period as one table for programs: what each line is about, then its name, then its numbers. */
export function organizationCsv(report: OrganizationReport): string {
  const { period, counts, countsBefore, checks, waivers, silent, policies, evidence } = report;
  const total = countedStates.reduce((sum, state) => sum + counts[state], 0);
  const line = (section: string, name: string, measure: string, value: string | number | null) => [
    section,
    name,
    measure,
    value ?? '',
  ];
  return csv([
    ['section', 'name', 'measure', 'value'],
    line('report', 'organization', 'name', report.organization.name),
    line('report', 'period', 'id', period.id),
    line('report', 'period', 'from', period.from.toISOString()),
    line('report', 'period', 'until', period.until.toISOString()),
    line('report', 'made', 'at', report.madeAt.toISOString()),
    line('report', 'policy', report.policy.id, report.policy.version),
    line('laptops', 'counted', 'total', total),
    ...deviceStates.flatMap((state) => [
      line('laptops', stateWords[state], 'at the end', counts[state]),
      line('laptops', stateWords[state], 'at the beginning', countsBefore[state]),
    ]),
    line('repairs', 'all checks', 'broke', report.broke),
    line('repairs', 'all checks', 'fixed', report.fixed),
    line('repairs', 'all checks', 'median days to fix', report.medianDays),
    ...checks.flatMap(({ title, counts: answers, broke, fixed, medianDays }) => [
      line('checks', title, 'fails', answers.fail),
      line('checks', title, 'could not be told', answers.unknown),
      line('checks', title, 'passes', answers.pass),
      line('checks', title, 'does not apply', answers['not-applicable']),
      line('checks', title, 'broke', broke),
      line('checks', title, 'fixed', fixed),
      line('checks', title, 'median days to fix', medianDays),
    ]),
    ...policies.map(({ version, effectiveFrom }) =>
      line('policies', `version ${version}`, 'in force from', effectiveFrom.toISOString()),
    ),
    ...waivers.map((waiver) =>
      line(
        'waivers',
        `${waiver.device?.label ?? waiver.scope.kind}: ${titleOf(waiver)}`,
        'until',
        waiver.endsAt?.toISOString() ?? '',
      ),
    ),
    ...silent.map(({ label, lastReportAt }) =>
      line('silent', label, 'last report', lastReportAt?.toISOString() ?? 'never'),
    ),
    ...report.trend.days.flatMap(({ date, counts: of }) =>
      countedStates.map((state) => line('days', date, stateWords[state], of[state])),
    ),
    line('evidence', 'signed reports', 'verified', evidence.verified),
    line('evidence', 'signed reports', 'broken', evidence.broken.length),
  ]);
}
