import type { Reason } from '../../../shared/answer.ts';
import { unknownWords } from '../../../shared/judge.ts';
import { asked } from '../../../shared/number-sources.ts';
import type { Untold } from '../sort-findings.ts';
import { howToTell, howToTellCommand, sentence } from '../words.ts';
import { Command } from './command.tsx';
import { SeverityTag, Toned } from './status.tsx';
import { Lasting } from './time.tsx';

/** What was seen beside the reason itself, which stands above already. */
const detail = (observed: string, reason: Reason) =>
  observed === unknownWords[reason] ? undefined : sentence(observed);

/** Everything that could not be told for one and the same reason, and what lets it be told. */
export function UntoldGroup({
  reason,
  points,
  now,
}: {
  reason: Reason;
  points: readonly Untold[];
  now: string;
}) {
  const heading = `untold-${reason}`;
  const command = howToTellCommand[reason];
  return (
    <section class="card finding" aria-labelledby={heading}>
      <header>
        <h3 id={heading}>
          <Toned tone="unknown">{sentence(unknownWords[reason])}</Toned>
        </h3>
      </header>
      <div class="why">
        <p>{howToTell[reason]}</p>
        {command !== undefined && (
          <Command text={command} label={`the command for: ${unknownWords[reason]}`} />
        )}
      </div>
      <table class="stacks untold">
        <thead>
          <tr>
            <th scope="col">Could not be told</th>
            <th scope="col">Required</th>
            <th scope="col">Severity</th>
            <th scope="col">Seen in</th>
            <th scope="col" class="number">
              For
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ finding, point }) => (
            <tr key={`${finding.check}/${point.point}`}>
              <th scope="row" class="whole">
                {finding.title}: {point.title.toLowerCase()}
                {detail(point.observed, reason) !== undefined && (
                  <span class="under">{detail(point.observed, reason)}</span>
                )}
                {point.clauses.length > 0 && (
                  <span class="under">Policy clause {point.clauses.join(', ')}</span>
                )}
              </th>
              <td class="whole" data-label="Required:">
                {sentence(asked(point))}
              </td>
              <td>
                <SeverityTag severity={point.severity} />
                {point.mode === 'warn' && <span class="under">Reminder only</span>}
              </td>
              <td class="report">
                {point.evidence === null ? (
                  'the collector'
                ) : (
                  <a href={`#report-${point.evidence}`}>report {point.evidence}</a>
                )}
              </td>
              <td class="when number right">
                <Lasting since={point.since} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
