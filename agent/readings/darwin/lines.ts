import { unparseable } from '../../probe.ts';

/** Lines of a command's answer without trailing blanks; empty ones are left out. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

/**
 * The same text, when it ends with a line end. Throws SourceError for one that was cut off: half a list may hide what counts,
 * and half a number is another number.
 */
export function wholeText(text: string, what: string): string {
  if (!text.endsWith('\n')) throw unparseable(what);
  return text;
}

/**
 * What the one line that has `form` says. Whole lines only: `form` is anchored by its author. Throws SourceError when no
 * line has it, or when two say different things.
 */
export function soleMatch(text: string, form: RegExp, what: string): RegExpExecArray {
  const matches = linesOf(text)
    .map((line) => form.exec(line))
    .filter((match) => match !== null);
  const [first] = matches;
  if (first === undefined || matches.some((match) => match[1] !== first[1])) throw unparseable(what);
  return first;
}

/** JSON a command wrote. Throws SourceError when it is cut off or none. */
export function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unparseable(what);
  }
}

/** An own field of a JSON object; undefined for anything else. */
export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
