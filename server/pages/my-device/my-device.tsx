import type { Status } from '../../../shared/check.ts';
import type { StaffRequestKind } from '../../storage/staff/requests.ts';
import { Done, PostForm, Problem } from '../components/form.tsx';
import { Mark } from '../components/icon.tsx';
import { Document } from '../components/layout.tsx';
import { StatusBadge } from '../components/status.tsx';
import { Ago, Moment } from '../components/time.tsx';
import { sentence } from '../words.ts';
import { myDeviceAddresses } from './addresses.ts';
import { AskForm, type Asking, askKinds } from './ask-form.tsx';

export interface MyFieldView {
  /** `firewall/enabled` */
  readonly id: string;
  readonly title: string;
  /** In words, as judged. */
  readonly observed: string;
  readonly status: Status;
  /** As it was reported, letter by letter; null where nothing was. */
  readonly value: string | null;
}

export interface MyCheckView {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fields: readonly MyFieldView[];
}

export interface MyRequestView {
  readonly kind: StaffRequestKind | 'waiver';
  readonly about: string;
  readonly words: string;
  readonly requestedAt: string;
  /** Null while it waits. */
  readonly answer: string | null;
}

export interface MyDeviceView {
  readonly csrf: string;
  readonly now: string;
  readonly closesAt: string;
  readonly organization: string;
  readonly contact: string;
  readonly label: string;
  readonly purpose: string;
  readonly retention: string;
  readonly noticeVersion: string;
  /** What else is kept, each with why. */
  readonly kept: readonly { readonly what: string; readonly value: string; readonly why: string }[];
  readonly lastReportAt: string | null;
  readonly checks: readonly MyCheckView[];
  /** People who may open what is kept about this laptop, with what they are to the organization. */
  readonly readers: readonly { readonly name: string; readonly roles: string }[];
  readonly looks: readonly { readonly at: string; readonly who: string; readonly what: string }[];
  /** Each time somebody was told who holds this laptop, and why. */
  readonly reveals: readonly { readonly at: string; readonly reason: string }[];
  readonly requests: readonly MyRequestView[];
  readonly asking: Asking;
  readonly done: string | undefined;
  readonly problem: string | undefined;
}

