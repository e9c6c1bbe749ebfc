import type { OrganizationReport } from '../history/organization-report.ts';
import { countedStates } from '../pages/model.ts';
import { dayWords, moment, number, percent, stateWords } from '../pages/words.ts';
import { titleOf } from '../review/waiver-title.ts';
import type { WaiverRecord } from '../storage/waivers.ts';
import type { Sheet, SheetSection } from './sheet.ts';

const days = (value: number | null): string => (value === null ? 'none' : `${value.toFixed(1)} days`);
const day = (at: Date): string => dayWords(at.toISOString().slice(0, 10));

/** The report of a period as it stands on paper. */
export function organizationSheet(report: OrganizationReport): Sheet {
  const { organization, period, madeAt, policy, counts, countsBefore, medianDays, broke, fixed } = report;
  const total = countedStates.reduce((sum, state) => sum + counts[state], 0);
  const end = period.over
    ? `as of the end of ${day(period.until)} (UTC)`
    : `as of ${moment(period.until.toISOString())}, not over yet`;
  return {
    title: `Report for ${period.words}`,
    organization: organization.name,
    subtitle: `${organization.name}, ${end}; made ${moment(madeAt.toISOString())}${organization.sample ? '. Sample data: nothing in it is real.' : ''}`,
    facts: [
      { label: 'Laptops', value: number(total) },
      { label: 'Compliant', value: total === 0 ? 'none' : percent(counts.compliant, total) },
      { label: 'Broke', value: number(broke) },
      { label: 'Fixed', value: number(fixed) },
      { label: 'Median time to fix', value: days(medianDays) },
    ],
    sections: [
      {
        heading: 'Where the laptops stood',
        text: [
          `Judged by policy ${policy.id}, version ${policy.version}, with the waivers in force at that moment.`,
          ...(counts['on-leave'] > 0
            ? [`${number(counts['on-leave'])} on leave, which are not counted.`]
            : []),
        ],
        table: {
          columns: [
            { title: 'State' },
            { title: 'At the beginning', number: true },
            { title: 'At the end', number: true },
            { title: 'Share', number: true },
          ],
          rows: countedStates.map((state) => [
            stateWords[state],
            number(countsBefore[state]),
            number(counts[state]),
            percent(counts[state], total),
          ]),
        },
      },
      { heading: 'Day by day', trend: report.trend },
      checksOf(report),
      policiesOf(report),
      waiversOf(report.waivers),
      silentOf(report),
      evidenceOf(report),
    ],
  };
}

function checksOf({ checks }: OrganizationReport): SheetSection {
  return {
    heading: 'Check by check',
    text: [
      'How the laptops answered at the end, and what broke and was fixed in the period. A repair takes from the report that showed the fault to the one that showed it gone.',
    ],
    table: {
      columns: [
        { title: 'Check' },
        ...['Fails', 'Not told', 'Passes', 'Broke', 'Fixed', 'Median'].map((title) => ({
          title,
          number: true,
        })),
      ],
      rows: checks.map(({ title, counts, broke, fixed, medianDays }) => [
        title,
        number(counts.fail),
        number(counts.unknown),
        number(counts.pass),
        number(broke),
        number(fixed),
        days(medianDays),
      ]),
    },
  };
}

function policiesOf({ policies }: OrganizationReport): SheetSection {
  if (policies.length === 0) {
    return { heading: 'Changes of the policy', text: ['The policy did not change in this period.'] };
  }
  return {
    heading: 'Changes of the policy',
    table: {
      columns: [{ title: 'Version' }, { title: 'In force from' }, { title: 'Why' }],
      rows: policies.map(({ version, effectiveFrom, reason }) => [
        String(version),
        moment(effectiveFrom.toISOString()),
        reason === '' ? 'no reason was given' : reason,
      ]),
    },
  };
}

const scopeWords = ({ scope, device }: WaiverRecord): string =>
  scope.kind === 'device'
    ? (device?.label ?? 'a laptop that is gone')
    : scope.kind === 'platform'
      ? `every laptop with ${{ darwin: 'macOS', win32: 'Windows', linux: 'Linux' }[scope.platform]}`
      : scope.kind === 'owner'
        ? `every laptop of owner: ${scope.owner}`
        : 'every laptop';

function waiversOf(waivers: readonly WaiverRecord[]): SheetSection {
  if (waivers.length === 0) {
    return { heading: 'Waivers in force at the end', text: ['Nothing was excused.'] };
  }
  return {
    heading: 'Waivers in force at the end',
    text: ['A waived point keeps its true status; it is only not counted against the laptop.'],
    table: {
      columns: [{ title: 'For' }, { title: 'What' }, { title: 'Until' }, { title: 'Why' }],
      rows: waivers.map((waiver) => [
        scopeWords(waiver),
        titleOf(waiver),
        waiver.endsAt === null ? '' : day(new Date(waiver.endsAt.getTime() - 1)),
        waiver.reason,
      ]),
    },
  };
}

function silentOf({ silent }: OrganizationReport): SheetSection {
  if (silent.length === 0) return { heading: 'Silent laptops', text: ['Every laptop reported.'] };
  return {
    heading: 'Silent laptops',
    text: ['What a silent laptop said last counts for nothing.'],
    table: {
      columns: [{ title: 'Laptop' }, { title: 'Asset tag' }, { title: 'Last report' }],
      rows: silent.map(({ label, assetTag, lastReportAt }) => [
        label,
        assetTag ?? '',
        lastReportAt === null ? 'never' : moment(lastReportAt.toISOString()),
      ]),
    },
  };
}

function evidenceOf({ evidence: { verified, broken, none } }: OrganizationReport): SheetSection {
  return {
    heading: 'Evidence',
    text: [
      `Every status rests on a report that the laptop signed with a key of its own. When this was made, ${number(verified)} of these reports were verified again: signature, laptop and place in its chain.`,
      broken.length === 0
        ? 'None was broken.'
        : `Broken are those of ${broken.join(', ')}: what they say can no longer be relied on.`,
      ...(none === 0 ? [] : [`${number(none)} laptops had not reported by then; nothing is said of them.`]),
      'The evidence bundle of this period holds the signed reports, the policies and the waivers, and can be verified without this collector.',
    ],
  };
}
