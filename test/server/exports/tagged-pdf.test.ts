import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { paperPdf } from '../../../server/exports/paper-pdf.ts';
import { taggedPdf } from '../../../server/exports/tagged-pdf.ts';

const rows = Array.from({ length: 90 }, (_, index) => [`Check ${index}`, String(index), 'words '.repeat(20)]);
const pdf = await taggedPdf({
  title: 'Report for October',
  organization: 'Acme',
  reference: 'Report for October',
  blocks: [
    { heading: 'Report for October', level: 1 },
    { text: 'As of its end.', look: 'quiet' },
    { facts: [{ label: 'Laptops', value: '6' }] },
    { heading: 'Where they stood', level: 2 },
    { table: { columns: [{ title: 'Check' }, { title: 'Fails', number: true }, { title: 'Why' }], rows } },
    { list: ['one', 'two'] },
    {
      picture: {
        width: 100,
        height: 40,
        areas: [
          {
            color: '#d5483f',
            points: [
              [0, 0],
              [100, 0],
              [100, 40],
            ],
          },
        ],
        marks: [50],
      },
      alt: 'Six failed, then five.',
      from: '1 October',
      to: '31 October',
    },
    ...Array.from({ length: 30 }, (_, index) => ({
      entry: `A-${index}`,
      text: `${'A sentence of the policy. '.repeat(8)}`,
      status: 'Evidenced',
      lines: ['Six of six.', 'Nothing else.'],
    })),
  ],
});

interface Objects {
  readonly dictionaries: ReadonlyMap<number, string>;
  readonly streams: ReadonlyMap<number, string>;
}

function objectsOf(file: Buffer): Objects {
  const dictionaries = new Map<number, string>();
  const streams = new Map<number, string>();
  for (const [, number, body = ''] of file
    .toString('latin1')
    .matchAll(/(\d+) 0 obj\s*([\s\S]*?)\s*endobj/g)) {
    const start = /stream\r?\n/.exec(body);
    dictionaries.set(Number(number), start === null ? body : body.slice(0, start.index));
    if (start === null) continue;
    const bytes = Buffer.from(
      body.slice(start.index + start[0].length, body.lastIndexOf('endstream')),
      'latin1',
    );
    streams.set(
      Number(number),
      body.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : bytes.toString('latin1'),
    );
  }
  return { dictionaries, streams };
}

/** The structure as a reader walks it: each element's type, in order, children inside it. */
function structureOf({ dictionaries }: Objects): { readonly type: string; readonly dictionary: string }[] {
  const root = [...dictionaries.values()].find((one) => one.includes('/Type /StructTreeRoot')) ?? '';
  const found: { type: string; dictionary: string }[] = [];
  const walk = (dictionary: string) => {
    const kids = /\/K \[([^\]]*)\]/.exec(dictionary)?.[1] ?? '';
    for (const [, number] of kids.replaceAll(/<<[^>]*>>/g, '').matchAll(/(\d+) 0 R/g)) {
      const child = dictionaries.get(Number(number)) ?? '';
      const type = /\/S \/(\w+)/.exec(child)?.[1];
      if (type === undefined) continue;
      found.push({ type, dictionary: child });
      walk(child);
    }
  };
  walk(root);
  return found;
}

const objects = objectsOf(pdf);
const structure = structureOf(objects);
const count = (type: string) => structure.filter((one) => one.type === type).length;

test('the file says its title, its language and that it is tagged', () => {
  const catalog = [...objects.dictionaries.values()].find((one) => one.includes('/Type /Catalog')) ?? '';
  expect(catalog).toContain('/Lang (en)');
  const behind = (key: string) =>
    objects.dictionaries.get(Number(new RegExp(`/${key} (\\d+) 0 R`).exec(catalog)?.[1])) ?? '';
  expect(behind('ViewerPreferences')).toContain('/DisplayDocTitle true');
  expect(behind('MarkInfo')).toContain('/Marked true');
  expect(pdf.toString('latin1')).toContain('<rdf:li xml:lang="x-default">Report for October</rdf:li>');
});

test('its structure is the one of the blocks, in their order', () => {
  expect(structure.slice(0, 8).map(({ type }) => type)).toEqual([
    'Document',
    'H1',
    'P',
    'L',
    'LI',
    'Lbl',
    'LBody',
    'H2',
  ]);
  expect({
    tables: count('Table'),
    rows: count('TR'),
    figures: count('Figure'),
    sentences: count('H3'),
  }).toEqual({
    tables: 1,
    rows: 91,
    figures: 1,
    sentences: 30,
  });
  expect({ headings: count('TH'), cells: count('TD') }).toEqual({ headings: 3 + 90, cells: 180 });
  const scopes = structure
    .filter(({ type }) => type === 'TH')
    .map(({ dictionary }) => /\/Scope \/(\w+)/.exec(dictionary)?.[1]);
  expect(scopes.slice(0, 4)).toEqual(['Column', 'Column', 'Column', 'Row']);
  expect(structure.find(({ type }) => type === 'Figure')?.dictionary).toContain(
    '/Alt (Six failed, then five.)',
  );
});

test('nothing on any page stands outside of the structure, unless it is marked as not to be read', () => {
  const pages = [...objects.dictionaries.values()].filter((one) => /\/Type \/Page\b/.test(one));
  expect(pages.length).toBeGreaterThan(5);
  let drawn = 0;
  for (const page of pages) {
    const content = objects.streams.get(Number(/\/Contents (\d+) 0 R/.exec(page)?.[1])) ?? '';
    let depth = 0;
    for (const line of content.split('\n')) {
      if (/ BDC$| BMC$/.test(line)) depth += 1;
      if (line === 'EMC') depth -= 1;
      if (/ TJ$|^(S|f|B)$/.test(line)) {
        drawn += 1;
        expect(depth).toBe(1);
      }
    }
    expect(depth).toBe(0);
    expect(page).toContain('/Tabs /S');
  }
  expect(drawn).toBeGreaterThan(300);
});

test('a list within the words of a notice is a list', async () => {
  const paper = await paperPdf({
    title: 'Notice',
    organization: 'Acme',
    reference: 'Muster',
    at: new Date(0),
    parts: [
      { heading: 'What is read', text: 'In short:\n• this\n• that', source: 'Art. 13' },
      { heading: 'Who', text: '' },
    ],
  });
  expect(structureOf(objectsOf(paper)).map(({ type }) => type)).toEqual(
    'Document H1 P H2 P L LI Lbl LBody LI Lbl LBody H2 P'.split(' '),
  );
});

const poppler = spawnSync('pdfinfo', ['-v']).error === undefined;
test.skipIf(!poppler)(
  poppler ? 'another program reads the same' : 'another program reads the same (skipped: no pdfinfo here)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-pdf-'));
    const file = join(folder, 'a.pdf');
    writeFileSync(file, pdf);
    const said = spawnSync('pdfinfo', ['-struct-text', file], { encoding: 'utf8' }).stdout;
    const facts = spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout;
    rmSync(folder, { recursive: true });
    expect(facts).toMatch(/Tagged: +yes/);
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      'H1 (block) "Report for October" P (block) "As of its end."',
    );
    expect(said.match(/ TR\n/g)?.length).toBe(91);
    expect(said).toContain('"Check 89"');
  },
);
