import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { AuditAction } from '../audit-actions.ts';
import type { Database, Writing } from './database.ts';

/** Who did it: never a name or an address. */
export type Actor = `user:${string}` | `token:${string}` | `device:${string}` | 'console' | 'collector';

/** Something that changed what the collector holds or says, or that a person looked at. */
export interface AuditEvent {
  readonly organization: number | null;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** What was acted on, by id. */
  readonly subject: string;
  /** Closed and small; never names, codes or addresses. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditEntry extends Omit<AuditEvent, 'action'> {
  /** As it was written; this build may no longer know it. */
  readonly action: string;
  readonly number: number;
  readonly at: Date;
}

export interface AuditStore {
  /** The newest entries of an organization, before a number when one is given. */
  list(organization: number, before: number | undefined, limit: number): Promise<readonly AuditEntry[]>;
  /** Notes something that changes nothing else, such as a page with a person's device being looked at. */
  record(event: AuditEvent, at: Date): Promise<void>;
  /** Goes through the whole chain; the number of the first entry that does not follow, or undefined. */
  firstBroken(): Promise<number | undefined>;
}

const start = new Uint8Array(32);
/** Entries read at once when the chain is verified. */
const slice = 500;

const digestOf = (
  entry: {
    number: number;
    at: number;
    organization: number | null;
    actor: string;
    action: string;
    subject: string;
    detail: string;
  },
  previous: Uint8Array,
) =>
  createHash('sha256')
    .update(previous)
    .update(
      canonicalJson([
        entry.number,
        entry.at,
        entry.organization,
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
      ]),
    )
    .digest();

/** Adds to the chain in the transaction of the change itself: there is never one without the other. */
export async function appendAudit(writing: Writing, event: AuditEvent, at: Date): Promise<void> {
  const last = await writing
    .selectFrom('audit')
    .select(['number', 'digest'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const entry = {
    number: (last?.number ?? 0) + 1,
    at: at.getTime(),
    organization: event.organization,
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    detail: canonicalJson(event.detail ?? {}),
  };
  const previous = last?.digest ?? start;
  await writing
    .insertInto('audit')
    .values({ ...entry, previous, digest: digestOf(entry, previous) })
    .execute();
}

export function auditStore(db: Database): AuditStore {
  return {
    async list(organization, before, limit) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('organization', '=', organization)
        .$if(before !== undefined, (query) => query.where('number', '<', before as number))
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        number: row.number,
        at: new Date(row.at),
        organization: row.organization,
        actor: row.actor as Actor,
        action: row.action,
        subject: row.subject,
        detail: JSON.parse(row.detail) as NonNullable<AuditEvent['detail']>,
      }));
    },
    async record(event, at) {
      await db.transaction().execute((writing) => appendAudit(writing, event, at));
    },
    async firstBroken() {
      let previous: Uint8Array = start;
      let expected = 1;
      for (;;) {
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          .where('number', '>=', expected)
          .orderBy('number')
          .limit(slice)
          .execute();
        for (const row of rows) {
          const digest = digestOf(row, previous);
          if (
            row.number !== expected ||
            !digest.equals(row.digest) ||
            Buffer.compare(row.previous, previous) !== 0
          ) {
            return row.number;
          }
          previous = row.digest;
          expected += 1;
        }
        if (rows.length < slice) return undefined;
      }
    },
  };
}
