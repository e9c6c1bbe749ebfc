import { canonicalJson } from '../../../shared/canonical.ts';
import type { Values } from '../../registers/field.ts';
import type { RecordWrite, RegisterRecord } from '../../registers/record.ts';
import { momentOf } from '../moments.ts';
import type { Schema } from '../schema.ts';
import { never } from './tables.ts';

/** What a change puts into a record's row. */
export function columnsOf(write: RecordWrite, at: Date) {
  return {
    title: write.title,
    state: write.state,
    closed: write.closed ? 1 : 0,
    document: canonicalJson(write.values),
    due_at: write.dueAt?.getTime() ?? never,
    due: write.due,
    missed: write.missed,
    updated_at: at.getTime(),
    closed_at: write.closedAt?.getTime() ?? null,
    purge_at: write.purgeAt?.getTime() ?? null,
  };
}

/** A row as the collector speaks of it. */
export function recordOf(row: Schema['register_records']): RegisterRecord {
  return {
    id: row.id,
    organization: row.organization,
    register: row.register,
    sequence: row.sequence,
    title: row.title,
    state: row.state,
    closed: row.closed === 1,
    version: row.version,
    values: JSON.parse(row.document) as Values,
    dueAt: row.due_at === never ? null : new Date(row.due_at),
    due: row.due,
    missed: row.missed,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    closedAt: momentOf(row.closed_at),
    purgeAt: momentOf(row.purge_at),
  };
}
