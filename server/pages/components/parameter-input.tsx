import type { ComponentChildren } from 'preact';
import { isTime } from '../../../shared/parameter.ts';
import type { ParameterField } from '../../review/policy-form.ts';
import { sentence } from '../words.ts';

/** A label, what is entered, a hint, and why it cannot be so. The input names hint and error by id. */
export function Field({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class={error === undefined ? 'field' : 'field wrong-field'}>
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** A parameter, in the control its kind asks for. */
export function ParameterInput({ field }: { field: ParameterField }) {
  const { name, parameter, value, hint, error } = field;
  const described = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`]
    .filter(Boolean)
    .join(' ');
  const attributes = {
    id: name,
    name,
    'aria-invalid': error !== undefined,
    ...(described !== '' && { 'aria-describedby': described }),
  };
  const wordsOf = (option: string) => sentence(parameter.values?.[option] ?? option);
  switch (parameter.kind) {
    case 'integer':
      return (
        <Field id={name} label={parameter.title} hint={hint} error={error}>
          <input
            {...attributes}
            type="text"
            inputmode={isTime(parameter) ? 'text' : 'numeric'}
            value={String(value)}
            autocomplete="off"
            spellcheck={false}
          />
        </Field>
      );
    case 'boolean':
      return (
        <Field id={name} label={parameter.title} hint={hint} error={error}>
          <select {...attributes}>
            <option value="yes" selected={value === 'yes'}>
              Yes
            </option>
            <option value="no" selected={value !== 'yes'}>
              No
            </option>
          </select>
        </Field>
      );
    case 'choice':
      return (
        <Field id={name} label={parameter.title} hint={hint} error={error}>
          <select {...attributes}>
            {parameter.options.map((option) => (
              <option key={option} value={option} selected={option === value}>
                {wordsOf(option)}
              </option>
            ))}
          </select>
        </Field>
      );
    case 'list':
      return (
        <Field id={name} label={parameter.title} hint={hint} error={error}>
          <textarea {...attributes} rows={3} spellcheck={false}>
            {(value as readonly string[]).join('\n')}
          </textarea>
        </Field>
      );
    case 'choices':
      return (
        <fieldset
          class={error === undefined ? 'field' : 'field wrong-field'}
          aria-describedby={described || undefined}
        >
          <legend>{parameter.title}</legend>
          {parameter.options.map((option) => (
            <label key={option} class="pick">
              <input
                type="checkbox"
                name={name}
                value={option}
                checked={(value as readonly string[]).includes(option)}
              />
              {wordsOf(option)}
            </label>
          ))}
          {error !== undefined && (
            <p class="field-error" id={`${name}-error`}>
              {error}
            </p>
          )}
        </fieldset>
      );
    case 'texts':
      return (
        <fieldset class="field" aria-describedby={described || undefined}>
          <legend>{parameter.title}</legend>
          {parameter.names.map((key) => (
            <label key={key} class="pick">
              <span class="pick-name">{platformNames[key] ?? sentence(key)}</span>
              <input
                type="text"
                name={`${name}.${key}`}
                value={(value as Readonly<Record<string, string>>)[key] ?? ''}
                autocomplete="off"
                maxlength={40}
              />
            </label>
          ))}
          {hint !== undefined && (
            <p class="hint" id={`${name}-hint`}>
              {hint}
            </p>
          )}
          {error !== undefined && (
            <p class="field-error" id={`${name}-error`}>
              {error}
            </p>
          )}
        </fieldset>
      );
  }
}

const platformNames: Readonly<Record<string, string>> = {
  macos: 'macOS',
  windows: 'Windows',
  linux: 'Linux',
};
