import type { AlertSource } from '../source.ts';
import { statementEnding, statementNo, statementReminder } from './attestations.ts';
import { back } from './back.ts';
import { duplicateKey } from './duplicate-key.ts';
import { failing } from './failing.ts';
import { overdue } from './overdue.ts';
import { policyChange } from './policy-change.ts';
import { silent } from './silent.ts';
import { waiverEnded, waiverEnding, waiverWaiting } from './waivers.ts';

/** Where alerts come from; `silent` before `back`, which asks what was told of as silent. */
export const alertSources: readonly AlertSource[] = [
  failing,
  policyChange,
  silent,
  back,
  duplicateKey,
  waiverWaiting,
  waiverEnding,
  waiverEnded,
  overdue,
  statementReminder,
  statementNo,
  statementEnding,
];