function Fields({ check }: { check: MyCheckView }) {
  return (
    <section class="card" aria-labelledby={`check-${check.id}`}>
      <header>
        <h3 id={`check-${check.id}`}>{check.title}</h3>
        <p class="muted small">{check.why}</p>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Last value</th>
            <th scope="col">Result</th>
            <th scope="col">Not right?</th>
          </tr>
        </thead>
        <tbody>
          {check.fields.map((field) => (
            <tr key={field.id}>
              <th scope="row" class="whole">
                {field.title}
              </th>
              <td class="whole">
                {sentence(field.observed)}
                {field.value !== null && (
                  <span class="under">
                    as sent: <code class="letters">{field.value}</code>
                  </span>
                )}
              </td>
              <td>
                <StatusBadge status={field.status} />
              </td>
              <td>
                <a
                  href={myDeviceAddresses.ask('contest', field.id)}
                  aria-label={`Contest: ${check.title}, ${field.title}`}
                >
                  Contest
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Everything that is kept about one laptop, for the person who sits at it: nothing is left out, and everything can be answered. */
export function MyDevicePage(view: MyDeviceView) {
  const { organization, label } = view;
  return (
    <Document title={`Your laptop ${label}`}>
      <a class="skip button quiet" href="#content">
        Skip to the content
      </a>
      <header class="bar">
        <div class="bar-inner">
          <span class="brand">
            <Mark />
            Muster
          </span>
          <div class="who">
            <PostForm action={myDeviceAddresses.close} csrf={view.csrf}>
              <button type="submit" class="button plain">
                Close this page
              </button>
            </PostForm>
          </div>
        </div>
      </header>
      <main class="page" id="content" tabindex={-1}>
        <div class="heading">
          <div>
            <h1>What {organization} keeps about this laptop</h1>
            <p class="facts">
              <span>{label}</span>
              <span>
                {view.lastReportAt === null ? (
                  'has not reported yet'
                ) : (
                  <>
                    last report <Ago at={view.lastReportAt} now={view.now} />
                  </>
                )}
              </span>
              <span>
                this page closes at <Moment at={view.closesAt} />
              </span>
            </p>
          </div>
        </div>
        <Done text={view.done} />
        <Problem text={view.problem} />
        <p class="summary">All of it is below, with its last value. {view.purpose}</p>
        <nav class="my-device-index" aria-label="On this page">
          <ul>
            <li>
              <a href="#settings">Every setting</a>
            </li>
            <li>
              <a href="#the-laptop">About the laptop</a>
            </li>
            <li>
              <a href="#who">Who can see it, and who did</a>
            </li>
            <li>
              <a href="#how-long">How long</a>
            </li>
            <li>
              <a href="#ask">Ask for something</a>
            </li>
          </ul>
        </nav>
        <section class="stack" aria-labelledby="settings">
          <h2 id="settings">Every setting</h2>
          {view.lastReportAt === null && <p class="muted">Nothing yet: the first report has not arrived.</p>}
          {view.checks.map((check) => (
            <Fields key={check.id} check={check} />
          ))}
        </section>
        <section class="stack" aria-labelledby="the-laptop">
          <h2 id="the-laptop">About the laptop</h2>
          <div class="card">
            <table class="stacks">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Value</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {view.kept.map(({ what, value, why }) => (
                  <tr key={what}>
                    <th scope="row" class="whole">
                      {what}
                    </th>
                    <td class="whole">{value}</td>
                    <td class="whole muted">{why}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
        <Who view={view} />
        <section class="stack" aria-labelledby="how-long">
          <h2 id="how-long">How long</h2>
          <p>
            {view.retention} You read this in notice {view.noticeVersion} when the laptop joined. Questions:{' '}
            {view.contact === '' ? organization : view.contact}.
          </p>
        </section>
        <section class="stack" aria-labelledby="ask">
          <h2 id="ask">Ask for something</h2>
          <AskForm csrf={view.csrf} organization={organization} checks={view.checks} asking={view.asking} />
          <Requests requests={view.requests} />
        </section>
      </main>
    </Document>
  );
}

function Who({ view }: { view: MyDeviceView }) {
  return (
    <section class="stack" aria-labelledby="who">
      <h2 id="who">Who can see it, and who did</h2>
      {view.readers.length === 0 ? (
        <p class="muted">Nobody has an account that may open it.</p>
      ) : (
        <ul>
          {view.readers.map(({ name, roles }) => (
            <li key={name}>
              {name} <span class="muted">({roles})</span>
            </li>
          ))}
        </ul>
      )}
      {view.reveals.length > 0 && (
        <section class="card" aria-labelledby="reveals">
          <header>
            <h3 id="reveals">Who was told that this laptop is yours</h3>
          </header>
          <ul class="body">
            {view.reveals.map(({ at, reason }) => (
              <li key={at}>
                <Moment at={at} />: <q>{reason}</q>
              </li>
            ))}
          </ul>
        </section>
      )}
      {view.looks.length === 0 ? (
        <p class="muted">
          Nobody has opened the page of this laptop yet. Each time somebody does, it is written down here.
        </p>
      ) : (
        <section class="card" aria-labelledby="looks">
          <header>
            <h3 id="looks">Who looked or changed something</h3>
            <p class="muted small">newest first</p>
          </header>
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
              </tr>
            </thead>
            <tbody>
              {view.looks.map(({ at, who, what }) => (
                <tr key={`${at} ${what}`}>
                  <td class="when">
                    <Moment at={at} />
                  </td>
                  <td>{who}</td>
                  <td class="whole">{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Requests({ requests }: { requests: readonly MyRequestView[] }) {
  if (requests.length === 0) return null;
  return (
    <section aria-labelledby="asked">
      <h3 id="asked">What you asked for</h3>
      <ul class="my-requests">
        {requests.map(({ kind, about, words, requestedAt, answer }) => (
          <li key={`${requestedAt} ${words}`}>
            <strong>{askKinds[kind].name}</strong>
            {about !== '' && ` about ${about}`}, <Moment at={requestedAt} />
            <blockquote>{words}</blockquote>
            {answer === null ? (
              <span class="muted">Waits for an answer.</span>
            ) : (
              <span>Answer: {answer}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
