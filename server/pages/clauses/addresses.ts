import { type AnswerKind, answerKinds } from '../../../shared/clauses.ts';
import { type ClauseStatus, clauseStatuses } from '../../review/clause-evidence.ts';
import { addresses } from '../addresses.ts';

const segment = encodeURIComponent;

/** What part of a statement is shown, and of which day. */
export interface ClauseQuery {
  readonly status: ClauseStatus | null;
  /** Only sentences that something of this kind answers. */
  readonly kind: AnswerKind | null;
  readonly chapter: string | null;
  readonly search: string;
  /** `2026-09-30`; null for now. */
  readonly asOf: string | null;
}

const everything: ClauseQuery = { status: null, kind: null, chapter: null, search: '', asOf: null };

export const clauseAddresses = {
  clauses: (organization: string, query: Partial<ClauseQuery> = {}) =>
    `${addresses.organization(organization)}/clauses${formatClauseQuery(query)}`,
  clause: (organization: string, clause: string, asOf: string | null = null) =>
    `${addresses.organization(organization)}/clauses/${segment(clause)}${formatClauseQuery({ asOf })}`,
  exclude: (organization: string, clause: string) =>
    `${addresses.organization(organization)}/clauses/${segment(clause)}/exclude`,
  include: (organization: string, clause: string) =>
    `${addresses.organization(organization)}/clauses/${segment(clause)}/include`,
  exported: (organization: string, format: 'pdf' | 'csv', asOf: string | null) =>
    `${addresses.organization(organization)}/clauses.${format}${formatClauseQuery({ asOf })}`,
} as const;

/** Reads a query from an address; what nobody offers is read as not asked. The day is checked by whoever looks back. */
export function parseClauseQuery(given: Readonly<Record<string, unknown>>): Omit<ClauseQuery, 'asOf'> {
  const text = (name: string, length: number) =>
    typeof given[name] === 'string' ? given[name].trim().slice(0, length) : '';
  const chapter = text('chapter', 8);
  return {
    status: clauseStatuses.find((status) => status === given['status']) ?? null,
    kind: answerKinds.find((kind) => kind === given['kind']) ?? null,
    chapter: chapter === '' ? null : chapter,
    search: text('search', 80),
  };
}

function formatClauseQuery(query: Partial<ClauseQuery>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...everything, ...query })) {
    if (value !== null && value !== '') parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
