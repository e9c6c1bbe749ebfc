import type { Content } from 'pdfmake/interfaces.js';
import { countedStates } from '../pages/model.ts';
import { dayWords, stateWords } from '../pages/words.ts';
import { documentPdf } from './paper-pdf.ts';
import type { Sheet, SheetSection, SheetTable } from './sheet.ts';
import { trendSvg } from './trend-svg.ts';

const grey = '#566274';

/** A sheet as an A4 document, with real text and page numbers. */
export function sheetPdf({ title, organization, subtitle, facts, sections }: Sheet): Promise<Buffer> {
  return documentPdf({
    title,
    organization,
    reference: title,
    content: [
      { text: title, fontSize: 18, bold: true },
      { text: subtitle, color: grey, margin: [0, 2, 0, 10] },
      {
        columns: facts.map(({ label, value }) => ({
          stack: [
            { text: label, fontSize: 8.5, color: grey },
            { text: value, fontSize: 13, bold: true },
          ],
        })),
        columnGap: 8,
        margin: [0, 0, 0, 6],
      },
      ...sections.flatMap(sectionContent),
    ],
  });
}

function sectionContent({ heading, text = [], trend, table }: SheetSection): Content[] {
  const picture = trend && trendSvg(trend);
  return [
    { text: heading, fontSize: 13, bold: true, margin: [0, 14, 0, 3], headlineLevel: 1 },
    ...text.map((words): Content => ({ text: words, margin: [0, 0, 0, 3] })),
    ...(trend === undefined ? [] : trendContent(trend, picture)),
    ...(table === undefined ? [] : [tableContent(table)]),
  ];
}

function trendContent(
  { days, policies }: NonNullable<SheetSection['trend']>,
  picture: string | undefined,
): Content[] {
  const first = days[0];
  const last = days.at(-1);
  if (picture === undefined || first === undefined || last === undefined) {
    return [{ text: 'A day is counted when it ends; there are not yet two to draw a line between.' }];
  }
  const names = countedStates.map((state) => stateWords[state].toLowerCase()).join(', ');
  const versions = policies.map(({ date, version }) => `version ${version} on ${dayWords(date)}`);
  return [
    { svg: picture, width: 460, margin: [0, 2, 0, 2] },
    {
      columns: [{ text: dayWords(first.date) }, { text: dayWords(last.date), alignment: 'right' }],
      fontSize: 8.5,
      color: grey,
    },
    {
      text: `From the bottom up: ${names}.${versions.length === 0 ? '' : ` The dashed lines are changes of the policy: ${versions.join(', ')}.`}`,
      fontSize: 8.5,
      color: grey,
    },
  ];
}

function tableContent({ columns, rows }: SheetTable): Content {
  const alignment = (index: number): 'left' | 'right' => (columns[index]?.number === true ? 'right' : 'left');
  // What is left of the width goes to the last column of words.
  const wide = columns.findLastIndex(({ number }) => number !== true);
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: columns.map((_column, index) => (index === wide ? '*' : 'auto')),
      body: [
        columns.map(({ title }, index) => ({
          text: title,
          bold: true,
          alignment: alignment(index),
          color: grey,
        })),
        ...rows.map((row) => row.map((cell, index) => ({ text: cell, alignment: alignment(index) }))),
      ],
    },
    layout: 'lightHorizontalLines',
    fontSize: 9,
    margin: [0, 3, 0, 0],
  };
}
