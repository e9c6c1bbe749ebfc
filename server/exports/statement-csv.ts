import { clauseStatusWords, kindWords } from '../pages/clauses/words.ts';
import type { ClauseStatement } from '../review/clauses.ts';
import { csv } from './csv.ts';

/** The clause statement as a table: a line for each answer of each sentence, none left out. */
export function statementCsv(clauses: readonly ClauseStatement[]): string {
  return csv([
    [
      'Sentence',
      'What it says',
      'Stands',
      'Answered by',
      'Answer',
      'Answer stands',
      'Good',
      'Of',
      'Numbers',
      'Asked',
      'Decides',
      'Notes',
      'Conflicts',
      'Proposed wording',
      'Does not apply because',
    ],
    ...clauses.flatMap((clause) =>
      [
        ...clause.answers.map((answer) => ({ answer, decides: 'yes' })),
        ...clause.supports.map((answer) => ({ answer, decides: 'no' })),
      ].map(({ answer, decides }) => [
        clause.id,
        clause.text,
        clauseStatusWords[clause.status],
        kindWords[answer.answer.kind],
        answer.title,
        clauseStatusWords[answer.status],
        answer.figures?.good ?? '',
        answer.figures?.of ?? '',
        answer.sentence,
        answer.asked ?? '',
        decides,
        clause.notes.join(' '),
        clause.conflicts.map(({ text, measured }) => `${text} ${measured}`.trim()).join(' '),
        clause.conflicts.flatMap(({ proposal }) => proposal ?? []).join(' '),
        clause.exclusion?.reason ?? '',
      ]),
    ),
  ]);
}
