import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import type { SheetTable } from './sheet.ts';
import { tableBlock } from './tagged-table.ts';
import {
  artifact,
  type Doc,
  ensureRoom,
  grey,
  group,
  ink,
  margins,
  type Structure,
  tagged,
  textWidth,
  write,
} from './tagged-writing.ts';
import type { TrendPicture } from './trend-picture.ts';

/** A part of a document, in the order it is read. */
export type Block =
  /** `beside` stands small behind it. */
  | { readonly heading: string; readonly level: 1 | 2 | 3; readonly beside?: string | undefined }
  | { readonly text: string; readonly look?: 'quiet' | 'small' | 'italic' }
  | { readonly list: readonly string[] }
  | { readonly facts: readonly { readonly label: string; readonly value: string }[] }
  | { readonly table: SheetTable }
  /** A picture, and what it says in words for who cannot see it. */
  | { readonly picture: TrendPicture; readonly alt: string; readonly from: string; readonly to: string }
  /** Something with a name and where it stands; what is said about it follows line by line. */
  | {
      readonly entry: string;
      readonly text: string;
      readonly status: string;
      readonly lines: readonly string[];
    };

/** A document on paper: every page carries the organization, the reference and its number. */
export interface TaggedDocument {
  readonly title: string;
  readonly organization: string;
  readonly reference: string;
  readonly blocks: readonly Block[];
}

const fonts = join(import.meta.dirname, '../../server/assets/fonts');

/**
 * An A4 document whose structure (headings, paragraphs, lists, tables with their headings, pictures with words) is in the file, with
 * title and language, for screen readers and for whoever reads it by program. It reads nothing but its fonts and fetches nothing.
 */
export function taggedPdf({ title, organization, reference, blocks }: TaggedDocument): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margins,
    pdfVersion: '1.7',
    lang: 'en',
    tagged: true,
    displayTitle: true,
    bufferPages: true,
    font: join(fonts, 'Roboto-Regular.ttf'),
    info: {
      Title: reference === title ? title : `${title}, ${reference}`,
      Author: organization,
      Creator: 'Muster',
    },
  });
  for (const font of ['Regular', 'Medium', 'Italic']) {
    doc.registerFont(font, join(fonts, `Roboto-${font}.ttf`));
  }
  const chunks: Buffer[] = [];
  const made = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  const root = doc.struct('Document', { title });
  doc.addStructure(root);
  for (const block of blocks) draw(doc, root, block);
  root.end();
  footers(doc, `${organization} · ${reference}`);
  doc.end();
  return made;
}

function draw(doc: Doc, root: Structure, block: Block): void {
  if ('heading' in block) headingBlock(doc, root, block);
  else if ('list' in block) listBlock(doc, root, block.list);
  else if ('facts' in block) factsBlock(doc, root, block.facts);
  else if ('table' in block) tableBlock(doc, root, block.table);
  else if ('picture' in block) pictureBlock(doc, root, block);
  else if ('entry' in block) entryBlock(doc, root, block);
  else textBlock(doc, root, block);
}

const headingSizes = { 1: 18, 2: 13, 3: 10.5 } as const;

function headingBlock(
  doc: Doc,
  root: Structure,
  { heading, level, beside }: Extract<Block, { heading: string }>,
): void {
  // Never alone at the foot of a page.
  if (!ensureRoom(doc, 70) && level > 1) doc.y += level === 2 ? 14 : 8;
  tagged(doc, root, `H${level}`, () => {
    write(doc, heading, {
      font: 'Medium',
      size: headingSizes[level],
      continued: beside !== undefined,
    });
    if (beside !== undefined)
      doc
        .font('Regular')
        .fontSize(8.5)
        .fillColor(grey)
        .text(`   ${beside}`, { baseline: -2 - headingSizes[level] / 2 });
  });
  // The small words behind it end the line sooner than the heading does.
  doc.y += beside === undefined ? 2 : headingSizes[level] - 6;
}

function textBlock(doc: Doc, root: Structure, { text, look }: Extract<Block, { look?: unknown }>): void {
  ensureRoom(doc, 16);
  tagged(doc, root, 'P', () =>
    write(doc, text, {
      ...(look === 'quiet' && { color: grey }),
      ...(look === 'small' && { color: grey, size: 8.5 }),
      ...(look === 'italic' && { font: 'Italic' as const }),
    }),
  );
  doc.y += look === 'quiet' ? 9 : 3;
}

