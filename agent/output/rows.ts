import { wrap } from '../../shared/words.ts';

/** Two columns for a person: what it is, and what it says; long text goes on under itself. */
export function asRows(rows: readonly (readonly [label: string, text: string])[], width = 80): string {
  const left = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows
    .map(([label, text]) => {
      const lines = wrap(text, Math.max(width - left - 2, 24));
      return lines
        .map((line, index) => `  ${(index === 0 ? label : '').padEnd(left)}${line}`.trimEnd())
        .join('\n');
    })
    .join('\n');
}

/** A moment for a person: local time, to the minute. */
export function localTime(at: string | Date): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Text of another machine, safe for a terminal: one line, no control characters. */
export const printable = (text: string) => text.replace(/\p{C}+/gu, ' ').trim();
