import { z } from 'zod';

/** What every field of a register says of itself. */
interface Described {
  /** The label beside it, and the heading of its column in an export. */
  readonly title: string;
  /** One sentence below the label: what to write, and what not. */
  readonly hint?: string;
  /** A record cannot be made without it. */
  readonly required?: boolean;
  /**
   * It says something about a person: kept sealed and apart from the record, left out of the history, and gone when it is erased.
   */
  readonly personal?: boolean;
  /** Not asked for when the record is made: nobody can know it yet. */
  readonly later?: boolean;
  /** Heading of the part of the form that begins with this field. */
  readonly section?: string;
}

type Options = Readonly<Record<string, string>>;

/** A field of a register's records. What it is decides the form's input, the zod schema and the column of an export. */
export type Field = Described &
  (
    | { readonly kind: 'text'; readonly format?: 'email' | 'url' }
    | { readonly kind: 'paragraph' }
    | { readonly kind: 'choice'; readonly options: Options }
    | { readonly kind: 'choices'; readonly options: Options }
    | { readonly kind: 'yes-no' }
    | { readonly kind: 'number'; readonly minimum?: number; readonly maximum?: number }
    /** A calendar day, `2026-11-21`. */
    | { readonly kind: 'date' }
    /** A moment in UTC, ISO 8601. */
    | { readonly kind: 'moment' }
    /** Several short texts, one a line. */
    | { readonly kind: 'lines' }
    /** Records of another register (or this one), by id. */
    | { readonly kind: 'records'; readonly register: string }
  );

export type Fields = Readonly<Record<string, Field>>;

/** What a field holds where it is filled in. */
type ValueOf<F extends Field> = F extends { kind: 'choice'; options: infer O }
  ? keyof O & string
  : F extends { kind: 'choices'; options: infer O }
    ? readonly (keyof O & string)[]
    : F extends { kind: 'yes-no' }
      ? boolean
      : F extends { kind: 'number' }
        ? number
        : F extends { kind: 'lines' | 'records' }
          ? readonly string[]
          : string;

/** What a record holds; a field that is not filled in is not there. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> };

export type Value = string | number | boolean | readonly string[];
/** The values of any register's record. */
export type Values = Readonly<Record<string, Value | undefined>>;

const maxLine = 300;
const maxParagraph = 6_000;

/** What may be kept in the field, as zod sees it: the API's body, and the last word on what a form sends. */
export function schemaOf(field: Field): z.ZodType<Value> {
  const { title, hint } = field;
  return bareSchema(field).meta({ title, ...(hint !== undefined && { description: hint }) });
}

function bareSchema(field: Field): z.ZodType<Value> {
  switch (field.kind) {
    case 'text': {
      const line = z
        .string()
        .trim()
        .min(1, 'Fill this in.')
        .max(maxLine, `Use at most ${maxLine} characters.`)
        .regex(/^[^\p{Cc}]*$/u, 'Use one line.');
      if (field.format === 'email') {
        return line.pipe(z.email('This is not an e-mail address, such as name@company.example.'));
      }
      if (field.format === 'url') {
        return line.pipe(
          z.url({ protocol: /^https?$/, error: 'This is not an address, such as https://company.example.' }),
        );
      }
      return line;
    }
    case 'paragraph':
      return z
        .string()
        .trim()
        .min(1, 'Fill this in.')
        .max(maxParagraph, `Use at most ${maxParagraph} characters.`);
    case 'choice':
      return z.enum(Object.keys(field.options) as [string, ...string[]], { error: 'Choose one.' });
    case 'choices':
      return z
        .array(
          z.enum(Object.keys(field.options) as [string, ...string[]], { error: 'Choose from the list.' }),
        )
        .min(1, 'Choose at least one.');
    case 'yes-no':
      return z.boolean();
    case 'number':
      return z
        .number({ error: 'Write a number.' })
        .int('Write a whole number.')
        .min(field.minimum ?? 0, `At least ${field.minimum ?? 0}.`)
        .max(field.maximum ?? 1_000_000_000, `At most ${field.maximum ?? 1_000_000_000}.`);
    case 'date':
      return z.iso.date('Write a date, such as 2026-11-21.');
    case 'moment':
      return z.iso.datetime('Write a date and a time in UTC.');
    case 'lines':
      return z
        .array(z.string().trim().min(1).max(maxLine, `Use at most ${maxLine} characters a line.`))
        .min(1, 'Fill this in.')
        .max(60, 'At most 60 lines.');
    case 'records':
      return z.array(z.string().max(40)).min(1, 'Choose at least one.').max(60, 'At most 60.');
  }
}

/** The whole record as the API takes it; an unknown field is refused. */
export function recordSchema(fields: Fields): z.ZodType<Values> {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(fields).map(([id, field]) => [
        id,
        field.required === true ? schemaOf(field) : schemaOf(field).optional(),
      ]),
    ),
  ) as unknown as z.ZodType<Values>;
}

/** A value in words, for pages, exports and documents. */
export function valueText(field: Field, value: Value | undefined): string {
  if (value === undefined) return '';
  switch (field.kind) {
    case 'choice':
      return field.options[value as string] ?? String(value);
    case 'choices':
      return (value as readonly string[]).map((one) => field.options[one] ?? one).join(', ');
    case 'yes-no':
      return value === true ? 'Yes' : 'No';
    case 'lines':
    case 'records':
      return (value as readonly string[]).join('; ');
    default:
      return String(value);
  }
}
