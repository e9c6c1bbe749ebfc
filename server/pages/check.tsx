import type { Status } from '../../shared/check.ts';
import { addresses } from './addresses.ts';
import type { CheckPointView, CheckView } from './check-model.ts';
import { type CheckQuery, formatCheckQuery } from './check-query.ts';
import { CheckDevices } from './components/check-devices.tsx';
import { CheckFixes } from './components/check-fixes.tsx';
import { ClauseList } from './components/clause-list.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { OutcomeHeads } from './components/outcome-heads.tsx';
import { LookBack, PastBar } from './components/past.tsx';
import { SeverityTag } from './components/status.tsx';
import { modeWords, number, numberFromWords, sentence } from './words.ts';

function PointRow({ view, point }: { view: CheckView; point: CheckPointView }) {
  const cell = (status: Status, label: string) => {
    const amount = point.counts[status];
    const address = addresses.check(view.organization.id, view.check.id, {
      point: point.point,
      status,
      asOf: view.query.asOf,
    });
    return (
      <td class={amount === 0 ? 'number zero' : 'number'} data-label={`${label}:`}>
        {amount === 0 ? (
          '0'
        ) : (
          <a href={`${address}#laptops`} aria-label={`${number(amount)}: ${point.title}, ${label}`}>
            {number(amount)}
          </a>
        )}
      </td>
    );
  };
  return (
    <tr>
      <th scope="row" class="whole">
        {point.title}
        <span class="under">
          {modeWords[point.mode]} <SeverityTag severity={point.severity} />
        </span>
      </th>
      <td class="whole">{sentence(point.expected)}</td>
      <td class="whole" data-label="From:">
        {numberFromWords(point.numberFrom)}
        <ClauseList
          organization={view.organization.id}
          policy={view.policy.id}
          clauses={point.clauses}
          linked={view.viewer.may.includes('reports.read')}
          asOf={view.query.asOf}
        />
      </td>
      {cell('fail', 'Fails')}
      {cell('unknown', 'Not told')}
      {cell('pass', 'Passes')}
    </tr>
  );
}

function Asked({ view }: { view: CheckView }) {
  return (
    <section class="card" aria-labelledby="asked">
      <header>
        <h2 id="asked">What is asked</h2>
        <span class="muted small">
          by policy {view.policy.id}, version {view.policy.version}
        </span>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col">Required</th>
            <th scope="col">Where it comes from</th>
            <OutcomeHeads />
          </tr>
        </thead>
        <tbody>
          {view.points.map((point) => (
            <PointRow key={point.point} view={view} point={point} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What of a query stays where a form asks for another day. */
const keptFields = (query: CheckQuery): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(formatCheckQuery({ ...query, page: 1 })));

/** One check: what is asked and why, who fails it since when, and how it is put right on each system. */
export function CheckPage(view: CheckView) {
  const { viewer, organization, check, past } = view;
  const { asOf } = view.query;
  const present = addresses.check(organization.id, check.id, { ...view.query, asOf: null, page: 1 });
  return (
    <Layout
      title={`${check.title}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'checks', asOf }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id, { asOf }) },
          { name: 'Checks', address: addresses.checks(organization.id, { asOf }) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{check.title}</h1>
          <p class="summary">{check.rationale}</p>
        </div>
        {past === null && (
          <LookBack
            action={addresses.check(organization.id, check.id)}
            date={null}
            now={view.today}
            keep={keptFields(view.query)}
          />
        )}
      </div>
      {past !== null && <PastBar date={past.date} present={present} />}
      <Asked view={view} />
      <CheckDevices view={view} />
      <CheckFixes points={view.points} />
      <section class="card" aria-labelledby="limits">
        <header>
          <h2 id="limits">What a pass does not prove</h2>
        </header>
        <div class="body about">
          <p>{check.blindSpots}</p>
          {check.references.length > 0 && (
            <details>
              <summary>Published requirements this check answers</summary>
              <ul class="bullets">
                {check.references.map((reference) => (
                  <li key={reference}>{reference}</li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </section>
    </Layout>
  );
}
