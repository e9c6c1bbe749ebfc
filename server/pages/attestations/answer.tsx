import { Problem } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Alone } from '../components/layout.tsx';
import { attestationAddresses } from './addresses.ts';

export interface AnswerView {
  readonly code: string;
  readonly organization: string;
  readonly contact: string;
  readonly title: string;
  readonly statement: string;
  readonly periodFrom: string;
  readonly due: string;
  readonly chosen?: string | undefined;
  readonly reason?: string | undefined;
  readonly problem?: string | undefined;
}

const choices = [
  ['yes', 'Yes, that is so'],
  ['no', 'No'],
  ['not-applicable', 'It does not apply to me'],
] as const;

/** Where a personal link lands: the exact words, and three answers. */
export function AnswerPage(view: AnswerView) {
  const { code, organization, contact, title, statement, periodFrom, due, chosen, reason, problem } = view;
  return (
    <Alone title={title} wide>
      <p class="muted">{organization} asks you</p>
      <h1>{title}</h1>
      <blockquote class="clause-quote">“{statement}”</blockquote>
      <p class="muted">
        This is about the time from {periodFrom} until today. Please answer by {due}.
      </p>
      <Problem text={problem} />
      <form method="post" action={attestationAddresses.answer}>
        <input type="hidden" name="code" value={code} />
        <fieldset class="field">
          <legend>Your answer</legend>
          {choices.map(([value, words]) => (
            <label class="option" key={value}>
              <input type="radio" name="answer" value={value} checked={chosen === value} required />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="reason">In your own words</label>
          <textarea id="reason" name="reason" rows={3} maxLength={500} aria-describedby="reason-hint">
            {reason}
          </textarea>
          <span class="hint" id="reason-hint">
            Needed where it does not apply; helpful where you say no. Please name nobody.
          </span>
        </div>
        <button type="submit" class="button">
          Send my answer
        </button>
      </form>
      <p class="muted small">
        A no is welcome: it only leads to something being put right. Kept are this answer, the exact words
        above and the time, under a pseudonym. Questions, or to see or correct what is kept: {contact}.
      </p>
    </Alone>
  );
}

/** After an answer, or where a link leads nowhere. */
export function AnsweredPage({
  organization,
  problem,
}: {
  organization?: string | undefined;
  problem?: string | undefined;
}) {
  return (
    <Alone title={problem === undefined ? 'Thank you' : 'This link does not work'}>
      <h1>{problem === undefined ? 'Thank you' : 'This link does not work'}</h1>
      {problem === undefined ? (
        <p class="calm">
          <Icon name="compliant" />
          Your answer is kept. {organization} sees it under a pseudonym. You can close this page.
        </p>
      ) : (
        <>
          <Problem text={problem} />
          <p>Ask whoever sent it to you for a new one.</p>
        </>
      )}
    </Alone>
  );
}
