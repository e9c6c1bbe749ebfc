import { type AttestationId, attestationTemplates } from '../../shared/attestations.ts';
import type { Point } from '../../shared/check.ts';
import { checks } from '../../shared/checks/index.ts';
import { type ClauseAnswer, registerPart } from '../../shared/clauses.ts';
import type { CollectorFeature } from '../../shared/collector-features.ts';
import { type Interval, intervalWords } from '../../shared/interval.ts';
import { numberSource } from '../../shared/number-sources.ts';
import type { PointPolicy } from '../../shared/policy.ts';
import { count, list } from '../../shared/words.ts';
import type { ClauseEvidence, Standing } from './clause-evidence.ts';

/** One kind of answer each: what it comes to, and the sentence that says so. */

interface Term {
  readonly numberFrom: string;
}

/** `; from CIS, the company's text gives no number`: said wherever a number is not the company's own. */
const source = ({ numberFrom }: Term) =>
  numberFrom === 'text'
    ? 'from the company’s own text'
    : `from ${numberSource(numberFrom)}; the text gives no number`;

const laptopCount = (number: number) => count(number, 'laptop');

export function checkStanding(
  { check, point }: Extract<ClauseAnswer, { kind: 'check' }>,
  { policy, points }: ClauseEvidence,
): Standing {
  const rule = policy.checks[check][point];
  if (rule === undefined || rule.mode === 'off') {
    return {
      status: 'not-evidenced',
      sentence: 'the policy does not ask for it.',
      figures: null,
      mode: 'off',
    };
  }
  const { mode } = rule;
  const asked = askedOf((checks[check].points as Record<string, Point>)[point], rule);
  const found = points.get(`${check}/${point}`);
  const all =
    found === undefined
      ? 0
      : found.passing + found.failing + found.unknown + found.silent + found.notApplicable;
  if (found === undefined || all === 0) {
    return { status: 'not-evidenced', sentence: 'no laptop has reported yet.', figures: null, asked, mode };
  }
  const { passing, failing, waived, unknown, silent, notApplicable } = found;
  const of = all - notApplicable;
  if (of === 0) {
    const sentence = `does not apply to any of ${laptopCount(all)}.`;
    return { status: 'not-applicable', sentence, figures: null, asked, mode };
  }
  const parts = [
    failing > 0
      ? `${failing} ${failing === 1 ? 'fails' : 'fail'}${waived > 0 ? ` (${waived} under a waiver)` : ''}`
      : '',
    unknown > 0 ? `${unknown} could not be told` : '',
    silent > 0 ? `${silent} silent for too long` : '',
    notApplicable > 0 ? `it does not apply to ${notApplicable} more` : '',
  ].filter((part) => part !== '');
  const sentence = `${passing} of ${laptopCount(of)} ${passing === 1 ? 'passes' : 'pass'}${parts.length > 0 ? `; ${list(parts)}` : ''}${modeWords[mode]}.`;
  const dark = unknown + silent;
  const status =
    failing - waived > 0 && mode === 'enforce'
      ? 'failing'
      : passing === 0
        ? 'not-evidenced'
        : failing + dark > 0
          ? 'partly'
          : 'evidenced';
  const laptops = failing > 0 ? 'fail' : unknown > 0 ? 'unknown' : 'pass';
  return { status, sentence, figures: { good: passing, of }, laptops, asked, mode };
}

const modeWords = {
  enforce: '',
  warn: ' (the policy only reminds of it)',
  advisory: ' (measured for information only)',
  off: '',
} as const;

function askedOf(point: Point | undefined, { params, numberFrom }: PointPolicy): string | undefined {
  if (point === undefined) return undefined;
  const expected = point.expected(params as never);
  const hasNumber = Object.values(params).some((value) => typeof value === 'number');
  return hasNumber && numberFrom !== undefined ? `${expected}, ${source({ numberFrom })}` : expected;
}

