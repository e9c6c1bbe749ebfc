/** Writing into a PDF so that its structure is told along: the only words for it that the documents use. */

export type Doc = PDFKit.PDFDocument;
export type Structure = PDFKit.PDFStructureElement;

export const grey = '#566274';
export const ink = '#17202b';
export const margins = { top: 64, bottom: 72, left: 64, right: 64 };

/** How a run of text looks and where it stands; at the left margin and below what came last where nothing is said. */
export interface Look {
  readonly size?: number;
  readonly font?: 'Regular' | 'Medium' | 'Italic';
  readonly color?: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly align?: 'left' | 'right';
  /** More runs follow in the same paragraph. */
  readonly continued?: boolean;
}

declare global {
  namespace PDFKit.Mixins {
    // Known to the library since 0.19 and not yet to its types.
    interface StructureElementOptions {
      scope?: 'Row' | 'Column' | 'Both';
      bbox?: [number, number, number, number];
      placement?: 'Block' | 'Inline';
    }
  }
}

export const textWidth = (doc: Doc): number => doc.page.width - margins.left - margins.right;

/** Goes on to the next page where less than this is left of this one. */
export function ensureRoom(doc: Doc, height: number): boolean {
  if (doc.y + height <= doc.page.height - margins.bottom) return false;
  doc.addPage();
  return true;
}

export function write(doc: Doc, words: string, look: Look = {}): void {
  const { size = 10.5, font = 'Regular', color = ink, x = margins.left, width = textWidth(doc) } = look;
  doc.font(font).fontSize(size).fillColor(color);
  doc.text(words, x, look.y ?? doc.y, {
    width,
    align: look.align ?? 'left',
    lineGap: size * 0.13,
    continued: look.continued === true,
  });
}

/** Writes inside a new element of the document's structure: what a screen reader is told it is. */
export function tagged(
  doc: Doc,
  parent: Structure,
  tag: string,
  content: () => void,
  options: PDFKit.Mixins.StructureElementOptions = {},
): void {
  parent.add(doc.struct(tag, options, [content]));
}

/** An element that others go into; end it when they are in. */
export function group(doc: Doc, parent: Structure, tag: string): Structure {
  const element = doc.struct(tag);
  parent.add(element);
  return element;
}

/** Lines, footers, repeated headings: there to be seen, not to be read out. */
export function artifact(doc: Doc, type: 'Pagination' | 'Layout', content: () => void): void {
  doc.markContent('Artifact', { type });
  content();
  doc.endMarkedContent();
}
