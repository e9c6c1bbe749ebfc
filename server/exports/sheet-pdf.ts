import { countedStates } from '../pages/model.ts';
import { dayWords, stateWords } from '../pages/words.ts';
import type { Sheet, SheetSection } from './sheet.ts';
import { type Block, taggedPdf } from './tagged-pdf.ts';
import { trendPicture } from './trend-picture.ts';

/** A sheet as an A4 document, with real text, its structure and page numbers. */
export function sheetPdf({ title, organization, subtitle, facts, sections }: Sheet): Promise<Buffer> {
  return taggedPdf({
    title,
    organization,
    reference: title,
    blocks: [
      { heading: title, level: 1 },
      { text: subtitle, look: 'quiet' },
      { facts },
      ...sections.flatMap(sectionBlocks),
    ],
  });
}

function sectionBlocks({ heading, text = [], trend, table }: SheetSection): Block[] {
  return [
    { heading, level: 2 },
    ...text.map((words) => ({ text: words })),
    ...(trend === undefined ? [] : trendBlocks(trend)),
    ...(table === undefined ? [] : [{ table }]),
  ];
}

function trendBlocks(trend: NonNullable<SheetSection['trend']>): Block[] {
  const { days, policies } = trend;
  const picture = trendPicture(trend);
  const first = days[0];
  const last = days.at(-1);
  if (picture === undefined || first === undefined || last === undefined) {
    return [{ text: 'A day is counted when it ends; there are not yet two to draw a line between.' }];
  }
  const amounts = (day: typeof first) =>
    countedStates.map((state) => `${stateWords[state].toLowerCase()} ${day.counts[state]}`).join(', ');
  const names = countedStates.map((state) => stateWords[state].toLowerCase()).join(', ');
  const versions = policies.map(({ date, version }) => `version ${version} on ${dayWords(date)}`);
  return [
    {
      picture,
      alt: `How many laptops stood where, day by day. ${dayWords(first.date)}: ${amounts(first)}. ${dayWords(last.date)}: ${amounts(last)}.`,
      from: dayWords(first.date),
      to: dayWords(last.date),
    },
    {
      text: `From the bottom up: ${names}.${versions.length === 0 ? '' : ` The dashed lines are changes of the policy: ${versions.join(', ')}.`}`,
      look: 'small',
    },
  ];
}