function listBlock(doc: Doc, root: Structure, items: readonly string[]): void {
  const list = group(doc, root, 'L');
  for (const item of items) {
    ensureRoom(doc, 16);
    const line = group(doc, list, 'LI');
    const { y } = doc;
    tagged(doc, line, 'Lbl', () => write(doc, '•', { x: margins.left, width: 12 }));
    tagged(doc, line, 'LBody', () =>
      write(doc, item, { x: margins.left + 12, y, width: textWidth(doc) - 12 }),
    );
    line.end();
  }
  list.end();
  doc.y += 8;
}

function factsBlock(doc: Doc, root: Structure, facts: Extract<Block, { facts: unknown }>['facts']): void {
  ensureRoom(doc, 40);
  const list = group(doc, root, 'L');
  const width = textWidth(doc) / Math.max(1, facts.length);
  const { y } = doc;
  let bottom = y;
  for (const [index, { label, value }] of facts.entries()) {
    const at = { x: margins.left + index * width, width: width - 8 };
    const line = group(doc, list, 'LI');
    tagged(doc, line, 'Lbl', () => write(doc, label, { ...at, y, size: 8.5, color: grey }));
    tagged(doc, line, 'LBody', () => write(doc, value, { ...at, y: y + 12, size: 13, font: 'Medium' }));
    line.end();
    bottom = Math.max(bottom, doc.y);
  }
  list.end();
  doc.y = bottom + 6;
}

function pictureBlock(
  doc: Doc,
  root: Structure,
  { picture, alt, from, to }: Extract<Block, { picture: unknown }>,
): void {
  ensureRoom(doc, picture.height + 24);
  const { x, y } = { x: margins.left, y: doc.y + 2 };
  const draws = () => {
    doc.save().translate(x, y);
    for (const { color, points } of picture.areas) doc.polygon(...points.map(([a, b]) => [a, b])).fill(color);
    doc.strokeColor(ink).lineWidth(1).dash(4, { space: 3 });
    for (const mark of picture.marks) doc.moveTo(mark, 0).lineTo(mark, picture.height).stroke();
    doc.undash().restore();
  };
  tagged(doc, root, 'Figure', draws, {
    alt,
    bbox: [x, y, x + picture.width, y + picture.height],
    placement: 'Block',
  });
  const below = y + picture.height + 2;
  const look = { y: below, size: 8.5, color: grey, width: picture.width };
  tagged(doc, root, 'P', () => write(doc, from, { ...look, width: picture.width / 2 }));
  tagged(doc, root, 'P', () =>
    write(doc, to, {
      ...look,
      x: margins.left + picture.width / 2,
      width: picture.width / 2,
      align: 'right',
    }),
  );
  doc.y += 3;
}

const statusWidth = 110;

function entryBlock(
  doc: Doc,
  root: Structure,
  { entry, text, status, lines }: Extract<Block, { entry: string }>,
): void {
  if (!ensureRoom(doc, 60)) doc.y += 8;
  const section = group(doc, root, 'Sect');
  const { y } = doc;
  const page = doc.page;
  const width = textWidth(doc) - statusWidth - 12;
  tagged(doc, section, 'H3', () => {
    write(doc, `${entry}  `, { font: 'Medium', width, continued: true });
    doc.font('Regular').text(text, { width });
  });
  const below = { page: doc.page, y: doc.y };
  // Beside the sentence, on the page it begins on; a long sentence may end on the next one.
  const sameLine = below.page === page;
  tagged(doc, section, 'P', () =>
    write(doc, status, {
      font: 'Medium',
      x: margins.left + width + 12,
      width: statusWidth,
      align: 'right',
      ...(sameLine && { y }),
    }),
  );
  doc.y = sameLine ? Math.max(below.y, doc.y) : doc.y;
  for (const line of lines) {
    ensureRoom(doc, 14);
    tagged(doc, section, 'P', () =>
      write(doc, line, { x: margins.left + 10, width: textWidth(doc) - 10, size: 9 }),
    );
    doc.y += 1;
  }
  section.end();
}

function footers(doc: Doc, words: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    doc.switchToPage(index);
    // What stands below the margin would begin a page of its own.
    doc.page.margins.bottom = 0;
    const look = { y: doc.page.height - margins.bottom + 24, size: 8.5, color: grey };
    artifact(doc, 'Pagination', () => {
      write(doc, words, { ...look, width: textWidth(doc) - 70 });
      write(doc, `${index + 1} of ${count}`, {
        ...look,
        x: doc.page.width - margins.right - 60,
        width: 60,
        align: 'right',
      });
    });
  }
}
