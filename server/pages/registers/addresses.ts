/** Where the registers are. What is searched, filtered, sorted and paged is part of an address. */
import { addresses } from '../addresses.ts';

const segment = encodeURIComponent;

export const recordSorts = ['due', 'reference', 'title', 'state', 'updated'] as const;
export type RecordSort = (typeof recordSorts)[number];

/** What part of a register is shown. */
export interface RecordQuery {
  readonly search: string;
  /** A state of the register, `open` or `overdue`; null for everything. */
  readonly state: string | null;
  readonly sort: RecordSort;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
}

const everything: RecordQuery = { search: '', state: null, sort: 'due', descending: false, page: 1 };

export const registerAddresses = {
  registers: (organization: string) => `${addresses.organization(organization)}/registers`,
  register: (organization: string, register: string, query: Partial<RecordQuery> = {}) =>
    `${addresses.organization(organization)}/registers/${segment(register)}${formatRecordQuery(query)}`,
  newRecord: (organization: string, register: string) =>
    `${addresses.organization(organization)}/registers/${segment(register)}/new`,
  exported: (organization: string, register: string) =>
    `${addresses.organization(organization)}/registers/${segment(register)}/export.csv`,
  record: (organization: string, register: string, record: string) =>
    `${addresses.organization(organization)}/registers/${segment(register)}/records/${segment(record)}`,
  changeRecord: (organization: string, register: string, record: string) =>
    `${registerAddresses.record(organization, register, record)}/change`,
  step: (organization: string, register: string, record: string, step: string) =>
    `${registerAddresses.record(organization, register, record)}/steps/${segment(step)}`,
  document: (organization: string, register: string, record: string, document: string) =>
    `${registerAddresses.record(organization, register, record)}/documents/${segment(document)}`,
} as const;

/** Reads a query from an address; what nobody offers is read as not asked. */
export function parseRecordQuery(
  given: Readonly<Record<string, unknown>>,
  states: readonly string[],
): RecordQuery {
  const text = (name: string, length: number) =>
    typeof given[name] === 'string' ? given[name].trim().slice(0, length) : '';
  const page = Number(text('page', 7));
  const sort = text('sort', 20);
  return {
    search: text('search', 80),
    state: ['open', 'overdue', ...states].find((state) => state === given['state']) ?? null,
    sort: recordSorts.find((known) => known === sort.replace(/^-/, '')) ?? everything.sort,
    descending: sort.startsWith('-'),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

function formatRecordQuery(query: Partial<RecordQuery>): string {
  const { search, state, sort, descending, page } = { ...everything, ...query };
  const parameters = new URLSearchParams();
  if (search !== '') parameters.set('search', search);
  if (state !== null) parameters.set('state', state);
  if (sort !== everything.sort || descending) parameters.set('sort', `${descending ? '-' : ''}${sort}`);
  if (page !== 1) parameters.set('page', String(page));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
