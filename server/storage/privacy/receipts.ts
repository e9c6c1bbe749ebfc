import { appendAudit } from '../audit.ts';
import type { Database } from '../database.ts';
import { newId } from '../ids.ts';
import type { Purged } from './purges.ts';

/** What was deleted of a class on a day, never whose. */
export interface PurgeReceipt {
  readonly id: string;
  readonly class: string;
  readonly at: Date;
  readonly deleted: number;
  readonly oldest: Date;
}

/** Where something stands in a list that is sorted by time. */
export interface Placed {
  readonly at: Date;
  readonly id: string;
}

/** Keeps what purges did. */
export interface ReceiptStore {
  keepReceipt(organization: number | null, of: string, purged: Purged, at: Date): Promise<void>;
  /** Newest first; behind one of them where one is named. */
  receipts(organization: number, limit: number, before?: Placed): Promise<readonly PurgeReceipt[]>;
}

export function receiptStore(db: Database): ReceiptStore {
  return {
    async keepReceipt(organization, of, { deleted, oldest }, at) {
      if (oldest === null) return;
      await db.transaction().execute(async (writing) => {
        await writing
          .insertInto('purges')
          .values({
            id: newId(at),
            organization,
            class: of,
            at: at.getTime(),
            deleted,
            oldest_at: oldest.getTime(),
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor: 'collector',
            action: 'privacy.purge',
            subject: of,
            detail: { class: of, deleted, oldest: oldest.toISOString() },
          },
          at,
        );
      });
    },
    async receipts(organization, limit, before) {
      const rows = await db
        .selectFrom('purges')
        .selectAll()
        // The audit log is everybody's.
        .where((where) =>
          where.or([where('organization', '=', organization), where('organization', 'is', null)]),
        )
        .$if(before !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('at', 'id'), '<', tuple(before?.at.getTime() ?? 0, before?.id ?? '')),
          ),
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        class: row.class,
        at: new Date(row.at),
        deleted: row.deleted,
        oldest: new Date(row.oldest_at),
      }));
    },
  };
}
