import { count } from '../../../shared/words.ts';
import type { Fields, Values } from '../../registers/field.ts';
import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import { Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { moment } from '../words.ts';
import { registerAddresses } from './addresses.ts';
import { Clocks, type ShownClock } from './clocks.tsx';
import { type Choice, type FieldProblems, FormFields } from './fields.tsx';
import { ProblemSummary } from './record-form.tsx';
import { History, type HistoryEntry } from './record-history.tsx';
import type { RegisterLink, StateView } from './register.tsx';

export interface ShownField {
  readonly title: string;
  /** Null where it is hidden from this viewer. */
  readonly text: string | null;
  readonly links: readonly { readonly address: string; readonly name: string }[];
}

export interface StepView {
  readonly id: string;
  readonly title: string;
  /** Why this viewer cannot take it; undefined where they can. */
  readonly hindrance?: string | undefined;
  readonly secondPerson: boolean;
  readonly asks: Fields;
}

export interface RecordView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly register: RegisterLink;
  readonly record: {
    readonly id: string;
    readonly reference: string;
    readonly title: string;
    readonly version: number;
    readonly state: StateView & { readonly hint: string | undefined };
    readonly createdAt: string;
    /** When it will be deleted, and why then; null while it is open. */
    readonly purgeAt: string | null;
    readonly changeable: boolean;
  };
  readonly parts: readonly { readonly title: string; readonly fields: readonly ShownField[] }[];
  /** Fields that are not filled in, by title. */
  readonly empty: readonly string[];
  readonly clocks: readonly ShownClock[];
  readonly steps: readonly StepView[];
  /** The step that was refused, with what was sent and what is wrong with it. */
  readonly refused?:
    | {
        readonly step: string;
        readonly problem: string;
        readonly problems: FieldProblems;
        readonly fields: Fields;
      }
    | undefined;
  readonly values: Values;
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  readonly documents: readonly { readonly id: string; readonly title: string }[];
  /** Records that point at this one. */
  readonly sources: readonly { readonly address: string; readonly name: string; readonly register: string }[];
  readonly history: readonly HistoryEntry[];
}

function Step({ view, step }: { view: RecordView; step: StepView }) {
  const { viewer, organization, register, record, refused, values, choices } = view;
  const again = refused?.step === step.id ? refused : undefined;
  const asks = Object.keys(step.asks).length > 0;
  const form = (
    <form
      method="post"
      action={registerAddresses.step(organization.id, register.id, record.id, step.id)}
      novalidate
    >
      <input type="hidden" name="csrf" value={viewer.csrf} />
      <input type="hidden" name="version" value={record.version} />
      <FormFields
        fields={step.asks}
        values={values}
        problems={again?.problems ?? {}}
        choices={choices}
        scope={`${step.id}-`}
      />
      <button type="submit" class={asks ? 'button' : 'button quiet'}>
        {step.title}
      </button>
    </form>
  );
  if (step.hindrance !== undefined) {
    return (
      <li>
        <button type="button" class="button quiet" disabled aria-describedby={`${step.id}-hindrance`}>
          {step.title}
        </button>
        <p class="small muted" id={`${step.id}-hindrance`}>
          {step.hindrance}
        </p>
      </li>
    );
  }
  return (
    <li>
      {asks ? (
        <details open={again !== undefined}>
          <summary class="button quiet">{step.title}</summary>
          {form}
        </details>
      ) : (
        form
      )}
      {step.secondPerson && <p class="small muted">You decide as the second person.</p>}
    </li>
  );
}

function Parts({ view }: { view: RecordView }) {
  return (
    <section class="card" aria-labelledby="record">
      <header>
        <h2 id="record">What is written down</h2>
        {view.record.changeable && (
          <a
            class="button quiet"
            href={registerAddresses.changeRecord(view.organization.id, view.register.id, view.record.id)}
          >
            Change
          </a>
        )}
      </header>
      <div class="body parts">
        {view.parts.map((part) => (
          <section key={part.title} aria-label={part.title}>
            {part.title !== '' && <h3>{part.title}</h3>}
            <dl class="shown">
              {part.fields.map((field) => (
                <div key={field.title}>
                  <dt>{field.title}</dt>
                  <dd>
                    <Shown field={field} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        {view.empty.length > 0 && (
          <details class="small">
            <summary>{count(view.empty.length, 'field')} not filled in</summary>
            <p class="muted">{view.empty.join(', ')}</p>
          </details>
        )}
      </div>
    </section>
  );
}

function Shown({ field }: { field: ShownField }) {
  if (field.text === null) return <span class="muted">hidden: it is about a person</span>;
  if (field.links.length > 0) {
    return (
      <ul>
        {field.links.map(({ address, name }) => (
          <li key={address}>
            <a href={address}>{name}</a>
          </li>
        ))}
      </ul>
    );
  }
  return <span class="as-written">{field.text}</span>;
}

/** One record: what it says, what is due, what can be done next, and everything that happened to it. */
export function RecordPage(view: RecordView) {
  const { viewer, now, organization, register, record, clocks, steps, documents, sources, refused } = view;
  return (
    <Layout
      title={`${record.reference} ${record.title}`}
      viewer={viewer}
      place={{ organization, section: 'registers' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Registers', address: registerAddresses.registers(organization.id) },
          { name: register.title, address: registerAddresses.register(organization.id, register.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{record.title || record.reference}</h1>
          <p class="facts">
            <span>{record.reference}</span>
            <span>
              written down <Moment at={record.createdAt} />
            </span>
            {record.purgeAt !== null && (
              <span>will be deleted after {moment(record.purgeAt).split(',')[0]}</span>
            )}
          </p>
        </div>
        <p>
          <Toned tone={record.state.tone} pill>
            {record.state.title}
          </Toned>
        </p>
      </div>
      {refused !== undefined && (
        <ProblemSummary
          problem={refused.problem}
          problems={refused.problems}
          fields={refused.fields}
          scope={`${refused.step}-`}
        />
      )}
      <div class="columns wide-left">
        <Parts view={view} />
        <div class="beside">
          <Clocks clocks={clocks} now={now} />
          {(steps.length > 0 || record.state.hint !== undefined) && (
            <section class="card" aria-labelledby="steps">
              <header>
                <h2 id="steps">Next</h2>
              </header>
              <div class="body">
                {record.state.hint !== undefined && <p>{record.state.hint}</p>}
                <ul class="record-steps">
                  {steps.map((step) => (
                    <Step key={step.id} view={view} step={step} />
                  ))}
                </ul>
              </div>
            </section>
          )}
          {documents.length > 0 && (
            <section class="card" aria-labelledby="documents">
              <header>
                <h2 id="documents">Documents</h2>
              </header>
              <ul class="body">
                {documents.map(({ id, title }) => (
                  <li key={id}>
                    <a href={registerAddresses.document(organization.id, register.id, record.id, id)}>
                      {title}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {sources.length > 0 && (
            <section class="card" aria-labelledby="sources">
              <header>
                <h2 id="sources">Records that point here</h2>
              </header>
              <ul class="body">
                {sources.map(({ address, name, register: title }) => (
                  <li key={address}>
                    <a href={address}>{name}</a> <span class="muted small">{title}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
      <History entries={view.history} />
    </Layout>
  );
}
