import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

/** Why a form was not taken, read aloud at once. */
export function Problem({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="notice" role="alert">
      <Icon name="attention" />
      <span>{text}</span>
    </p>
  );
}

/** What was just done. */
export function Done({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="notice done" role="status">
      <Icon name="compliant" />
      <span>{text}</span>
    </p>
  );
}

/** A form that changes something: it posts, and carries the session's secret. */
export function PostForm({
  action,
  csrf,
  className,
  children,
}: {
  action: string;
  csrf: string;
  className?: string;
  children: ComponentChildren;
}) {
  return (
    <form method="post" action={action} class={className}>
      <input type="hidden" name="csrf" value={csrf} />
      {children}
    </form>
  );
}

/** A labeled input of a form. */
export function Field({
  id,
  label,
  hint,
  type = 'text',
  value,
  autocomplete,
  required = true,
  code,
  maxLength,
  min,
  max,
  placeholder,
  narrow,
}: {
  /** Also the field's name. */
  id: string;
  label: string;
  hint?: ComponentChildren;
  type?: 'text' | 'email' | 'password' | 'date';
  value?: string | undefined;
  autocomplete?: string;
  required?: boolean;
  /** Something to be copied letter by letter. */
  code?: boolean;
  maxLength?: number;
  min?: string;
  max?: string;
  /** What such a value looks like. */
  placeholder?: string;
  /** For what is short, such as a day. */
  narrow?: boolean;
}) {
  return (
    <div class={narrow ? 'field narrow' : 'field'}>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        // Preact's types tell inputs apart by a literal type; these take the same attributes.
        type={type as 'text'}
        value={value}
        autocomplete={autocomplete ?? 'off'}
        required={required}
        maxLength={maxLength}
        min={min}
        max={max}
        placeholder={placeholder}
        class={code ? 'code-input' : undefined}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