export function registerStanding(
  answer: Extract<ClauseAnswer, { kind: 'register' }>,
  terms: Readonly<Record<string, { readonly value: Interval; readonly numberFrom: string }>> | undefined,
  { registers }: ClauseEvidence,
): Standing {
  const words = Object.entries(terms ?? {}).map(
    ([name, { value, numberFrom }]) =>
      `${termWords[name] ?? name} ${intervalWords(value)} (${source({ numberFrom })})`,
  );
  const asked = words.length === 0 ? undefined : list(words);
  const found = registers.get(registerPart(answer));
  if (found === undefined) {
    return { status: 'not-evidenced', sentence: 'there is no such register here.', figures: null, asked };
  }
  const { records, settled, overdue, missed } = found;
  if (records === 0) {
    return {
      status: 'not-evidenced',
      sentence:
        answer.field === undefined
          ? 'it is empty; an empty register proves nothing.'
          : 'there is no such record; nothing proves nothing.',
      figures: { good: 0, of: 0 },
      asked,
    };
  }
  const parts = [
    `${count(records, 'record')}, ${overdue === 0 ? 'none' : overdue} overdue`,
    missed > 0 ? `${missed} with something that was done too late` : '',
    settled === 0 ? 'none of them in force, signed or finished yet' : '',
  ].filter((part) => part !== '');
  return {
    status: overdue > 0 ? 'failing' : settled === 0 ? 'not-evidenced' : missed > 0 ? 'partly' : 'evidenced',
    sentence: `${list(parts)}.`,
    figures: { good: records - overdue, of: records },
    asked,
  };
}

const termWords: Readonly<Record<string, string>> = {
  answer: 'answered within',
  limit: 'at the latest within',
  extension: 'extended by at most',
  indirect: 'told within',
  regulator: 'regulator told within',
  internal: 'reported inside the company within',
  people: 'people told within',
  acknowledge: 'acknowledged within',
  valid: 'good for',
  review: 'reviewed every',
  practices: 'practice reviewed every',
  contractor: 'looked through by the contractor every',
  access: 'access reviewed every',
  management: 'management told every',
  first: 'first within',
  again: 'again every',
  report: 'reported within',
  investigate: 'investigated within',
  critical: 'critical ones put right within',
  high: 'high ones within',
  medium: 'medium ones within',
  low: 'low ones within',
};

export function attestationStanding(
  id: AttestationId,
  own: { readonly every: Interval; readonly numberFrom: string } | undefined,
  { attestations, at }: ClauseEvidence,
): Standing {
  const template = attestationTemplates[id];
  const term =
    own ??
    (template.every === undefined ? undefined : { every: template.every, numberFrom: template.numberFrom });
  const asked =
    term === undefined ? 'with each case' : `stated every ${intervalWords(term.every)}, ${source(term)}`;
  const found = attestations.get(id);
  if (found === undefined) {
    return { status: 'not-evidenced', sentence: 'nobody has been asked yet.', figures: null, asked };
  }
  const { asked: people, yes, no, putRight, notApplicable, validUntil } = found;
  if (validUntil <= at) {
    const sentence = `the last answers counted until ${dayOf(validUntil)}; nobody has been asked since.`;
    return { status: 'not-evidenced', sentence, figures: { good: 0, of: people }, asked };
  }
  const silent = people - yes - no - notApplicable;
  const of = people - notApplicable;
  if (of === 0) {
    const sentence = `it does not apply to any of the ${count(people, 'person', 'people')} asked, as each of them said with a reason.`;
    return { status: 'not-applicable', sentence, figures: null, asked };
  }
  const parts = [
    no > 0
      ? `${no} said no, which opened ${no === 1 ? 'an action' : 'actions'}${putRight > 0 ? ` (${putRight} put right)` : ''}`
      : '',
    silent > 0 ? `${silent} did not answer` : '',
    notApplicable > 0 ? `it does not apply to ${notApplicable} more` : '',
  ].filter((part) => part !== '');
  const sentence = `${yes} of ${count(of, 'person', 'people')} stated it${parts.length > 0 ? `; ${list(parts)}` : ''}.`;
  const status =
    no > putRight ? 'failing' : yes + no === 0 ? 'not-evidenced' : silent + no > 0 ? 'partly' : 'evidenced';
  return { status, sentence, figures: { good: yes, of }, asked };
}

export function featureStanding(feature: CollectorFeature, { features }: ClauseEvidence): Standing {
  const found = features.get(feature);
  return found === undefined
    ? { status: 'not-evidenced', sentence: 'it was not measured.', figures: null }
    : { ...found, figures: null };
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
