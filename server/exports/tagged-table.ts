import type { SheetTable } from './sheet.ts';
import {
  artifact,
  type Doc,
  ensureRoom,
  grey,
  group,
  type Look,
  type Structure,
  tagged,
  textWidth,
  write,
} from './tagged-writing.ts';

const size = 9;
const gap = 8;
const padding = 3;

/**
 * A table: its columns and the first cell of each row are headings, also to a screen reader. Rows are not broken; on the next page the
 * headings stand again, to be seen only.
 */
export function tableBlock(doc: Doc, root: Structure, { columns, rows }: SheetTable): void {
  const widths = columnWidths(doc, { columns, rows });
  const left = doc.page.margins.left;
  const places = widths.map(
    (_width, index) => left + widths.slice(0, index).reduce((sum, one) => sum + one + gap, 0),
  );
  const look = (index: number, y: number): Look => ({
    size,
    x: places[index] ?? left,
    y,
    width: widths[index] ?? 0,
    align: columns[index]?.number === true ? 'right' : 'left',
  });
  const heading = (index: number, y: number): Look => ({ ...look(index, y), font: 'Medium', color: grey });
  const heightOf = (cells: readonly string[], font: 'Regular' | 'Medium') =>
    Math.max(
      ...cells.map((cell, index) =>
        doc
          .font(font)
          .fontSize(size)
          .heightOfString(cell, { width: widths[index] ?? 0, lineGap: size * 0.13 }),
      ),
    );
  const line = (y: number) =>
    artifact(doc, 'Layout', () =>
      doc
        .strokeColor('#c9d1da')
        .lineWidth(0.5)
        .moveTo(left, y)
        .lineTo(left + textWidth(doc), y)
        .stroke(),
    );
  const titles = columns.map(({ title }) => title);
  const headHeight = heightOf(titles, 'Medium');

  ensureRoom(doc, headHeight + 30);
  doc.y += padding;
  const table = group(doc, root, 'Table');
  const head = group(doc, table, 'THead');
  const headRow = group(doc, head, 'TR');
  let { y } = doc;
  for (const [index, title] of titles.entries()) {
    tagged(doc, headRow, 'TH', () => write(doc, title, heading(index, y)), { scope: 'Column' });
  }
  headRow.end();
  head.end();
  y += headHeight + padding;
  line(y);
  const body = group(doc, table, 'TBody');
  for (const cells of rows) {
    const height = heightOf(cells, 'Regular');
    doc.y = y;
    if (ensureRoom(doc, height + 2 * padding)) {
      y = doc.y;
      artifact(doc, 'Pagination', () => {
        for (const [index, title] of titles.entries()) write(doc, title, heading(index, y));
      });
      y += headHeight + padding;
      line(y);
    }
    const row = group(doc, body, 'TR');
    for (const [index, cell] of cells.entries()) {
      const draws = () => write(doc, cell, look(index, y + padding));
      if (index === 0) tagged(doc, row, 'TH', draws, { scope: 'Row' });
      else tagged(doc, row, 'TD', draws);
    }
    row.end();
    y += height + 2 * padding;
    line(y);
  }
  body.end();
  table.end();
  doc.y = y + 4;
}

/** Columns are as wide as what is in them; where that is too much, the widest share what is left. */
function columnWidths(doc: Doc, { columns, rows }: SheetTable): readonly number[] {
  const natural = columns.map(({ title }, index) => {
    const cells = rows.map((row) =>
      doc
        .font('Regular')
        .fontSize(size)
        .widthOfString(row[index] ?? ''),
    );
    return Math.max(doc.font('Medium').fontSize(size).widthOfString(title), ...cells) + 1;
  });
  let left = textWidth(doc) - gap * (columns.length - 1);
  const widths = new Map<number, number>();
  for (let count = columns.length; count > 0; count = columns.length - widths.size) {
    const share = left / count;
    const narrow = natural.flatMap((width, index) => (!widths.has(index) && width <= share ? [index] : []));
    if (narrow.length === 0) break;
    for (const index of narrow) {
      widths.set(index, natural[index] ?? 0);
      left -= natural[index] ?? 0;
    }
  }
  // What nobody needs goes to the last column of words.
  const last = columns.findLastIndex(({ number }) => number !== true);
  if (widths.size === columns.length) widths.set(last, (widths.get(last) ?? 0) + left);
  // Twice the words need no more than half again the width: they may stand on two lines.
  const weight = (index: number) => (widths.has(index) ? 0 : Math.sqrt(natural[index] ?? 0));
  const weights = columns.reduce((sum, _column, index) => sum + weight(index), 0);
  return columns.map((_column, index) => widths.get(index) ?? (left * weight(index)) / weights);
}
