import { stringify } from 'csv-stringify/sync';

/**
 * A table as RFC 4180 has it, with the mark that tells spreadsheets it is UTF-8. A cell that begins like a formula gets an apostrophe before
 * it, so that no spreadsheet runs what somebody typed.
 */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows as (string | number)[][], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
  });
}
