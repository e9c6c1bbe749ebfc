import type { PolicyChange } from '../review/policy-difference.ts';
import { addresses } from './addresses.ts';
import { Attention, DraftFrame, type DraftFrameView, DraftSecrets } from './components/draft-frame.tsx';
import { Field } from './components/parameter-input.tsx';
import { PolicyChanges } from './components/policy-changes.tsx';
import { Moment } from './components/time.tsx';
import { number } from './words.ts';

export interface PublishFields {
  readonly when: 'now' | 'later';
  /** As the browser's control writes it, in UTC: `2026-12-01T00:00`. */
  readonly date: string;
  readonly reason: string;
  readonly errors: Readonly<Record<'date' | 'reason' | 'loosened', string | undefined>>;
}

export interface PolicyPublishView extends DraftFrameView {
  readonly edit: number;
  readonly version: number;
  readonly changes: readonly PolicyChange[];
  /** How many laptops would change their state; null while they are still being judged by the draft. */
  readonly shifted: { readonly changed: number; readonly devices: number } | null;
  readonly scheduled: { readonly version: number; readonly effectiveFrom: string } | undefined;
  readonly fields: PublishFields;
  readonly conflict: boolean;
}

function Loosened({ changes }: { changes: readonly PolicyChange[] }) {
  return (
    <Attention>
      <p>
        This asks for less than the company’s own text does. The text itself would have to change first, or
        somebody who may decide that has to know:
      </p>
      <ul class="bullets">
        {changes.map((change) => (
          <li key={`${change.check} ${change.point} ${change.what}`}>
            {change.checkTitle}, {change.pointTitle.toLowerCase()}: {change.what.toLowerCase()} from{' '}
            {change.from} to {change.to}
          </li>
        ))}
      </ul>
    </Attention>
  );
}

function Form({ view, loosened }: { view: PolicyPublishView; loosened: boolean }) {
  const { viewer, organization, edit, version, fields } = view;
  const { errors } = fields;
  return (
    <form class="card fields draft-form" method="post" action={addresses.policyPublish(organization.id)}>
      <DraftSecrets viewer={viewer} edit={edit} />
      <h2>Publish as version {version}</h2>
      <fieldset class="field">
        <legend>When it comes into force</legend>
        <label class="pick">
          <input type="radio" name="when" value="now" checked={fields.when === 'now'} />
          At once
        </label>
        <label class="pick">
          <input type="radio" name="when" value="later" checked={fields.when === 'later'} />
          On a day to come
        </label>
      </fieldset>
      <Field id="date" label="Day and time (UTC)" hint="Only for a day to come" error={errors.date}>
        <input
          id="date"
          name="date"
          type="datetime-local"
          value={fields.date}
          aria-invalid={errors.date !== undefined}
          aria-describedby={`date-hint${errors.date === undefined ? '' : ' date-error'}`}
        />
      </Field>
      <Field
        id="reason"
        label="Why"
        hint="Everybody who may read the policy reads this, auditors too"
        error={errors.reason}
      >
        <textarea
          id="reason"
          name="reason"
          rows={3}
          maxlength={1000}
          aria-invalid={errors.reason !== undefined}
          aria-describedby={`reason-hint${errors.reason === undefined ? '' : ' reason-error'}`}
        >
          {fields.reason}
        </textarea>
      </Field>
      {loosened && (
        <div class={errors.loosened === undefined ? 'field' : 'field wrong-field'}>
          <label class="pick">
            <input
              type="checkbox"
              name="loosened"
              value="yes"
              aria-describedby={errors.loosened === undefined ? undefined : 'loosened-error'}
            />
            Publish though it asks for less than the company’s own text
          </label>
          {errors.loosened !== undefined && (
            <p class="field-error" id="loosened-error">
              {errors.loosened}
            </p>
          )}
        </div>
      )}
      <div class="button-row">
        <button type="submit" class="button">
          Publish version {version}
        </button>
        <a class="button quiet" href={addresses.policyDraft(organization.id)}>
          Back to the draft
        </a>
      </div>
    </form>
  );
}

/** The last look before a draft becomes the policy: what changes, for how many, why and from when. */
export function PolicyPublishPage(view: PolicyPublishView) {
  const { organization, changes, shifted, scheduled, conflict } = view;
  const loosened = changes.filter(({ looser, companyText }) => looser && companyText);
  return (
    <DraftFrame view={view} title="Publish the draft" step="publish" under>
      {conflict && (
        <Attention>
          <p>
            Nothing was published: the draft was changed, published or discarded while you had this page open.
            What follows is how it stands now.
          </p>
        </Attention>
      )}
      {changes.length === 0 ? (
        <section class="card">
          <header>
            <h2>There is nothing to publish</h2>
          </header>
          <div class="empty">
            <p>The draft asks for exactly what the policy in force asks for.</p>
            <div>
              <a class="button" href={addresses.policyDraft(organization.id)}>
                Change something
              </a>
            </div>
          </div>
        </section>
      ) : (
        <>
          {scheduled !== undefined && (
            <Attention>
              <p>
                Version {scheduled.version} waits for <Moment at={scheduled.effectiveFrom} />. It has to come
                into force, or be <a href={addresses.policy(organization.id)}>withdrawn</a>, before another is
                published.
              </p>
            </Attention>
          )}
          {loosened.length > 0 && <Loosened changes={loosened} />}
          <section class="card" aria-labelledby="changes">
            <header>
              <h2 id="changes">{changes.length === 1 ? '1 change' : `${changes.length} changes`}</h2>
              <a href={addresses.policyWhatIf(organization.id)}>
                {shifted === null
                  ? 'See what it would mean'
                  : shifted.changed === 0
                    ? 'No laptop would change its state'
                    : `${number(shifted.changed)} of ${number(shifted.devices)} laptops would change their state`}
              </a>
            </header>
            <PolicyChanges changes={changes} />
          </section>
          {scheduled === undefined && <Form view={view} loosened={loosened.length > 0} />}
        </>
      )}
    </DraftFrame>
  );
}
