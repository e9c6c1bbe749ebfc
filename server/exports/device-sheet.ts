import type { DeviceThen } from '../history/device-then.ts';
import { moment, number, stateWords, statusWords } from '../pages/words.ts';
import { sha256 } from '../signing/compact-jws.ts';
import type { StoredReport } from '../storage/reports.ts';
import type { Sheet } from './sheet.ts';

/** What is known of one laptop, as it stands on paper. `report` is the one its statuses rest on. */
export function deviceSheet(
  { device, policy, assessment, state, since }: DeviceThen,
  report: StoredReport | undefined,
  given: {
    readonly organization: string;
    readonly sample: boolean;
    readonly at: Date;
    readonly madeAt: Date;
  },
): Sheet {
  const points = assessment.findings.flatMap(({ check, title, points: of }) =>
    of.map((point) => ({ ...point, check, checkTitle: title })),
  );
  const counted = points.filter(({ mode }) => mode === 'enforce');
  const failing = counted.filter(({ status }) => status === 'fail').length;
  const asOf = moment(given.at.toISOString());
  return {
    title: `Fact sheet of ${device.label}`,
    organization: given.organization,
    subtitle: `${given.organization}, as of ${asOf}; made ${moment(given.madeAt.toISOString())}${given.sample ? '. Sample data: nothing in it is real.' : ''}`,
    facts: [
      { label: 'State', value: stateWords[state] },
      { label: 'System', value: device.system },
      { label: 'Fails', value: number(failing) },
      {
        label: 'Last report',
        value: device.receivedAt === null ? 'never' : moment(device.receivedAt.toISOString()),
      },
    ],
    sections: [
      {
        heading: 'What was found',
        text: [`Judged by policy ${policy.id}, version ${policy.version}.`],
        table: {
          columns: [
            { title: 'Point' },
            { title: 'Status' },
            { title: 'Since' },
            { title: 'Found' },
            { title: 'Required' },
          ],
          rows: points
            .filter(({ mode }) => mode !== 'off')
            .map((point) => [
              `${point.checkTitle}: ${point.title.toLowerCase()}`,
              `${statusWords[point.status]}${point.waiver === undefined ? '' : ' (waived)'}${point.mode === 'enforce' ? '' : ', not counted'}`,
              moment((since.get(`${point.check}/${point.point}`)?.since ?? given.at).toISOString()),
              point.observed,
              point.expected,
            ]),
        },
      },
      {
        heading: 'Evidence',
        text:
          report?.jws === undefined
            ? ['No report that can be read stands behind this.']
            : [
                `Report ${report.sequence}, received ${moment(report.receivedAt.toISOString())}, signed on the laptop with a key that never leaves it.`,
                `SHA-256 of the signed report: ${sha256(report.jws).toString('hex')}`,
                'Read from the laptop: settings, as closed values. No names, files, addresses or serial numbers.',
              ],
      },
    ],
  };
}
