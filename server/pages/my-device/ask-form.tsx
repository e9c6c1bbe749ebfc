import type { StaffRequestKind } from '../../storage/staff/requests.ts';
import { PostForm } from '../components/form.tsx';
import { myDeviceAddresses } from './addresses.ts';

/** What can be asked for, in the order it is offered. */
export const askKinds: Readonly<
  Record<StaffRequestKind | 'waiver', { readonly name: string; readonly hint: string }>
> = {
  correct: { name: 'Correct something', hint: 'a value here is wrong or out of date' },
  contest: { name: 'Contest a result', hint: 'a person shall look at it again, not a program' },
  object: { name: 'Object', hint: 'this should not be collected from my laptop' },
  waiver: { name: 'Ask for a waiver', hint: 'a rule cannot hold on this laptop, at least for now' },
};

/** What the form says before it is sent. */
export interface Asking {
  readonly kind: StaffRequestKind | 'waiver';
  readonly about: string;
  readonly words: string;
}

/** One form for everything a person may ask for about their laptop. */
export function AskForm({
  csrf,
  organization,
  checks,
  asking,
}: {
  csrf: string;
  organization: string;
  checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly fields: readonly { readonly id: string; readonly title: string }[];
  }[];
  asking: Asking;
}) {
  return (
    <PostForm action={myDeviceAddresses.requests} csrf={csrf} className="card form">
      <div class="body my-device-ask">
        <fieldset>
          <legend>What do you want?</legend>
          {(Object.keys(askKinds) as (keyof typeof askKinds)[]).map((kind) => (
            <label key={kind} class="choice">
              <input type="radio" name="kind" value={kind} checked={asking.kind === kind} required />
              <span>
                {askKinds[kind].name}
                <span class="hint">{askKinds[kind].hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="about">About</label>
          <select id="about" name="about">
            <option value="" selected={asking.about === ''}>
              The laptop as a whole
            </option>
            {checks.map((check) => (
              <optgroup key={check.id} label={check.title}>
                <option value={check.id} selected={asking.about === check.id}>
                  {check.title}: all of it
                </option>
                {check.fields.map((field) => (
                  <option key={field.id} value={field.id} selected={asking.about === field.id}>
                    {check.title}: {field.title}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="words">In your own words</label>
          <textarea
            id="words"
            name="words"
            rows={4}
            minLength={10}
            maxLength={1000}
            required
            aria-describedby="words-hint"
          >
            {asking.words}
          </textarea>
          <span class="hint" id="words-hint">
            Goes to {organization}, together with the pseudonym of this laptop. It is kept, and the answer
            appears here.
          </span>
        </div>
        <button type="submit" class="button">
          Send
        </button>
      </div>
    </PostForm>
  );
}
