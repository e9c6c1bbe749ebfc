import { addresses } from '../addresses.ts';
import type { DeviceView, EvidenceView } from '../model.ts';
import { Toned } from './status.tsx';
import { Moment } from './time.tsx';

function Signature({ report }: { report: EvidenceView }) {
  if (report.signature === 'broken')
    return <Toned tone="failing">Does not match: changed after signing</Toned>;
  if (report.chain === 'broken')
    return <Toned tone="failing">Signed, but a report before it is missing</Toned>;
  return <Toned tone="compliant">Signed by this laptop</Toned>;
}

/** The signed reports that the verdicts above rest on. */
export function Evidence({ view }: { view: DeviceView }) {
  const { organization, device, reports } = view;
  return (
    <section class="card" aria-labelledby="evidence">
      <header>
        <h2 id="evidence">Evidence</h2>
        <span class="muted small">newest first</span>
      </header>
      {reports.length === 0 ? (
        <p class="calm">
          This laptop has not reported yet. Its first report arrives within a minute of enrolling.
        </p>
      ) : (
        <>
          <p class="lead">
            Every report is signed on the laptop with a key that never leaves it, and names the report before
            it. A changed, missing or inserted report shows. The signatures below were checked when this page
            was made.
          </p>
          <table class="stacks evidence">
            <thead>
              <tr>
                <th scope="col" class="number">
                  Report
                </th>
                <th scope="col">Read on the laptop</th>
                <th scope="col">Received</th>
                <th scope="col">Says</th>
                <th scope="col">Signature</th>
                <th scope="col">SHA-256</th>
                <th scope="col">
                  <span class="hidden-visually">Download</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {reports.map((report) => (
                <tr key={report.sequence} id={`report-${report.sequence}`}>
                  <th scope="row" class="number" data-label="Report">
                    {report.sequence}
                  </th>
                  <td class="when whole" data-label="Read">
                    {report.takenAt === null ? 'cannot be read' : <Moment at={report.takenAt} />}
                  </td>
                  <td class="when whole" data-label="Received">
                    <Moment at={report.receivedAt} />
                  </td>
                  <td class="says">{report.kind === 'full' ? 'All settings' : 'Nothing changed'}</td>
                  <td class="signature">
                    <Signature report={report} />
                  </td>
                  <td class="whole last" data-label="SHA-256">
                    {report.digest === null ? (
                      'cannot be read'
                    ) : (
                      <code class="digest" title={report.digest}>
                        {report.digest}
                      </code>
                    )}
                  </td>
                  <td class="right">
                    {report.digest !== null && (
                      <a
                        class="underlined"
                        href={addresses.signedReport(organization.id, device.id, report.sequence)}
                        download
                      >
                        Download<span class="hidden-visually"> report {report.sequence} as signed</span>
                      </a>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
