import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content } from 'pdfmake/interfaces.js';

/** A letter or notice: headings, each with its text. */
export interface Paper {
  readonly title: string;
  readonly organization: string;
  readonly reference: string;
  readonly at: Date;
  readonly parts: readonly {
    readonly heading: string;
    /** Empty where it is not known yet; the paper says so. */
    readonly text: string;
    readonly source?: string | undefined;
  }[];
}

const roboto = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts/Roboto');
const fonts = {
  Roboto: {
    normal: join(roboto, 'Roboto-Regular.ttf'),
    bold: join(roboto, 'Roboto-Medium.ttf'),
    italics: join(roboto, 'Roboto-Italic.ttf'),
    bolditalics: join(roboto, 'Roboto-MediumItalic.ttf'),
  },
};

/** An A4 document with page numbers; it fetches nothing and reads nothing but its fonts. */
export async function documentPdf(document: {
  readonly title: string;
  readonly organization: string;
  readonly reference: string;
  readonly content: Content[];
}): Promise<Buffer> {
  const { title, organization, reference, content } = document;
  pdfmake.setFonts(fonts);
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(roboto));
  return pdfmake
    .createPdf({
      info: { title: `${title} ${reference}`, author: organization },
      pageSize: 'A4',
      pageMargins: [64, 64, 64, 72],
      defaultStyle: { fontSize: 10.5, lineHeight: 1.3 },
      footer: (page, pages) => ({
        columns: [
          { text: `${organization} · ${reference}` },
          { text: `${page} of ${pages}`, alignment: 'right', width: 60 },
        ],
        margin: [64, 24, 64, 0],
        fontSize: 8.5,
        color: '#566274',
      }),
      content,
    })
    .getBuffer();
}

/** The paper as an A4 document. */
export function paperPdf({ title, organization, reference, at, parts }: Paper): Promise<Buffer> {
  const made = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return documentPdf({
    title,
    organization,
    reference: `${reference} · ${made}`,
    content: [
      { text: title, fontSize: 18, bold: true },
      { text: `${reference}, as of ${made}`, color: '#566274', margin: [0, 2, 0, 14] },
      ...parts.flatMap(({ heading, text, source }) => [
        {
          text: [
            { text: heading, bold: true },
            { text: source === undefined ? '' : `   ${source}`, fontSize: 8.5 },
          ],
          margin: [0, 8, 0, 2] as [number, number, number, number],
        },
        { text: text === '' ? 'Not known yet; will follow.' : text, italics: text === '' },
      ]),
    ],
  });
}
