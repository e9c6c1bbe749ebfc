import type { ClauseStatus } from '../../review/clause-evidence.ts';
import { addresses } from '../addresses.ts';
import { Field, PostForm } from '../components/form.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { sentence } from '../words.ts';
import { clauseAddresses } from './addresses.ts';
import { clauseStatusWords, clauseTones } from './words.ts';

export interface AnswerView {
  readonly title: string;
  readonly status: ClauseStatus;
  readonly sentence: string;
  readonly asked: string | null;
  /** The list behind the numbers; null where there is none. */
  readonly address: string | null;
}

export interface ConflictView {
  readonly text: string;
  readonly measured: string;
  readonly cannotBeMet: boolean;
  readonly proposal: string | null;
}

export interface ClauseView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly asOf: string | null;
  readonly id: string;
  readonly chapter: string;
  readonly text: string;
  readonly status: ClauseStatus;
  readonly reason: string;
  readonly answers: readonly AnswerView[];
  readonly supports: readonly AnswerView[];
  readonly notes: readonly string[];
  readonly conflicts: readonly ConflictView[];
  readonly exclusion: { readonly reason: string; readonly by: string; readonly until: string } | null;
  readonly problem?: string | undefined;
}

function Answers({ answers, caption }: { answers: readonly AnswerView[]; caption: string }) {
  return (
    <table class="stacks">
      <caption class="hidden-visually">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Stands</th>
          <th scope="col">Numbers</th>
        </tr>
      </thead>
      <tbody>
        {answers.map((answer) => (
          <tr key={answer.title}>
            <th scope="row" class="whole">
              {answer.title}
              {answer.asked !== null && <span class="under sentence">{answer.asked}</span>}
            </th>
            <td>
              <Toned tone={clauseTones[answer.status]}>{clauseStatusWords[answer.status]}</Toned>
            </td>
            <td class="whole">
              {answer.address === null ? (
                sentence(answer.sentence)
              ) : (
                <a href={answer.address}>{sentence(answer.sentence)}</a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Conflicts({ conflicts }: { conflicts: readonly ConflictView[] }) {
  if (conflicts.length === 0) return null;
  return (
    <section class="card" aria-labelledby="conflicts">
      <header>
        <h2 id="conflicts">Where text and reality disagree</h2>
      </header>
      <div class="body conflicts">
        {conflicts.map((conflict) => (
          <div key={conflict.text}>
            {conflict.cannotBeMet && (
              <p>
                <Toned tone="attention">Nobody can meet this as it is written</Toned>
              </p>
            )}
            <p class="clause-prose">{conflict.text}</p>
            {conflict.measured !== '' && <p class="clause-prose">{conflict.measured}</p>}
            {conflict.proposal !== null && (
              <p class="clause-prose">
                <strong>Wording that could be met:</strong> “{conflict.proposal}”
              </p>
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

function Exclusion({ view }: { view: ClauseView }) {
  const { viewer, organization, id, exclusion, now, problem } = view;
  if (!viewer.may.includes('registers.write') || view.asOf !== null) return null;
  if (exclusion !== null) {
    return (
      <PostForm action={clauseAddresses.include(organization.id, id)} csrf={viewer.csrf}>
        <button type="submit" class="button quiet">
          It applies again
        </button>
      </PostForm>
    );
  }
  const nextYear = `${Number(now.slice(0, 4)) + 1}${now.slice(4, 10)}`;
  return (
    <details class="card" open={problem !== undefined}>
      <summary>This sentence does not apply here</summary>
      <PostForm
        action={clauseAddresses.exclude(organization.id, id)}
        csrf={viewer.csrf}
        className="record-form"
      >
        {problem !== undefined && (
          <p class="notice" role="alert">
            {problem}
          </p>
        )}
        <p class="muted">
          The statement will say so, with your reason and name, until the day you choose: at most a year. Then
          it is asked again.
        </p>
        <Field
          id="reason"
          label="Why it does not apply"
          hint="A whole sentence, 10 characters or more: “No fax is in use.”"
          maxLength={500}
        />
        <Field id="until" label="Until" type="date" min={now.slice(0, 10)} max={nextYear} value={nextYear} />
        <p class="actions">
          <button type="submit" class="button">
            Say that it does not apply
          </button>
        </p>
      </PostForm>
    </details>
  );
}

/** One sentence of a policy: what answers it, with which numbers, and what stands against it. */
export function ClausePage(view: ClauseView) {
  const {
    viewer,
    organization,
    asOf,
    id,
    chapter,
    text,
    status,
    reason,
    answers,
    supports,
    notes,
    exclusion,
  } = view;
  return (
    <Layout
      title={`${id}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'clauses', asOf }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id, { asOf }) },
          {
            name: 'Policy, sentence by sentence',
            address: clauseAddresses.clauses(organization.id, { asOf }),
          },
        ]}
      />
      <div class="heading">
        <div>
          <p class="muted">{chapter}</p>
          <h1>{id}</h1>
          <p class="clause-prose clause-quote">{text}</p>
        </div>
        <Toned tone={clauseTones[status]} pill>
          {clauseStatusWords[status]}
        </Toned>
      </div>
      {asOf !== null && (
        <p class="notice past" role="status">
          <span>
            <strong>As it was when {asOf} ended (UTC).</strong>
          </span>
          <a class="button quiet" href={clauseAddresses.clause(organization.id, id)}>
            Back to today
          </a>
        </p>
      )}
      {exclusion !== null && (
        <section class="card">
          <div class="body">
            <p class="clause-prose">
              {reason} Said by {exclusion.by}, until {exclusion.until.slice(0, 10)}.
            </p>
          </div>
        </section>
      )}
      <section class="card" aria-labelledby="answers">
        <header>
          <h2 id="answers">What answers it</h2>
          <span class="muted small">
            {answers.length === 1 ? 'it decides alone' : 'all of them together decide; the worst one counts'}
          </span>
        </header>
        <Answers answers={answers} caption="What answers this sentence" />
      </section>
      {supports.length > 0 && (
        <section class="card" aria-labelledby="supports">
          <header>
            <h2 id="supports">Shown beside it</h2>
            <span class="muted small">decides nothing</span>
          </header>
          <Answers answers={supports} caption="What is shown beside this sentence" />
        </section>
      )}
      <Conflicts conflicts={view.conflicts} />
      {notes.length > 0 && (
        <section class="card" aria-labelledby="notes">
          <header>
            <h2 id="notes">Notes</h2>
          </header>
          <ul class="body plain-list">
            {notes.map((note) => (
              <li key={note} class="clause-prose">
                {note}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Exclusion view={view} />
    </Layout>
  );
}
