import type { FindingView, OrganizationLink } from '../model.ts';
import { sentence } from '../words.ts';
import { StatusBadge } from './status.tsx';
import { WaiverNote } from './waivers.tsx';

/** Points that are excused for now: what is true of them, until when they are not counted, and why. */
export function Waived({
  findings,
  organization,
}: {
  findings: readonly FindingView[];
  organization: OrganizationLink;
}) {
  if (findings.length === 0) return null;
  return (
    <section class="card" aria-labelledby="waived">
      <header>
        <h2 id="waived">Waived</h2>
        <span class="muted small">true as ever, and not counted for now</span>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col">True status</th>
            <th scope="col">Found</th>
            <th scope="col">Excused</th>
          </tr>
        </thead>
        <tbody>
          {findings.flatMap(({ check, title, points }) =>
            points.map((point) => (
              <tr key={`${check}/${point.point}`}>
                <th scope="row">
                  {title}: {point.title.toLowerCase()}
                </th>
                <td class="right">
                  <StatusBadge status={point.status} />
                </td>
                <td class="whole">{sentence(point.observed)}</td>
                <td class="whole">
                  {point.waiver && <WaiverNote organization={organization.id} waiver={point.waiver} />}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}
