import { asked } from '../../../shared/number-sources.ts';
import type { FindingView, PointView } from '../model.ts';
import { isCounted } from '../sort-findings.ts';
import { modeWords, originWords, statusTones, statusWords } from '../words.ts';
import { Command } from './command.tsx';
import { SeverityTag, StatusBadge, Toned } from './status.tsx';
import { Lasting } from './time.tsx';

/** The report a value comes from, further down on the page. */
function Source({ evidence }: { evidence: number | null }) {
  return evidence === null ? (
    <>what the collector keeps</>
  ) : (
    <a href={`#report-${evidence}`}>report {evidence}</a>
  );
}

function Fix({ point, title, before }: { point: PointView; title: string; before: readonly PointView[] }) {
  const { remedy } = point;
  if (remedy === undefined) return null;
  const same = before.find(
    ({ remedy: other }) => other?.text === remedy.text && other.command === remedy.command,
  );
  if (same !== undefined) return <p class="fix muted">The fix is the same as for “{same.title}”.</p>;
  return (
    <div class="fix">
      <p class="fix-title">How to fix it</p>
      <p>{remedy.text}</p>
      {remedy.command !== undefined && (
        <Command text={remedy.command} label={`the command for ${title}: ${point.title.toLowerCase()}`} />
      )}
      {remedy.link !== undefined && (
        <>
          <p class="muted small">This address, opened on the laptop itself, leads to the setting:</p>
          <Command
            address
            text={remedy.link}
            label={`the settings address for ${title}: ${point.title.toLowerCase()}`}
          />
        </>
      )}
    </div>
  );
}

/** `unknown: nobody is signed in` says under the word "unknown" only the rest. */
const withoutStatus = (observed: string) => observed.replace(/^unknown: /, '');

function Point({
  point,
  title,
  now,
  before,
  ask,
}: {
  point: PointView;
  title: string;
  now: string;
  /** Where a waiver is asked for; undefined for who may not. */
  ask: string | undefined;
  /** The points explained above this one. */
  before: readonly PointView[];
}) {
  const tone = point.mode === 'warn' ? 'attention' : statusTones[point.status];
  return (
    <div class="point">
      <div>
        <h4>
          <Toned tone={tone}>{point.title}</Toned>
          <SeverityTag severity={point.severity} />
          {point.mode === 'warn' && <span class="tag">Reminder only, does not count</span>}
        </h4>
        <dl class="compare">
          <div>
            <dt>Found</dt>
            <dd class="found">{withoutStatus(point.observed)}</dd>
          </div>
          <div>
            <dt>Required</dt>
            <dd>{asked(point)}</dd>
          </div>
        </dl>
        <dl class="small-facts">
          <div>
            <dt>Fails for</dt>
            <dd>
              <Lasting since={point.since} now={now} />
            </dd>
          </div>
          {point.origin !== undefined && (
            <div>
              <dt>Set by</dt>
              <dd>{originWords[point.origin]}</dd>
            </div>
          )}
          {point.clauses.length > 0 && (
            <div>
              <dt>{point.clauses.length === 1 ? 'Policy clause' : 'Policy clauses'}</dt>
              <dd>{point.clauses.join(', ')}</dd>
            </div>
          )}
          <div>
            <dt>Seen in</dt>
            <dd>
              <Source evidence={point.evidence} />
            </dd>
          </div>
        </dl>
        {ask !== undefined && (
          <p class="ask small">
            <a href={ask}>
              Ask for a waiver
              <span class="hidden-visually">
                {' '}
                of {title}: {point.title.toLowerCase()}
              </span>
            </a>
          </p>
        )}
      </div>
      <Fix point={point} title={title} before={before} />
    </div>
  );
}

/** A table of points, one line each, under their checks: what is in order, or what does not count. */
export function PointTable({
  findings,
  now,
  caption,
}: {
  findings: readonly FindingView[];
  now: string;
  caption: string;
}) {
  return (
    <table class="stacks plain-list">
      <caption class="hidden-visually">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Point</th>
          <th scope="col">Found</th>
          <th scope="col">Required</th>
          <th scope="col" class="number">
            For
          </th>
        </tr>
      </thead>
      {findings.map(({ check, title, points }) => (
        <tbody key={check}>
          {points.map((point, index) => (
            <tr key={point.point}>
              {index === 0 && (
                <th scope="rowgroup" rowspan={points.length} class="whole">
                  {title}
                </th>
              )}
              <td>
                <span class="with-tag">
                  <Toned tone={statusTones[point.status]}>
                    {point.title}
                    <span class="hidden-visually">: {statusWords[point.status].toLowerCase()}</span>
                  </Toned>
                  {point.mode !== 'enforce' && <span class="tag">{modeWords[point.mode]}</span>}
                </span>
              </td>
              <td class="whole">{withoutStatus(point.observed)}</td>
              <td class="whole muted" data-label="Required:">
                {asked(point)}
              </td>
              <td class="when number">
                <Lasting since={point.since} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** A check that calls for something, with each such point explained, and its other points in brief. */
export function Finding({
  finding,
  now,
  ask,
}: {
  finding: FindingView;
  now: string;
  /** Where a waiver of a point is asked for; undefined for who may not. */
  ask?: ((check: string, point: string) => string) | undefined;
}) {
  const { check, title, rationale, status, points } = finding;
  const fails = points.filter((point) => isCounted(point) && point.status === 'fail');
  const fine = points.filter(
    (point) => isCounted(point) && (point.status === 'pass' || point.status === 'not-applicable'),
  );
  const heading = `check-${check}`;
  return (
    <section class="card finding" aria-labelledby={heading}>
      <header>
        <h3 id={heading}>{title}</h3>
        {status === 'fail' ? (
          <StatusBadge status="fail" />
        ) : (
          <Toned tone="attention" pill>
            Needs attention
          </Toned>
        )}
      </header>
      <p class="why">{rationale}</p>
      {fails.map((point, index, explained) => (
        <Point
          key={point.point}
          point={point}
          title={title}
          now={now}
          before={explained.slice(0, index)}
          ask={ask?.(check, point.point)}
        />
      ))}
      {fine.length > 0 && (
        <p class="also">
          {fine.map((point) => (
            <span key={point.point}>
              <Toned tone={statusTones[point.status]}>{point.title}</Toned>
              {point.observed.toLowerCase() !== point.title.toLowerCase() && (
                <span class="muted">{point.observed}</span>
              )}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
