import { modes, severities } from '../../shared/check.ts';
import { numberSource, numberSources } from '../../shared/number-sources.ts';
import type { CheckFields, PointFields } from '../review/policy-form.ts';
import { addresses } from './addresses.ts';
import { Attention, DraftFrame, type DraftFrameView, DraftSecrets } from './components/draft-frame.tsx';
import { Field, ParameterInput } from './components/parameter-input.tsx';
import { modeWords, sentence, severityWords } from './words.ts';

export interface PolicyDraftCheckView extends DraftFrameView {
  readonly edit: number;
  readonly fields: CheckFields;
  /** Somebody else changed the draft after the form was opened. */
  readonly conflict: { readonly by: string } | undefined;
  /** What was sent cannot be so; the fields say why. */
  readonly refused: boolean;
}

function Point({ fields }: { fields: PointFields }) {
  const { point, title, mode, severity, clauses, numberFrom, parameters, errors } = fields;
  const sources =
    numberFrom === '' || numberSources.includes(numberFrom) ? numberSources : [...numberSources, numberFrom];
  return (
    <fieldset class="card fields">
      <legend>
        <h2>{title}</h2>
      </legend>
      <div class="field-grid">
        {parameters.map((field) => (
          <ParameterInput key={field.name} field={field} />
        ))}
        <Field id={`${point}.mode`} label="How it counts">
          <select id={`${point}.mode`} name={`${point}.mode`}>
            {modes.map((each) => (
              <option key={each} value={each} selected={each === mode}>
                {modeWords[each]}
              </option>
            ))}
          </select>
        </Field>
        <Field id={`${point}.severity`} label="Severity">
          <select id={`${point}.severity`} name={`${point}.severity`}>
            {severities.map((each) => (
              <option key={each} value={each} selected={each === severity}>
                {severityWords[each]}
              </option>
            ))}
          </select>
        </Field>
        <Field
          id={`${point}.clauses`}
          label="Clauses"
          hint="Sentences of the written policy it answers, parted by commas"
          error={errors.clauses}
        >
          <input
            id={`${point}.clauses`}
            name={`${point}.clauses`}
            type="text"
            value={clauses}
            autocomplete="off"
            spellcheck={false}
            aria-describedby={`${point}.clauses-hint${errors.clauses === undefined ? '' : ` ${point}.clauses-error`}`}
            aria-invalid={errors.clauses !== undefined}
          />
        </Field>
        <Field id={`${point}.numberFrom`} label="Where it comes from" error={errors.numberFrom}>
          <select id={`${point}.numberFrom`} name={`${point}.numberFrom`}>
            {numberFrom === '' && (
              <option value="" selected>
                Not said
              </option>
            )}
            {sources.map((source) => (
              <option key={source} value={source} selected={source === numberFrom}>
                {sentence(numberSource(source))}
              </option>
            ))}
          </select>
        </Field>
      </div>
    </fieldset>
  );
}

/** One check of the draft: each of its points with what may be set. */
export function PolicyDraftCheckPage(view: PolicyDraftCheckView) {
  const { viewer, organization, edit, fields, conflict, refused } = view;
  return (
    <DraftFrame view={view} title={fields.title} step="edit" under>
      <p class="summary">{fields.rationale}</p>
      {conflict !== undefined && (
        <Attention>
          <p>
            {conflict.by} changed the draft while you had this page open. What you entered is below and not
            yet kept: <a href={addresses.policyDraft(organization.id)}>look at the draft</a>, then save again
            to set this check as it stands here.
          </p>
        </Attention>
      )}
      {refused && (
        <Attention>
          <p>Nothing was kept: something below cannot be so. Each such field says why.</p>
        </Attention>
      )}
      <form
        class="stack draft-form"
        method="post"
        action={addresses.policyDraftCheck(organization.id, fields.check)}
      >
        <DraftSecrets viewer={viewer} edit={edit} />
        {fields.points.map((point) => (
          <Point key={point.point} fields={point} />
        ))}
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
