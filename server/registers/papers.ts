import { csv } from '../exports/csv.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { readRecord, seesPersonal, type Worker } from './desk.ts';
import { occurrenceOf } from './engine.ts';
import { valueText } from './field.ts';
import { type Register, stateOf } from './register.ts';

/** Records in one table; a register of paperwork stays far below. */
const maxExported = 10_000;

/** A whole register as a table for a spreadsheet, with what it says about people for those who see that. That it was made is in the audit log. */
export async function registerTable(
  stores: Pick<Stores, 'records' | 'registerPersonal' | 'audit'>,
  register: Register,
  worker: Worker,
  at: Date,
): Promise<string> {
  const { organization, author } = worker;
  const sees = seesPersonal(register, worker);
  const everything = { search: '', state: null, sort: 'reference', descending: false } as const;
  const records = await stores.records.list(organization, register.id, everything, at, maxExported, 0);
  const personal = sees ? await stores.registerPersonal.readMany(records) : new Map();
  const fields = Object.entries(register.fields).filter(([, field]) => sees || field.personal !== true);
  const rows = records.map((record) => {
    const values = { ...record.values, ...personal.get(record.id) };
    return [
      `${register.prefix}-${record.sequence}`,
      stateOf(register, record.state).title,
      record.due,
      record.dueAt?.toISOString() ?? '',
      record.createdAt.toISOString(),
      record.closedAt?.toISOString() ?? '',
      ...fields.map(([id, field]) => valueText(field, values[id])),
    ];
  });
  await stores.audit.record(
    {
      organization,
      actor: author.actor,
      action: 'register.export',
      subject: register.id,
      detail: { register: register.id, records: records.length, personal: sees },
    },
    at,
  );
  const heads = ['Number', 'State', 'Next', 'Due', 'Written down', 'Closed'];
  return csv([[...heads, ...fields.map(([, { title }]) => title)], ...rows]);
}

/**
 * A notice or letter made of a record; that it was made is in the audit log. `unknown` where there is no such record or paper, `hidden`
 * for those who do not see all of the record.
 */
export async function recordPaper(
  stores: Stores,
  register: Register,
  organization: Organization,
  worker: Worker,
  given: { readonly record: string; readonly document: string },
  at: Date,
) {
  const full = await readRecord(stores, register, organization.number, given.record);
  const document = register.documents.find(({ id }) => id === given.document);
  if (full === undefined || document === undefined) return 'unknown';
  if (!seesPersonal(register, worker)) return 'hidden';
  const reference = `${register.prefix}-${full.record.sequence}`;
  await stores.audit.record(
    {
      organization: organization.number,
      actor: worker.author.actor,
      action: 'register.document',
      subject: full.record.id,
      detail: { register: register.id, document: document.id },
    },
    at,
  );
  const parts = document.parts({
    ...occurrenceOf(register, full),
    reference,
    organization: organization.name,
    contact: organization.contact,
    at,
  });
  return { full, document, reference, parts };
}
