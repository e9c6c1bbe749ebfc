import { z } from 'zod';
import type { Point } from './check.ts';
import { parseDuration } from './duration.ts';
import { count, duration, list } from './words.ts';

/** What people call a parameter of a policy, and which way it is stricter. */
export interface ParameterWords {
  readonly title: string;
  /** What a number counts; singular, as `count` takes it. Seconds and minutes are written as times: `15m`. */
  readonly unit?:
    | 'second'
    | 'minute'
    | 'day'
    | 'month'
    | 'character'
    | 'kind'
    | 'password'
    | 'try'
    | undefined;
  /**
   * Which way it asks for more: a lower or higher number, a shorter or longer list, or the values from the strictest to the
   * loosest. `none` where it does not change what is asked.
   */
  readonly stricter: 'lower' | 'higher' | 'fewer' | 'more' | 'none' | readonly (string | boolean)[];
  /** What each value of a choice means. */
  readonly values?: Readonly<Record<string, string>> | undefined;
  readonly hint?: string | undefined;
}

const known = new WeakMap<z.ZodType, ParameterWords>();

/** Says what people call a parameter; the schema stays as it is. */
export function parameter<S extends z.ZodType>(schema: S, words: ParameterWords): S {
  known.set(schema, words);
  return schema;
}

/** What may be said for a parameter. */
export type ParameterKind =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** Several of a closed list. */
  | { readonly kind: 'choices'; readonly options: readonly string[] }
  | { readonly kind: 'list' }
  /** A short text for each of a few names; each may be left out. */
  | { readonly kind: 'texts'; readonly names: readonly string[] };

export type Parameter = ParameterKind & ParameterWords & { readonly name: string };

/** The parameters of a point, out of its own schema. */
export function parametersOf(point: Point): readonly Parameter[] {
  return Object.entries(point.params.shape).map(([name, schema]) => {
    const words = known.get(schema as z.ZodType) ?? { title: name, stricter: [] };
    return { ...kindOf(schema as z.ZodType, name), ...words, name };
  });
}

function kindOf(schema: z.ZodType, name: string): ParameterKind {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return kindOf(schema.def.innerType as z.ZodType, name);
  }
  if (schema instanceof z.ZodNumber) {
    return { kind: 'integer', min: schema.minValue ?? 0, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER };
  }
  if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodArray) {
    const { element } = schema;
    return element instanceof z.ZodEnum
      ? { kind: 'choices', options: element.options.map(String) }
      : { kind: 'list' };
  }
  if (schema instanceof z.ZodObject) return { kind: 'texts', names: Object.keys(schema.shape) };
  throw new Error(`nobody can set ${name}: its schema is of a kind that has no form yet`);
}

const plurals: Readonly<Record<string, string>> = { try: 'tries' };
const timeSeconds: Readonly<Record<string, number>> = { second: 1, minute: 60 };

/** Is it a length of time that people write as `15m`? */
export const isTime = ({ unit }: ParameterWords): boolean => unit !== undefined && unit in timeSeconds;

/** `15 minutes`, `14 days`, `3`. */
export function amountWords(value: number, words: ParameterWords): string {
  const { unit } = words;
  if (unit === undefined) return value.toLocaleString('en');
  const seconds = timeSeconds[unit];
  return seconds === undefined ? count(value, unit, plurals[unit]) : duration(value * seconds);
}

/** A value of a parameter in words; never empty. */
export function valueWords(parameter: Parameter, value: unknown): string {
  if (typeof value === 'number') return amountWords(value, parameter);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return parameter.values?.[value] ?? value;
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : list(value.map((item) => parameter.values?.[item] ?? String(item)));
  }
  const texts = Object.entries((value ?? {}) as Record<string, unknown>).filter(([, text]) => text);
  return texts.length === 0 ? 'nothing' : texts.map(([name, text]) => `${name}: ${text}`).join(', ');
}

/** `90s`, `15m`, `1h` as a form shows a number of seconds or minutes. */
export function timeText(value: number, { unit }: ParameterWords): string {
  const seconds = value * (timeSeconds[unit ?? ''] ?? 1);
  for (const [size, letter] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${letter}`;
  }
  return `${seconds}s`;
}

/** What `15m` comes to in the parameter's own unit; undefined where it is no time or no whole number of them. */
export function readTime(text: string, { unit }: ParameterWords): number | undefined {
  const milliseconds = parseDuration(text.toLowerCase().replaceAll(' ', ''));
  if (milliseconds === undefined) return undefined;
  const value = milliseconds / 1_000 / (timeSeconds[unit ?? ''] ?? 1);
  return Number.isInteger(value) ? value : undefined;
}

/** Does it ask for less than before? Where nobody can say which way is stricter, any change may. Pure. */
export function isLooser({ stricter }: Parameter, from: unknown, to: unknown): boolean {
  if (stricter === 'none') return false;
  if (typeof from === 'number' && typeof to === 'number') {
    return stricter === 'lower' ? to > from : stricter === 'higher' ? to < from : to !== from;
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    if (stricter === 'fewer') return to.some((item) => !from.includes(item));
    if (stricter === 'more') return from.some((item) => !to.includes(item));
    return true;
  }
  if (Array.isArray(stricter) && stricter.length > 0) {
    return stricter.indexOf(to as string) > stricter.indexOf(from as string);
  }
  return true;
}
