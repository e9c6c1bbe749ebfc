import { inflateSync } from 'node:zlib';

/** The streams of a PDF, by the number of their object, and each object's dictionary. */
function objects(pdf: Buffer): ReadonlyMap<number, { readonly dictionary: string; readonly stream: string }> {
  const text = pdf.toString('latin1');
  const found = new Map<number, { dictionary: string; stream: string }>();
  for (const match of text.matchAll(/(\d+) 0 obj\s*([\s\S]*?)\s*endobj/g)) {
    const body = match[2] ?? '';
    const start = /stream\r?\n/.exec(body);
    if (start === null) {
      found.set(Number(match[1]), { dictionary: body, stream: '' });
      continue;
    }
    const dictionary = body.slice(0, start.index);
    const bytes = Buffer.from(
      body.slice(start.index + start[0].length, body.lastIndexOf('endstream')),
      'latin1',
    );
    const stream = dictionary.includes('/FlateDecode')
      ? inflateSync(bytes).toString('latin1')
      : bytes.toString('latin1');
    found.set(Number(match[1]), { dictionary, stream });
  }
  return found;
}

/** What the glyphs of a font stand for (its ToUnicode table). */
function lettersOf(table: string): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  const unicode = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const match of table.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
    const first = Number.parseInt(match[1] ?? '', 16);
    for (const [index, one] of [...(match[3] ?? '').matchAll(/<([0-9a-f ]+)>/gi)].entries()) {
      letters.set(first + index, unicode((one[1] ?? '').replaceAll(' ', '')));
    }
  }
  return letters;
}

/**
 * The text of a PDF as pdfkit writes it, a line for each run of text, in the order of the pages: enough for a test to see what a reader
 * would. Fonts are embedded, so text is numbers of glyphs until the font's own table is asked.
 */
export function pdfText(pdf: Buffer): string {
  const all = objects(pdf);
  const reference = (dictionary: string, key: string) =>
    Number(new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)?.[1]);
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  for (const { dictionary } of all.values()) {
    for (const [, name = '', number] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const font = all.get(Number(number))?.dictionary ?? '';
      const table = all.get(reference(font, 'ToUnicode'))?.stream;
      if (table !== undefined) fonts.set(name, lettersOf(table));
    }
  }
  const lines: string[] = [];
  for (const { dictionary } of all.values()) {
    if (!/\/Type \/Page\b/.test(dictionary)) continue;
    let letters: ReadonlyMap<number, string> | undefined;
    const stream = all.get(reference(dictionary, 'Contents'))?.stream ?? '';
    for (const [, font, run] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font !== undefined) letters = fonts.get(font);
      if (run === undefined) continue;
      const glyphs = [...run.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
      lines.push(glyphs.map((glyph) => letters?.get(Number.parseInt(glyph, 16)) ?? '?').join(''));
    }
  }
  // A word is a run of its own; one that ends in a space or a hyphen goes on in the same line.
  return lines.map((run) => (/[ -]$/.test(run) ? run : `${run}\n`)).join('');
}
