import type { PolicyCheck } from '../../review/policy-points.ts';
import { addresses } from '../addresses.ts';
import { modeWords, numberFromWords, sentence } from '../words.ts';
import { ClauseList } from './clause-list.tsx';
import { SeverityTag } from './status.tsx';

interface PolicyTables {
  readonly organization: string;
  /** Id of the policy. */
  readonly policy: string;
  readonly checks: readonly PolicyCheck[];
  /** May the viewer open the pages of the checks? */
  readonly linked: boolean;
  /** And those of the sentences they answer? */
  readonly clausesLinked: boolean;
}

function Points({
  organization,
  policy,
  checks,
  caption,
  linked,
  clausesLinked,
}: PolicyTables & { readonly caption: string }) {
  return (
    <table class="stacks policy-points">
      <caption class="hidden-visually">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Point</th>
          <th scope="col">Required</th>
          <th scope="col">How it counts</th>
          <th scope="col">Where it comes from</th>
        </tr>
      </thead>
      {checks.map(({ check, title, points }) => (
        <tbody key={check}>
          {points.map((point, index) => (
            <tr key={point.point}>
              {index === 0 && (
                <th scope="rowgroup" rowspan={points.length} class="whole">
                  {linked ? <a href={addresses.check(organization, check)}>{title}</a> : title}
                </th>
              )}
              <td class="whole">{point.title}</td>
              <td class="whole">
                {sentence(point.expected)}
                {point.parameters.map((parameter) => (
                  <span key={parameter.title} class="under">
                    {parameter.title}: {parameter.value}
                  </span>
                ))}
              </td>
              <td class="whole">
                {modeWords[point.mode]} <SeverityTag severity={point.severity} />
              </td>
              <td class="whole">
                {numberFromWords(point.numberFrom)}
                <ClauseList
                  organization={organization}
                  policy={policy}
                  clauses={point.clauses}
                  linked={clausesLinked}
                />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** A policy in plain words: what counts, what only reminds, what is not asked. */
export function PolicyPoints(tables: PolicyTables) {
  const { checks } = tables;
  const counted = checks.filter(({ mode }) => mode === 'enforce');
  const shown = checks.filter(({ mode }) => mode === 'warn' || mode === 'advisory');
  const off = checks.filter(({ mode }) => mode === 'off');
  return (
    <>
      <section class="card" aria-labelledby="counted">
        <header>
          <h2 id="counted">What counts</h2>
          <span class="muted small">a laptop that fails one of these is not in order</span>
        </header>
        {counted.length === 0 ? (
          <p class="calm">
            <span>Nothing counts: every laptop is in order by this policy.</span>
          </p>
        ) : (
          <Points {...tables} checks={counted} caption="Checks that count" />
        )}
      </section>
      {shown.length > 0 && (
        <section class="card" aria-labelledby="shown">
          <header>
            <h2 id="shown">Reminders and information</h2>
            <span class="muted small">read and shown, without counting</span>
          </header>
          <Points {...tables} checks={shown} caption="Checks that only remind" />
        </section>
      )}
      {off.length > 0 && (
        <details class="card">
          <summary>Not asked: {off.map(({ title }) => title).join(', ')}</summary>
          <Points {...tables} checks={off} caption="Checks that are not asked" />
        </details>
      )}
    </>
  );
}
