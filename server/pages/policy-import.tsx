import { addresses } from './addresses.ts';
import { Attention, DraftFrame, type DraftFrameView, DraftSecrets } from './components/draft-frame.tsx';
import { Field } from './components/parameter-input.tsx';

export interface PolicyImportView extends DraftFrameView {
  readonly edit: number;
  readonly presets: readonly { readonly id: string; readonly name: string }[];
  /** What was pasted the last time, to be corrected. */
  readonly text: string;
  readonly problem: string | undefined;
  /** There is a draft that would be replaced. */
  readonly replaces: boolean;
}

/** A draft out of a preset or of a policy file. */
export function PolicyImportPage(view: PolicyImportView) {
  const { viewer, organization, edit, presets, text, problem, replaces } = view;
  const action = addresses.policyImport(organization.id);
  return (
    <DraftFrame view={view} title="Start from a preset or a file" step="edit" under>
      {problem !== undefined && (
        <Attention>
          <p>{problem}</p>
        </Attention>
      )}
      {replaces && (
        <p class="notice calm-notice">
          <span>There is a draft already. Whatever you bring in here takes its place.</span>
        </p>
      )}
      <div class="columns">
        <form class="card fields" method="post" action={action}>
          <DraftSecrets viewer={viewer} edit={edit} />
          <h2>A preset</h2>
          <Field id="preset" label="Policy that comes with Muster">
            <select id="preset" name="preset">
              {presets.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
          <div>
            <button type="submit" class="button">
              Make this preset the draft
            </button>
          </div>
        </form>
        <form class="card fields" method="post" action={action}>
          <DraftSecrets viewer={viewer} edit={edit} />
          <h2>A policy file</h2>
          <div class="field" hidden>
            <label for="file">Choose the file</label>
            <input id="file" type="file" accept=".yaml,.yml,.json" data-fills="text" />
          </div>
          <Field
            id="text"
            label="The file’s text"
            hint="YAML, as Download writes it. It may extend a preset and name only what is otherwise."
          >
            <textarea
              id="text"
              name="text"
              rows={14}
              spellcheck={false}
              class="code"
              aria-describedby="text-hint"
            >
              {text}
            </textarea>
          </Field>
          <div>
            <button type="submit" class="button">
              Make this file the draft
            </button>
          </div>
        </form>
      </div>
    </DraftFrame>
  );
}
