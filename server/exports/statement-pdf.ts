import type { Content } from 'pdfmake/interfaces.js';
import { clauseStatusWords } from '../pages/clauses/words.ts';
import { sentence } from '../pages/words.ts';
import { clauseStatuses } from '../review/clause-evidence.ts';
import { type ClauseStatement, clauseCounts } from '../review/clauses.ts';
import { documentPdf } from './paper-pdf.ts';

/** What a clause statement says beside its sentences. */
export interface Statement {
  readonly organization: string;
  readonly company: string;
  readonly policy: { readonly id: string; readonly version: number };
  readonly chapters: Readonly<Record<string, string>>;
  readonly clauses: readonly ClauseStatement[];
  readonly gaps: readonly string[];
  /** The moment it is about, and when it was made. */
  readonly asOf: Date;
  readonly madeAt: Date;
}

const grey = '#566274';

/** The whole statement as an A4 document: every sentence, what answers it, what stands against it. */
export function statementPdf(statement: Statement): Promise<Buffer> {
  const { organization, company, policy, chapters, clauses, gaps, asOf, madeAt } = statement;
  const counts = clauseCounts(clauses);
  const moment = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const subtitle = `as of ${moment(asOf)}, by policy ${policy.id} version ${policy.version}; made ${moment(madeAt)}`;
  return documentPdf({
    title: 'Policy, sentence by sentence',
    organization,
    reference: `Statement as of ${asOf.toISOString().slice(0, 10)}`,
    content: [
      { text: 'Policy, sentence by sentence', fontSize: 18, bold: true },
      {
        text: `${organization}: ${clauses.length} sentences of ${company}, ${subtitle}`,
        color: grey,
        margin: [0, 2, 0, 10],
      },
      {
        ul: clauseStatuses.map((status) => `${clauseStatusWords[status]}: ${counts[status]}`),
        margin: [0, 0, 0, 10],
      },
      {
        text: 'A sentence is evidenced when everything that answers it is. What could not be told, a silent laptop, an unanswered question and an empty register are never evidence. A pass says how a laptop is set up, and not how it is used.',
        margin: [0, 0, 0, 6],
      },
      ...Object.entries(chapters)
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .flatMap(([id, title]): Content[] => {
          const own = clauses.filter(({ chapter }) => chapter === id);
          if (own.length === 0) return [];
          return [
            { text: `${id} ${title}`, fontSize: 13, bold: true, margin: [0, 14, 0, 2] },
            ...own.flatMap(clauseContent),
          ];
        }),
      { text: 'What the text does not say', fontSize: 13, bold: true, margin: [0, 14, 0, 4] },
      { ul: [...gaps] },
    ],
  });
}

function clauseContent(clause: ClauseStatement): Content[] {
  const { id, text, status, reason, answers, supports, notes, conflicts, exclusion } = clause;
  const line = (words: string): Content => ({ text: words, fontSize: 9, margin: [10, 1, 0, 0] });
  return [
    {
      columns: [
        { text: [{ text: `${id}  `, bold: true }, text] },
        { text: clauseStatusWords[status], bold: true, alignment: 'right', width: 110 },
      ],
      columnGap: 12,
      margin: [0, 8, 0, 1],
    },
    ...(exclusion === null
      ? []
      : [line(`${reason} Said by ${exclusion.by}, until ${exclusion.until.toISOString().slice(0, 10)}.`)]),
    ...answers.map((answer) =>
      line(
        `${clauseStatusWords[answer.status]}. ${answer.title}${answer.asked === undefined ? '' : ` (${answer.asked})`}: ${sentence(answer.sentence)}`,
      ),
    ),
    ...supports.map((answer) => line(`Beside it: ${answer.title}: ${sentence(answer.sentence)}`)),
    ...notes.map((note) => line(`Note: ${note}`)),
    ...conflicts.flatMap((conflict) => [
      line(
        `${conflict.cannotBeMet ? 'Cannot be met as it is written. ' : 'Conflict. '}${conflict.text} ${conflict.measured}`.trim(),
      ),
      ...(conflict.proposal === undefined ? [] : [line(`Wording that could be met: “${conflict.proposal}”`)]),
    ]),
  ];
}
