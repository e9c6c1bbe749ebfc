import type { TrendView } from '../pages/model.ts';

/** A table of a sheet. Columns of numbers stand to the right. */
export interface SheetTable {
  readonly columns: readonly { readonly title: string; readonly number?: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

export interface SheetSection {
  readonly heading: string;
  /** Sentences, in this order. */
  readonly text?: readonly string[];
  readonly trend?: TrendView;
  readonly table?: SheetTable;
}

/** What stands on paper, whether a browser shows it or a PDF holds it: the same words and the same numbers in both. */
export interface Sheet {
  readonly title: string;
  readonly organization: string;
  readonly subtitle: string;
  /** In short, above everything. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly sections: readonly SheetSection[];
}
