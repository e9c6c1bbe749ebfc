import type { AnswerKind } from '../../../shared/clauses.ts';
import type { ClauseStatus } from '../../review/clause-evidence.ts';
import type { Tone } from '../words.ts';

export const clauseStatusWords: Record<ClauseStatus, string> = {
  failing: 'Failing',
  'not-evidenced': 'Not evidenced',
  partly: 'Partly evidenced',
  evidenced: 'Evidenced',
  'not-applicable': 'Does not apply',
};

export const clauseTones: Record<ClauseStatus, Tone> = {
  failing: 'failing',
  'not-evidenced': 'unknown',
  partly: 'attention',
  evidenced: 'compliant',
  'not-applicable': 'none',
};

export const kindWords: Record<AnswerKind, string> = {
  check: 'Laptops',
  register: 'Registers',
  attestation: 'Statements of people',
  feature: 'The collector itself',
};
