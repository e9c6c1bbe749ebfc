import { build, type PlistValue } from 'plist';
import {
  isDictionary,
  type PropertyListValue,
  parsePropertyList,
} from '../../readings/darwin/property-list.ts';
import { type MacNames, redacted } from './darwin-names.ts';

/**
 * What stays of a value. true: numbers, switches and dates, never text. A form: text that has it, else `<redacted>`. presence:
 * that it is set. A list of one: each entry. Keys: those, and nothing beside them.
 */
export type Keeps =
  | true
  | RegExp
  | 'presence'
  | 'mountPoint'
  | readonly [Keeps]
  | { readonly [key: string]: Keeps }
  | ((value: PropertyListValue, names: MacNames) => unknown);

/** What stays of one value; undefined = nothing. */
export function kept(value: PropertyListValue | undefined, keeps: Keeps, names: MacNames): unknown {
  if (value === undefined) return undefined;
  if (typeof keeps === 'function') return keeps(value, names);
  if (keeps === 'presence') return value === '' ? '' : redacted;
  if (keeps === 'mountPoint') return typeof value === 'string' ? names.mountPoint(value) : undefined;
  if (keeps === true)
    return typeof value === 'number' || typeof value === 'boolean' || value instanceof Date
      ? value
      : undefined;
  if (keeps instanceof RegExp)
    return typeof value === 'string' ? (keeps.test(value) ? value : redacted) : undefined;
  if (isList(keeps)) {
    if (!Array.isArray(value)) return undefined;
    return value.map((item) => kept(item, keeps[0], names)).filter((item) => item !== undefined);
  }
  if (!isDictionary(value)) return undefined;
  const entries = Object.entries(keeps).map(([key, inner]) => [key, kept(value[key], inner, names)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

const isList = (keeps: Keeps): keeps is readonly [Keeps] => Array.isArray(keeps);

/** A property list with only the kept keys, as XML. What was none becomes empty, which says as little. Throws SourceError. */
export function keptList(bytes: Uint8Array, keeps: Keeps, names: MacNames): string {
  const value = kept(parsePropertyList(bytes), keeps, names);
  if (value === undefined) return '';
  return `${build(value as PlistValue)}\n`;
}

/** JSON with only the kept keys. Throws when it was none. */
export function keptJson(text: string, keeps: Keeps, names: MacNames): string {
  return `${JSON.stringify(kept(JSON.parse(text), keeps, names), null, 2)}\n`;
}
