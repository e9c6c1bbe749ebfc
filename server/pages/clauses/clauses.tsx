import { type AnswerKind, answerKinds } from '../../../shared/clauses.ts';
import { clauseSetIds } from '../../../shared/policies/clause-sets.ts';
import { list } from '../../../shared/words.ts';
import { type ClauseStatus, clauseStatuses } from '../../review/clause-evidence.ts';
import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import type { OrganizationLink, PolicyLink, Viewer } from '../model.ts';
import { number, sentence } from '../words.ts';
import { type ClauseQuery, clauseAddresses } from './addresses.ts';
import { clauseStatusWords, clauseTones, kindWords } from './words.ts';

export interface ClauseRow {
  readonly id: string;
  readonly chapter: string;
  readonly text: string;
  readonly status: ClauseStatus;
  readonly reason: string;
  readonly kinds: readonly AnswerKind[];
  /** It disagrees with the law, a standard, the machine or itself. */
  readonly conflicts: boolean;
}

export interface ClausesView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly policy: PolicyLink;
  /** The company whose sentences these are; null where nobody has told them. */
  readonly company: string | null;
  readonly chapters: readonly { readonly id: string; readonly title: string }[];
  readonly query: ClauseQuery;
  readonly counts: Readonly<Record<ClauseStatus, number>>;
  readonly total: number;
  /** Those the query finds, in the order of the text. */
  readonly clauses: readonly ClauseRow[];
  readonly gaps: readonly string[];
}

function Tabs({ view }: { view: ClausesView }) {
  const { organization, query, counts, total } = view;
  const tabs = [
    { id: null, title: 'All', count: total },
    ...clauseStatuses.map((id) => ({ id, title: clauseStatusWords[id], count: counts[id] })),
  ];
  return (
    <nav aria-label="Sentences by how they stand">
      <ul class="tabs">
        {tabs.map(({ id, title, count }) => (
          <li key={id}>
            <a
              href={clauseAddresses.clauses(organization.id, { ...query, status: id })}
              aria-current={query.status === id ? 'true' : undefined}
            >
              {title} <span class="count">{number(count)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Controls({ view }: { view: ClausesView }) {
  const { organization, query, chapters, now } = view;
  return (
    <search>
      <form class="clause-controls" method="get" action={clauseAddresses.clauses(organization.id)}>
        {query.status !== null && <input type="hidden" name="status" value={query.status} />}
        <div>
          <label for="search">Search</label>
          <input id="search" name="search" type="search" value={query.search} placeholder="Words or number" />
        </div>
        <div>
          <label for="kind">Answered by</label>
          <select id="kind" name="kind">
            <option value="">Anything</option>
            {answerKinds.map((kind) => (
              <option key={kind} value={kind} selected={query.kind === kind}>
                {kindWords[kind]}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="chapter">Chapter</label>
          <select id="chapter" name="chapter">
            <option value="">All chapters</option>
            {chapters.map(({ id, title }) => (
              <option key={id} value={id} selected={query.chapter === id}>
                {id} {title}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="asOf">As of the end of</label>
          <input
            id="asOf"
            name="asOf"
            // Preact's types tell inputs apart by a literal type.
            type={'date' as 'text'}
            max={now.slice(0, 10)}
            value={query.asOf ?? ''}
          />
        </div>
        <button type="submit" class="button quiet">
          Show
        </button>
      </form>
    </search>
  );
}

function Rows({ view }: { view: ClausesView }) {
  const { organization, query, chapters, clauses } = view;
  const groups = chapters
    .map((chapter) => ({ chapter, rows: clauses.filter((row) => row.chapter === chapter.id) }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <table class="stacks clauses">
      <caption class="hidden-visually">Sentences of the policy and how they stand</caption>
      <thead>
        <tr>
          <th scope="col">Sentence</th>
          <th scope="col">Answered by</th>
          <th scope="col">Stands</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      {groups.map(({ chapter, rows }) => (
        <tbody key={chapter.id}>
          <tr class="chapter">
            <th scope="rowgroup" colspan={4}>
              {chapter.id} {chapter.title}
            </th>
          </tr>
          {rows.map((row) => (
            <tr key={row.id} id={row.id}>
              <th scope="row" class="whole">
                <a href={clauseAddresses.clause(organization.id, row.id, query.asOf)}>{row.id}</a>
                <span class="clause-text">{row.text}</span>
                {row.conflicts && <span class="tag">Text and reality disagree</span>}
              </th>
              <td data-label="Answered by:">
                {sentence(list(row.kinds.map((kind) => kindWords[kind].toLowerCase())))}
              </td>
              <td>
                <Toned tone={clauseTones[row.status]}>{clauseStatusWords[row.status]}</Toned>
              </td>
              <td class="whole why">{sentence(row.reason)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** A company's written policy, sentence by sentence: how each is answered, and how it stands. */
export function ClausesPage(view: ClausesView) {
  const { viewer, organization, policy, company, query, total, clauses, gaps } = view;
  return (
    <Layout
      title={`Policy sentence by sentence, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'clauses', asOf: query.asOf }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id, { asOf: query.asOf }) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Policy, sentence by sentence</h1>
          <p class="facts">
            <span>
              {company === null ? '' : `${number(total)} sentences of ${company}, `}by policy {policy.id},
              version {policy.version}
            </span>
          </p>
        </div>
        {company !== null && (
          <p class="actions">
            <a
              class="button quiet"
              href={clauseAddresses.exported(organization.id, 'csv', query.asOf)}
              download
            >
              Export as CSV
            </a>
            <a class="button" href={clauseAddresses.exported(organization.id, 'pdf', query.asOf)} download>
              Statement as PDF
            </a>
          </p>
        )}
      </div>
      {query.asOf !== null && (
        <p class="notice past" role="status">
          <span>
            <strong>As it was when {query.asOf} ended (UTC)</strong>, by the policy and with the waivers in
            force that day.
          </span>
          <a class="button quiet" href={clauseAddresses.clauses(organization.id, { ...query, asOf: null })}>
            Back to today
          </a>
        </p>
      )}
      {company === null ? (
        <section class="card" aria-labelledby="none">
          <header>
            <h2 id="none">No sentences are known for this policy</h2>
          </header>
          <div class="empty">
            <p>
              The policy {policy.id} says what laptops are asked, and not which sentences of a written policy
              that answers. These come with their sentences: {list(clauseSetIds)}. The sentences of a policy
              of your own are kept with <code>collector clauses --file acme.clauses.yaml</code>.
            </p>
          </div>
        </section>
      ) : (
        <>
          <section class="card" aria-labelledby="sentences">
            <header>
              <h2 id="sentences">Sentences</h2>
              <span class="muted small">
                what could not be told, and who is silent, is never counted as evidence
              </span>
            </header>
            <Tabs view={view} />
            <Controls view={view} />
            {clauses.length === 0 ? (
              <p class="calm">
                <span>
                  No sentence matches.{' '}
                  <a href={clauseAddresses.clauses(organization.id, { asOf: query.asOf })}>
                    Show all of them
                  </a>
                </span>
              </p>
            ) : (
              <Rows view={view} />
            )}
          </section>
          <section class="card" aria-labelledby="gaps">
            <header>
              <h2 id="gaps">What the text does not say</h2>
            </header>
            <ul class="body plain-list">
              {gaps.map((gap) => (
                <li key={gap}>{gap}</li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Layout>
  );
}
