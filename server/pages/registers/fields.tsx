import type { Field, Fields, Value, Values } from '../../registers/field.ts';

/** Another record one can choose. */
export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface FieldProblems {
  readonly [field: string]: string;
}

interface InputProps {
  readonly id: string;
  readonly field: Field;
  readonly value: Value | undefined;
  readonly problem: string | undefined;
  /** Records that may be chosen, for a field that points at some. */
  readonly choices: readonly Choice[];
  /** Before the id in the document, where two forms on a page have the same field. */
  readonly scope: string;
}

/** A field of a form: label, hint, what is wrong with it, and the input its kind asks for. */
function FieldInput(props: InputProps) {
  const { id, field, problem, scope } = props;
  const html = `${scope}${id}`;
  const described = [field.hint && `${html}-hint`, problem && `${html}-problem`].filter(Boolean).join(' ');
  const about = {
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? ('true' as const) : undefined,
  };
  const notes = (
    <>
      {field.hint !== undefined && (
        <span class="hint" id={`${html}-hint`}>
          {field.hint}
        </span>
      )}
      {problem !== undefined && (
        <span class="field-problem" id={`${html}-problem`}>
          {problem}
        </span>
      )}
    </>
  );
  const title = (
    <>
      {field.title}
      {field.required !== true && scope === '' && <span class="optional"> (optional)</span>}
    </>
  );
  if (field.kind === 'choices' || field.kind === 'records') {
    const options =
      field.kind === 'choices'
        ? Object.entries(field.options).map(([value, name]) => ({ id: value, name }))
        : props.choices;
    const chosen = Array.isArray(props.value) ? (props.value as readonly string[]) : [];
    return (
      <fieldset class="field" id={html} tabindex={-1} {...about}>
        <legend>{title}</legend>
        {notes}
        {options.length === 0 && <span class="muted small">There is nothing to choose from yet.</span>}
        {options.map((option) => (
          <label class="option" key={option.id}>
            <input type="checkbox" name={id} value={option.id} checked={chosen.includes(option.id)} />
            <span>{option.name}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label for={html}>{title}</label>
      {notes}
      <Input {...props} html={html} about={about} />
    </div>
  );
}

function Input({ id, field, value, html, about }: InputProps & { html: string; about: object }) {
  const common = { id: html, name: id, ...about };
  switch (field.kind) {
    case 'paragraph':
      return (
        <textarea {...common} rows={4}>
          {value as string | undefined}
        </textarea>
      );
    case 'lines':
      return (
        <textarea {...common} rows={3}>
          {Array.isArray(value) ? value.join('\n') : ''}
        </textarea>
      );
    case 'choice':
      return (
        <select {...common}>
          <option value="">{field.required === true ? 'Choose one' : 'Not said'}</option>
          {Object.entries(field.options).map(([option, name]) => (
            <option key={option} value={option} selected={value === option}>
              {name}
            </option>
          ))}
        </select>
      );
    case 'yes-no':
      return (
        <select {...common}>
          <option value="">Not said</option>
          <option value="yes" selected={value === true}>
            Yes
          </option>
          <option value="no" selected={value === false}>
            No
          </option>
        </select>
      );
    case 'number':
      return (
        <input
          {...common}
          type="text"
          inputmode="numeric"
          class="short"
          value={value as number | undefined}
        />
      );
    case 'date':
      return <input {...common} type="date" class="short" value={value as string | undefined} />;
    case 'moment':
      return (
        <span class="with-unit">
          <input
            {...common}
            type="datetime-local"
            class="short"
            value={typeof value === 'string' ? value.slice(0, 16) : undefined}
          />
          <span class="muted small">UTC</span>
        </span>
      );
    default:
      return <input {...common} type="text" value={value as string | undefined} />;
  }
}

/** All of these fields, in parts under their headings. */
export function FormFields({
  fields,
  values,
  problems,
  choices,
  scope = '',
}: {
  fields: Fields;
  values: Values;
  problems: FieldProblems;
  choices: Readonly<Record<string, readonly Choice[]>>;
  scope?: string;
}) {
  const parts: { readonly title: string | undefined; readonly ids: string[] }[] = [];
  for (const [id, { section }] of Object.entries(fields)) {
    if (section !== undefined || parts.length === 0) parts.push({ title: section, ids: [] });
    parts.at(-1)?.ids.push(id);
  }
  return (
    <>
      {parts.map(({ title, ids }) => {
        const inputs = ids.map((id) => {
          const field = fields[id];
          return field === undefined ? null : (
            <FieldInput
              key={id}
              id={id}
              field={field}
              value={values[id]}
              problem={problems[id]}
              choices={choices[id] ?? []}
              scope={scope}
            />
          );
        });
        return title === undefined || scope !== '' ? (
          inputs
        ) : (
          <section class="form-part" key={title}>
            <h2>{title}</h2>
            {inputs}
          </section>
        );
      })}
    </>
  );
}
