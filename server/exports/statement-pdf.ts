import { clauseStatusWords } from '../pages/clauses/words.ts';
import { sentence } from '../pages/words.ts';
import { clauseStatuses } from '../review/clause-evidence.ts';
import { type ClauseStatement, clauseCounts } from '../review/clauses.ts';
import { type Block, taggedPdf } from './tagged-pdf.ts';

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

/** The whole statement as an A4 document: every sentence, what answers it, what stands against it. */
export function statementPdf(statement: Statement): Promise<Buffer> {
  const { organization, company, policy, chapters, clauses, gaps, asOf, madeAt } = statement;
  const counts = clauseCounts(clauses);
  const moment = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const subtitle = `as of ${moment(asOf)}, by policy ${policy.id} version ${policy.version}; made ${moment(madeAt)}`;
  return taggedPdf({
    title: 'Policy, sentence by sentence',
    organization,
    reference: `Statement as of ${asOf.toISOString().slice(0, 10)}`,
    blocks: [
      { heading: 'Policy, sentence by sentence', level: 1 },
      { text: `${organization}: ${clauses.length} sentences of ${company}, ${subtitle}`, look: 'quiet' },
      { list: clauseStatuses.map((status) => `${clauseStatusWords[status]}: ${counts[status]}`) },
      {
        text: 'A sentence is evidenced when everything that answers it is. What could not be told, a silent laptop, an unanswered question and an empty register are never evidence. A pass says how a laptop is set up, and not how it is used.',
      },
      ...Object.entries(chapters)
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .flatMap(([id, title]): Block[] => {
          const own = clauses.filter(({ chapter }) => chapter === id);
          return own.length === 0 ? [] : [{ heading: `${id} ${title}`, level: 2 }, ...own.map(clauseBlock)];
        }),
      { heading: 'What the text does not say', level: 2 },
      { list: gaps },
    ],
  });
}

function clauseBlock(clause: ClauseStatement): Block {
  const { id, text, status, reason, answers, supports, notes, conflicts, exclusion } = clause;
  return {
    entry: id,
    text,
    status: clauseStatusWords[status],
    lines: [
      ...(exclusion === null
        ? []
        : [`${reason} Said by ${exclusion.by}, until ${exclusion.until.toISOString().slice(0, 10)}.`]),
      ...answers.map(
        (answer) =>
          `${clauseStatusWords[answer.status]}. ${answer.title}${answer.asked === undefined ? '' : ` (${answer.asked})`}: ${sentence(answer.sentence)}`,
      ),
      ...supports.map((answer) => `Beside it: ${answer.title}: ${sentence(answer.sentence)}`),
      ...notes.map((note) => `Note: ${note}`),
      ...conflicts.flatMap((conflict) => [
        `${conflict.cannotBeMet ? 'Cannot be met as it is written. ' : 'Conflict. '}${conflict.text} ${conflict.measured}`.trim(),
        ...(conflict.proposal === undefined ? [] : [`Wording that could be met: “${conflict.proposal}”`]),
      ]),
    ],
  };
}
