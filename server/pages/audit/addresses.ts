import { type AuditKind, auditKinds } from '../../audit-actions.ts';

/** What part of an audit log is shown, exactly as the address of the page says it. */
export interface AuditQuery {
  /** `user:<id>`, `token:<id>`, `console`, `collector`, `device:<id>`; empty for everybody. */
  readonly actor: string;
  readonly kind: AuditKind | null;
  /** A laptop's pseudonym; empty for whatever. */
  readonly device: string;
  /** Days (UTC), both included; empty where it does not matter. */
  readonly from: string;
  readonly to: string;
  /** Entries older than this one. */
  readonly before: number | null;
}

const everything: AuditQuery = { actor: '', kind: null, device: '', from: '', to: '', before: null };

/** Reads a query from an address. What nobody offers is read as not asked. */
export function parseAuditQuery(given: Readonly<Record<string, unknown>>): AuditQuery {
  const text = (name: string, pattern: RegExp) => {
    const value = given[name];
    return typeof value === 'string' && pattern.test(value.trim()) ? value.trim() : '';
  };
  const day = (name: string) => {
    const value = text(name, /^\d{4}-\d{2}-\d{2}$/);
    return Number.isNaN(Date.parse(`${value}T00:00:00Z`)) ? '' : value;
  };
  const before = text('before', /^[1-9]\d{0,14}$/);
  return {
    actor: text('actor', /^(console|collector|(user|token|device):[0-9a-f-]{36})$/),
    kind: auditKinds.find((kind) => kind === given['kind']) ?? null,
    device: text('device', /^d-[0-9a-z]{8}$/i).toUpperCase(),
    from: day('from'),
    to: day('to'),
    before: before === '' ? null : Number(before),
  };
}

/** The query as an address says it; what is as usual is left out. */
export function formatAuditQuery(query: Partial<AuditQuery>): string {
  const { actor, kind, device, from, to, before } = { ...everything, ...query };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ actor, kind: kind ?? '', device, from, to })) {
    if (value !== '') parameters.set(name, value);
  }
  if (before !== null) parameters.set('before', String(before));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

const of = (organization: string) => `/organizations/${encodeURIComponent(organization)}/audit`;

export const auditAddresses = {
  audit: (organization: string, query: Partial<AuditQuery> = {}) =>
    `${of(organization)}${formatAuditQuery(query)}`,
  /** Everything the query finds, as a table. */
  download: (organization: string, query: Partial<AuditQuery> = {}) =>
    `${of(organization)}.csv${formatAuditQuery({ ...query, before: null })}`,
} as const;
