import { createHash, type Hash } from 'node:crypto';

/** The two databases of a collector, in the order they are put down: what nothing refers to comes first. */
export const parts = ['people', 'collector'] as const;
export type Part = (typeof parts)[number];

/** What a column can hold, on either database. */
export type Value = string | number | null | Uint8Array;

/**
 * Rows of one table, or what all its rows came to. Tables come one after the other, none before one it refers to, those of one part
 * before those of the next.
 */
export type Piece =
  | {
      readonly part: Part;
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Value[])[];
    }
  | TableTotal;

export interface TableTotal {
  readonly part: Part;
  readonly table: string;
  readonly count: number;
  /** SHA-256 over all rows in the order of the primary key, in hex: the same rows have the same one on any database. */
  readonly digest: string;
}

/** A row in one line, worded the same on every database; bytes are a list of their base64. */
export const rowLine = (row: readonly Value[]): string =>
  JSON.stringify(
    row.map((value) => (value instanceof Uint8Array ? [Buffer.from(value).toString('base64')] : value)),
  );

/** Reads what `rowLine` wrote. */
export const rowOfLine = (values: readonly (string | number | null | readonly [string])[]): Value[] =>
  values.map((value) =>
    Array.isArray(value) ? Buffer.from(value[0] as string, 'base64') : (value as Value),
  );

/** Counts and digests rows as they go by. */
export function totalOf(
  part: Part,
  table: string,
): {
  add(rows: readonly (readonly Value[])[]): void;
  total(): TableTotal;
} {
  const hash: Hash = createHash('sha256');
  let count = 0;
  return {
    add(rows) {
      for (const row of rows) hash.update(`${rowLine(row)}\n`);
      count += rows.length;
    },
    total: () => ({ part, table, count, digest: hash.digest('hex') }),
  };
}
