import type { ScheduleFields } from '../review/policy-form.ts';
import { addresses } from './addresses.ts';
import { Attention, DraftFrame, type DraftFrameView, DraftSecrets } from './components/draft-frame.tsx';
import { Field } from './components/parameter-input.tsx';

export interface PolicyDraftScheduleView extends DraftFrameView {
  readonly edit: number;
  readonly fields: ScheduleFields;
  readonly conflict: { readonly by: string } | undefined;
}

/** How often laptops report, in the draft. */
export function PolicyDraftSchedulePage(view: PolicyDraftScheduleView) {
  const { viewer, organization, edit, fields, conflict } = view;
  const input = (name: 'every' | 'jitter') => (
    <input
      id={name}
      name={name}
      type="text"
      value={fields[name]}
      autocomplete="off"
      spellcheck={false}
      aria-invalid={fields.errors[name] !== undefined}
      aria-describedby={`${name}-hint${fields.errors[name] === undefined ? '' : ` ${name}-error`}`}
    />
  );
  return (
    <DraftFrame view={view} title="How often laptops report" step="edit" under>
      {conflict !== undefined && (
        <Attention>
          <p>
            {conflict.by} changed the draft while you had this page open. What you entered is below and not
            yet kept: save again to set it as it stands here.
          </p>
        </Attention>
      )}
      <form class="stack draft-form" method="post" action={addresses.policyDraftSchedule(organization.id)}>
        <DraftSecrets viewer={viewer} edit={edit} />
        <div class="card fields">
          <div class="field-grid">
            <Field
              id="every"
              label="A report every"
              hint="A time such as 30m, 12h or 1d; from 5 minutes to 7 days"
              error={fields.errors.every}
            >
              {input('every')}
            </Field>
            <Field
              id="jitter"
              label="Spread over"
              hint="Each report comes at a random moment within this time, so that it does not show when somebody works; up to 1 day"
              error={fields.errors.jitter}
            >
              {input('jitter')}
            </Field>
          </div>
        </div>
        <div class="button-row">
          <button type="submit" class="button">
            Keep in the draft
          </button>
          <a class="button quiet" href={addresses.policyDraft(organization.id)}>
            Back without keeping
          </a>
        </div>
      </form>
    </DraftFrame>
  );
}
