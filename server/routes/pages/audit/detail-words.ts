import { type AttestationId, attestationTemplates } from '../../../../shared/attestations.ts';
import { allExporters } from '../../../exports/exporters.ts';
import { periodOf } from '../../../history/period.ts';
import { dayWords } from '../../../pages/words.ts';
import { retentionSchedule } from '../../../privacy/retention.ts';
import { registerById } from '../../../registers/index.ts';
import { titleOf } from '../../../review/waiver-title.ts';
import type { AuditEntry } from '../../../storage/audit.ts';

type Details = Readonly<Record<string, unknown>>;

/** What a detail that holds an id is called; undefined where nothing of that id is known any more. */
const titles: Readonly<Record<string, (id: string, detail: Details, at: Date) => string | undefined>> = {
  export: (id) => allExporters.find((exporter) => exporter.id === id)?.noun,
  about: (id, detail, at) => (detail['export'] === undefined ? waiverTitle(id) : exportedAbout(id, at)),
  register: (id) => registerById(id)?.title,
  state: (id, detail) => registerOf(detail)?.states[id]?.title,
  step: (id, detail) => registerOf(detail)?.transitions.find((step) => step.id === id)?.title,
  document: (id, detail) => registerOf(detail)?.documents.find((document) => document.id === id)?.title,
  class: (id) => retentionSchedule.find((kept) => kept.id === id)?.title,
  statement: (id) =>
    Object.hasOwn(attestationTemplates, id) ? attestationTemplates[id as AttestationId].title : undefined,
  format: (id) => id.toUpperCase(),
};

const registerOf = (detail: Details) => registerById(String(detail['register']));

/** `firewall/enabled`: what a waiver is of. */
function waiverTitle(subject: string): string {
  const [check = '', point = null, medium = null] = subject.split('/');
  return titleOf({ check, point, medium });
}

/** `2026-10`, `2026-10-31`, `now` or a laptop's pseudonym: what an export tells of. */
function exportedAbout(id: string, at: Date): string {
  const period = periodOf(id, at);
  if (period !== undefined) return `for ${period.words}`;
  if (id === 'now') return 'as of that moment';
  return /^\d{4}-\d{2}-\d{2}$/.test(id) ? `as of ${dayWords(id)}` : `about ${id}`;
}

/** The details of an entry, with titles where the log keeps ids. What this build no longer knows stays as it is kept. Pure. */
export function detailsInWords({ detail, at }: Pick<AuditEntry, 'detail' | 'at'>): Details {
  const kept = detail ?? {};
  return Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [
      name,
      typeof value === 'string' && Object.hasOwn(titles, name)
        ? (titles[name]?.(value, kept, at) ?? value)
        : value,
    ]),
  );
}
