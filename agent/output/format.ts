import { UsageError } from '../arguments.ts';

const formats = ['table', 'json'] as const;

/** For commands that print for a person or for a program. Throws UsageError. */
export function chosenFormat(name: string | undefined): (typeof formats)[number] {
  const format = formats.find((known) => known === (name ?? 'table'));
  if (format === undefined) throw new UsageError(`--format is one of ${formats.join(', ')} here`);
  return format;
}
