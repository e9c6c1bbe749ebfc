import { canonicalJson } from '../../../shared/canonical.ts';
import type { AuditAction } from '../../audit-actions.ts';
import type { Author, RecordWrite } from '../../registers/record.ts';
import type { RecordStanding } from '../../review/registers.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Writing } from '../database.ts';
import { recordDigest } from '../noted-content.ts';
import type { Schema } from '../schema.ts';
import { never } from './tables.ts';

/** How a record stood at a moment. */
export interface RecordThen extends RecordStanding {
  /** Its id. */
  readonly record: string;
  readonly state: string;
}

/** How every record stood at a moment, that is: by the last that had happened to it until then. */
export async function standings(
  db: Database,
  organization: number,
  at: Date,
): Promise<readonly RecordThen[]> {
  const rows = await db
    .selectFrom('register_events')
    .innerJoin(
      (from) =>
        from
          .selectFrom('register_events as seen')
          .select((select) => ['seen.record', select.fn.max('seen.version').as('version')])
          .where('seen.organization', '=', organization)
          .where('seen.at', '<=', at.getTime())
          .groupBy('seen.record')
          .as('last'),
      (join) =>
        join
          .onRef('last.record', '=', 'register_events.record')
          .onRef('last.version', '=', 'register_events.version'),
    )
    .select([
      'register_events.record',
      'register_events.register',
      'register_events.state',
      'register_events.closed',
      'register_events.due_at',
      'register_events.missed',
      'register_events.at',
    ])
    .execute();
  return rows.map((row) => ({
    record: row.record,
    register: row.register,
    state: row.state,
    closed: row.closed === 1,
    dueAt: row.due_at === never ? null : new Date(row.due_at),
    missed: row.missed,
    changedAt: new Date(row.at),
  }));
}

/** The event, the links and the audit entry of a change. */
export async function keepEvent(
  writing: Writing,
  row: Schema['register_records'],
  { links, event }: RecordWrite,
  { actor, person }: Author,
  at: Date,
): Promise<void> {
  const { id: record, organization, register, version, state, closed, due_at, missed } = row;
  await writing
    .insertInto('register_events')
    .values({
      record,
      version,
      organization,
      register,
      at: at.getTime(),
      actor: person,
      action: event.action,
      state,
      closed,
      due_at,
      missed,
      changes: canonicalJson(event.changes),
    })
    .execute();
  await writing.deleteFrom('register_links').where('record', '=', record).execute();
  if (links.length > 0) {
    await writing
      .insertInto('register_links')
      .values(links.map(({ field, target }) => ({ record, field, target, organization })))
      .execute();
  }
  await appendAudit(
    writing,
    {
      organization,
      actor,
      action: auditActionOf(event.action),
      subject: record,
      detail: { register, state, version, step: event.action, sha256: recordDigest(row) },
    },
    at,
  );
}

function auditActionOf(action: string): AuditAction {
  if (action === 'create') return 'register.create';
  if (action === 'erase') return 'register.erase';
  return action === 'change' ? 'register.change' : 'register.step';
}
