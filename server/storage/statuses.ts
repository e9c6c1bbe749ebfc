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

/** The outcomes of one finding: whose they are, as a number that stands for the subjects, and the statuses as letters. */
interface Short {
  readonly subjects: number;
  readonly letters: string;
}

/** A number for each list of subjects a finding can have; as many as checks have had points. */
const subjectLists = new Map<string, number>();
const shorts = new WeakMap<readonly Outcome[], Short>();

function shortOf(outcomes: readonly Outcome[]): Short {
  let short = shorts.get(outcomes);
  if (short === undefined) {
    const names = outcomes.map(({ subject }) => `${subject} `).join('');
    let subjects = subjectLists.get(names);
    if (subjects === undefined) {
      subjects = subjectLists.size;
      subjectLists.set(names, subjects);
    }
    short = { subjects, letters: outcomes.map(({ status }) => letters[status]).join('') };
    shorts.set(outcomes, short);
  }
  return short;
}

/** Which subjects the letters stand for, in short; another catalogue gives another one. */
const signatures = new Map<string, string>();
const signatureOf = (subjects: readonly string[]): string =>
  sha256(subjects.map((subject) => `${subject} `).join(''))
    .toString('base64url')
    .slice(0, 8);

/**
 * All statuses of a device as one short text: equal texts mean that nothing has changed. The outcomes come finding by finding,
 * so that a finding that is known already costs next to nothing.
 */
export function formatStatuses(findings: readonly (readonly Outcome[])[]): string {
  let lists = '';
  let text = '';
  for (const outcomes of findings) {
    const { subjects, letters: written } = shortOf(outcomes);
    lists += `${subjects} `;
    text += written;
  }
  let signature = signatures.get(lists);
  if (signature === undefined) {
    signature = signatureOf(findings.flatMap((outcomes) => outcomes.map(({ subject }) => subject)));
    if (signatures.size > 1_000) signatures.clear();
    signatures.set(lists, signature);
  }
  return `${signature}:${text}`;
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

/** What the letters of such a text stand for. */
export interface Catalogue {
  readonly subjects: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  /** What the text begins with. */
  readonly start: string;
}

/** The catalogue of these subjects, in the order in which their statuses are written. */
export const catalogueOf = (subjects: readonly string[]): Catalogue => ({
  subjects,
  places: new Map(subjects.map((subject, place) => [subject, place])),
  start: `${signatureOf(subjects)}:`,
});

/** The status of a subject in such a text; undefined where the catalogue does not have it. */
export function readStatus(text: string, { places, start }: Catalogue, subject: string): Status | undefined {
  const place = places.get(subject);
  return place === undefined ? undefined : statusOf[text[start.length + place] ?? ''];
}
