import { z } from 'zod';
import { type AttestationId, attestationIds } from './attestations.ts';
import type { Point } from './check.ts';
import { type CheckId, checkIds, checks } from './checks/index.ts';
import { type CollectorFeature, collectorFeatureIds } from './collector-features.ts';
import { Interval } from './interval.ts';
import { type RegisterId, registerIds } from './registers.ts';

/**
 * What answers a sentence of a company's written policy: a point that laptops are asked, a register, a statement people make, or
 * something the collector measures of itself.
 */
export type ClauseAnswer =
  | { readonly kind: 'check'; readonly check: CheckId; readonly point: string }
  | {
      readonly kind: 'register';
      readonly register: RegisterId;
      /** Only records that say something here; undefined for all of them. */
      readonly field?: string | undefined;
      /** Only records that say this. */
      readonly value?: string | undefined;
    }
  | { readonly kind: 'attestation'; readonly attestation: AttestationId }
  | { readonly kind: 'feature'; readonly feature: CollectorFeature };
export const answerKinds = ['check', 'register', 'attestation', 'feature'] as const;
export type AnswerKind = ClauseAnswer['kind'];

const known = <T extends string>(ids: readonly T[], id: string): T | undefined =>
  ids.find((candidate) => candidate === id);

function answerOf(reference: string): ClauseAnswer | undefined {
  const [kind = '', id = ''] = reference.split(/:(.*)/);
  if (kind === 'check') {
    const [name = '', point = ''] = id.split('/');
    const check = known(checkIds, name);
    return check !== undefined && Object.hasOwn(checks[check].points as Record<string, Point>, point)
      ? { kind, check, point }
      : undefined;
  }
  if (kind === 'register') {
    const [, name = '', field, value] = /^([a-z-]+)(?:\?([a-zA-Z]+)(?:=([a-z-]+))?)?$/.exec(id) ?? [];
    const register = known(registerIds, name);
    return register && { kind, register, field, value };
  }
  if (kind === 'attestation') {
    const attestation = known(attestationIds, id);
    return attestation && { kind, attestation };
  }
  const feature = kind === 'feature' ? known(collectorFeatureIds, id) : undefined;
  return feature && { kind: 'feature', feature };
}

/**
 * An answer as clauses write it: `check:screen-lock/idle`, `register:breaches`, `register:requests?kind=erasure`,
 * `attestation:A-paper`, `feature:roles`.
 */
export function answerReference(answer: ClauseAnswer): string {
  if (answer.kind === 'check') return `check:${answer.check}/${answer.point}`;
  if (answer.kind === 'register') return `register:${registerPart(answer)}`;
  if (answer.kind === 'attestation') return `attestation:${answer.attestation}`;
  return `feature:${answer.feature}`;
}

/** Which records of a register answer: `requests`, `requests?kind=erasure`, `requests?identity`. */
export const registerPart = ({
  register,
  field,
  value,
}: Extract<ClauseAnswer, { readonly kind: 'register' }>): string =>
  `${register}${field === undefined ? '' : `?${field}`}${value === undefined ? '' : `=${value}`}`;

const AnswerReference = z.string().transform((reference, context): ClauseAnswer => {
  const answer = answerOf(reference);
  if (answer !== undefined) return answer;
  const message = `nothing answers by the name ${reference.slice(0, 80)}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const Words = z.string().min(1).max(1_000);
const NumberFrom = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,19}$/);

/** Where the text disagrees with the law, a standard, the machine or itself; said in full sentences. */
const Conflict = z.strictObject({
  text: Words,
  /** Who says otherwise. */
  against: z.array(z.string().max(40)).optional(),
  /** The answer whose numbers belong beside the conflict. */
  about: AnswerReference.optional(),
  /** True where the sentence cannot be met as it is written, by anybody. */
  cannotBeMet: z.boolean().default(false),
  /** Wording that could be met. */
  proposal: Words.optional(),
});
export type Conflict = z.output<typeof Conflict>;

const Clause = z.strictObject({
  id: z.string().regex(/^[A-Z]{2,6}(-[0-9a-z]{1,4}){1,5}$/),
  /** What the sentence says, in our words. */
  text: Words,
  /** What answers it; all of them together decide. */
  answers: z.array(AnswerReference).min(1),
  /** Shown beside the sentence; decides nothing. */
  supports: z.array(AnswerReference).default([]),
  notes: z.array(Words).default([]),
  conflicts: z.array(Conflict).default([]),
});
export type Clause = z.output<typeof Clause>;

/** A span that a register or a statement is measured by, and who says so. */
const Term = z.strictObject({ value: Interval, numberFrom: NumberFrom });

/**
 * A company's written policy, sentence by sentence, and what answers each. A misspelt check, point, register, statement or
 * feature is an error that names it.
 */
export const ClauseSet = z
  .strictObject({
    company: z.string().min(1).max(100),
    /** The policy (`Policy.id`) whose points cite these sentences. */
    policy: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    version: z.int().positive(),
    /** `uk`, `eu`, `za`, `ls`: whose law applies. */
    jurisdictions: z.array(z.enum(['uk', 'eu', 'za', 'ls'])).min(1),
    /** Titles of the chapters, by the first part of a clause's number. */
    chapters: z.record(z.string(), z.string()),
    /** Clocks of the registers: what the text or whoever is named sets. */
    registers: z.partialRecord(z.enum(registerIds), z.record(z.string(), Term)),
    /** How often people are asked, where it differs from the template or the text says so. */
    attestations: z.partialRecord(
      z.enum(attestationIds as [AttestationId, ...AttestationId[]]),
      z.strictObject({ every: Interval, numberFrom: NumberFrom }),
    ),
    /** What is kept how long, where the text says so. */
    retention: z
      .array(
        z.strictObject({ what: Words, keep: Interval, numberFrom: NumberFrom, clauses: z.array(z.string()) }),
      )
      .default([]),
    /** What the text does not say and an auditor will ask about. */
    gaps: z.array(Words),
    clauses: z.array(Clause).min(1).max(1_000),
  })
  .superRefine(({ clauses, chapters, retention }, context) => {
    const ids = new Set<string>();
    for (const [index, { id }] of clauses.entries()) {
      const path = ['clauses', index, 'id'];
      if (ids.has(id)) context.addIssue({ code: 'custom', path, message: `${id} is there twice` });
      if (!Object.hasOwn(chapters, chapterOf(id))) {
        context.addIssue({ code: 'custom', path, message: `${id} belongs to no chapter` });
      }
      ids.add(id);
    }
    for (const [index, rule] of retention.entries()) {
      for (const id of rule.clauses.filter((clause) => !ids.has(clause))) {
        const path = ['retention', index, 'clauses'];
        context.addIssue({ code: 'custom', path, message: `there is no clause ${id}` });
      }
    }
  });
export type ClauseSet = z.output<typeof ClauseSet>;

/** `22` of `KEL-22-q`. */
export const chapterOf = (clause: string): string => clause.split('-')[1] ?? '';
