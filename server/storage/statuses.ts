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

const statusOf: Readonly<Record<string, Status>> = {
  p: 'pass',
  f: 'fail',
  u: 'unknown',
  n: 'not-applicable',
};

/** Are two such texts about the same subjects? */
export function sameSubjects(one: string, other: string): boolean {
  return one.length === other.length && one.startsWith(other.slice(0, other.indexOf(':') + 1));
}

/**
 * The outcomes whose status differs between two such texts, with the status before. Undefined where the first is about other
 * subjects: then only the findings themselves know.
 */
export function changesBetween<O>(
  before: string,
  now: string,
  outcomes: readonly O[],
): readonly { readonly outcome: O; readonly before: Status }[] | undefined {
  if (before === now) return [];
  const start = now.indexOf(':') + 1;
  if (!sameSubjects(before, now)) return undefined;
  const changes = [];
  for (const [index, outcome] of outcomes.entries()) {
    const letter = before[start + index] as string;
    const status = statusOf[letter];
    if (letter !== now[start + index] && status !== undefined) changes.push({ outcome, before: status });
  }
  return changes;
}
