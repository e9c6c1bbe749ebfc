import type { AttestationId } from '../../shared/attestations.ts';
import { attestationTemplates } from '../../shared/attestations.ts';
import { checks } from '../../shared/checks/index.ts';
import {
  type AnswerKind,
  answerReference,
  type Clause,
  type ClauseAnswer,
  type ClauseSet,
  type Conflict,
  chapterOf,
} from '../../shared/clauses.ts';
import { collectorFeatures } from '../../shared/collector-features.ts';
import {
  type ClauseEvidence,
  type ClauseStatus,
  clauseStatuses,
  type Exclusion,
  type Standing,
} from './clause-evidence.ts';
import { attestationStanding, checkStanding, featureStanding, registerStanding } from './clause-standing.ts';

export interface AnswerStatement extends Standing {
  readonly reference: string;
  readonly answer: ClauseAnswer;
  readonly title: string;
}

export interface ConflictStatement extends Conflict {
  /** What was measured of it, as a sentence; empty where there is nothing to measure. */
  readonly measured: string;
}

/** A sentence of the company's policy, and how it stands. */
export interface ClauseStatement {
  readonly id: string;
  readonly chapter: string;
  readonly text: string;
  readonly status: ClauseStatus;
  /** In one line: what decides the status. */
  readonly reason: string;
  readonly kinds: readonly AnswerKind[];
  readonly answers: readonly AnswerStatement[];
  readonly supports: readonly AnswerStatement[];
  readonly notes: readonly string[];
  readonly conflicts: readonly ConflictStatement[];
  readonly exclusion: Exclusion | null;
}

/** Every sentence of a company's policy with where it stands: none is left out. Pure. */
export function stateClauses(set: ClauseSet, evidence: ClauseEvidence): readonly ClauseStatement[] {
  const known = new Map<string, AnswerStatement>();
  const standing = (answer: ClauseAnswer): AnswerStatement => {
    const reference = answerReference(answer);
    const statement = known.get(reference) ?? stateAnswer(answer, reference, set, evidence);
    known.set(reference, statement);
    return statement;
  };
  return set.clauses.map((clause) => stateClause(clause, evidence, standing));
}

function stateClause(
  clause: Clause,
  { exclusions }: ClauseEvidence,
  standing: (answer: ClauseAnswer) => AnswerStatement,
): ClauseStatement {
  const answers = clause.answers.map(standing);
  const exclusion = exclusions.get(clause.id) ?? null;
  const status = exclusion === null ? worst(answers) : 'not-applicable';
  const deciding = answers.find((answer) => answer.status === status);
  return {
    id: clause.id,
    chapter: chapterOf(clause.id),
    text: clause.text,
    status,
    reason:
      exclusion !== null
        ? `Does not apply: ${exclusion.reason}`
        : deciding === undefined
          ? ''
          : `${deciding.title}: ${deciding.sentence}`,
    kinds: [...new Set(clause.answers.map(({ kind }) => kind))],
    answers,
    supports: clause.supports.map(standing),
    notes: clause.notes,
    conflicts: clause.conflicts.map((conflict) => ({
      ...conflict,
      measured: conflict.about === undefined ? '' : `Measured: ${measuredOf(standing(conflict.about))}`,
    })),
    exclusion,
  };
}

const measuredOf = ({ title, sentence, asked }: AnswerStatement) =>
  `${title}${asked === undefined ? '' : ` (${asked})`}: ${sentence}`;

/** What does not apply says nothing, unless nothing else is there. */
function worst(answers: readonly AnswerStatement[]): ClauseStatus {
  return (
    clauseStatuses.find((status) => answers.some((answer) => answer.status === status)) ?? 'not-evidenced'
  );
}

function stateAnswer(
  answer: ClauseAnswer,
  reference: string,
  set: ClauseSet,
  evidence: ClauseEvidence,
): AnswerStatement {
  switch (answer.kind) {
    case 'check': {
      const check = checks[answer.check];
      const point = (check.points as Record<string, { readonly title: string }>)[answer.point];
      const title = `${check.title}: ${point?.title.toLowerCase() ?? answer.point}`;
      return { reference, answer, title, ...checkStanding(answer, evidence) };
    }
    case 'register': {
      const title = registerTitle(answer);
      const terms = set.registers[answer.register];
      return { reference, answer, title, ...registerStanding(answer, terms, evidence) };
    }
    case 'attestation': {
      const title = attestationTemplates[answer.attestation].title;
      const term = set.attestations[answer.attestation];
      return { reference, answer, title, ...attestationStanding(answer.attestation, term, evidence) };
    }
    case 'feature':
      return {
        reference,
        answer,
        title: collectorFeatures[answer.feature],
        ...featureStanding(answer.feature, evidence),
      };
  }
}

/** The register as a sentence cites it: `Register of requests, kind: erasure`. */
function registerTitle({
  register,
  field,
  value,
}: Extract<ClauseAnswer, { readonly kind: 'register' }>): string {
  const words = field?.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const part = words === undefined ? '' : value === undefined ? `, with ${words}` : `, ${words}: ${value}`;
  return `Register of ${register.replaceAll('-', ' ')}${part}`;
}

/** How often people are asked for a statement in this company; undefined for one that comes with a case. */
export function attestationTerm(set: ClauseSet | undefined, id: AttestationId) {
  const own = set?.attestations[id];
  const { every, numberFrom } = attestationTemplates[id];
  return own ?? (every === undefined ? undefined : { every, numberFrom });
}

/** How many sentences stand where. */
export function clauseCounts(statements: readonly ClauseStatement[]): Readonly<Record<ClauseStatus, number>> {
  const counts = { failing: 0, 'not-evidenced': 0, partly: 0, evidenced: 0, 'not-applicable': 0 };
  for (const { status } of statements) counts[status] += 1;
  return counts;
}
