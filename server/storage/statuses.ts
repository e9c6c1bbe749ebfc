import type { Status } from '../../shared/check.ts';
import { sha256 } from '../signing/compact-jws.ts';

interface Outcome {
  readonly subject: string;
  readonly status: Status;
}

const letters: Readonly<Record<Status, string>> = {
  pass: 'p',
  fail: 'f',
  unknown: 'u',
  'not-applicable': 'n',
};

/** Which subjects the letters stand for, in short; another catalogue gives another one. */
const signatures = new Map<string, string>();
function signatureOf(outcomes: readonly Outcome[]): string {
  let names = '';
  for (const { subject } of outcomes) names += `${subject} `;
  let signature = signatures.get(names);
  if (signature === undefined) {
    signature = sha256(names).toString('base64url').slice(0, 8);
    if (signatures.size > 1_000) signatures.clear();
    signatures.set(names, signature);
  }
  return signature;
}

/** All statuses of a device as one short text: equal texts mean that nothing has changed. */
export function formatStatuses(outcomes: readonly Outcome[]): string {
  let text = `${signatureOf(outcomes)}:`;
  for (const { status } of outcomes) text += letters[status];
  return text;
}

/** The outcomes whose status differs between two such texts; all of them where the first is about other subjects. */
export function changedSince<O>(before: string, now: string, outcomes: readonly O[]): readonly O[] {
  if (before === now) return [];
  const start = now.indexOf(':') + 1;
  if (before.length !== now.length || !before.startsWith(now.slice(0, start))) return outcomes;
  return outcomes.filter((_outcome, index) => before[start + index] !== now[start + index]);
}
