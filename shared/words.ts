/** Numbers in plain words, the same in the terminal, on pages and in documents. */

/** `45 seconds`, `15 minutes`, `2 hours`, `3 days`; the largest unit that divides evenly, else minutes and seconds. */
export function duration(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const;
  for (const [size, name] of units) {
    if (seconds >= size && seconds % size === 0) return count(seconds / size, name);
  }
  if (seconds < 120) return count(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return rest === 0 ? count(minutes, 'minute') : `${count(minutes, 'minute')} ${count(rest, 'second')}`;
}

/** `1 day`, `3 days`; a plural that is not made with s is given as the third argument. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`; with another word where told. */
export function list(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** Lines of at most `width` characters, broken between words; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** What a person wrote, on one line and without anything a terminal would obey. */
export const printable = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();
