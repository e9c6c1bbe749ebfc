import { printable } from '../../shared/words.ts';
import type { Sheet, SheetTable } from './sheet.ts';

/** A sheet for the terminal; the trend is left to those who can draw. */
export function sheetText({ title, subtitle, facts, sections }: Sheet): string {
  const lines = [title, printable(subtitle), ''];
  for (const { label, value } of facts) lines.push(`  ${label.padEnd(22)} ${value}`);
  for (const { heading, text = [], table } of sections) {
    if (text.length === 0 && table === undefined) continue;
    lines.push('', heading);
    for (const words of text) lines.push(`  ${printable(words)}`);
    if (table !== undefined) lines.push(...tableLines(table));
  }
  return `${lines.join('\n')}\n`;
}

function tableLines({ columns, rows }: SheetTable): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_column, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    `  ${row
      .map((cell, index) =>
        columns[index]?.number === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')}`.trimEnd(),
  );
}
