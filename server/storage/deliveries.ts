import type { Selectable } from 'kysely';
import type { AlertTables } from './alert-tables.ts';
import type { Database } from './database.ts';
import { momentOf } from './moments.ts';

/** Something on its way to somebody. */
export interface Delivery {
  /** The same for every attempt. */
  readonly id: string;
  readonly organization: number;
  /** `email` goes to somebody with an account here, `person` to somebody who is asked for a statement. */
  readonly channel: 'email' | 'webhook' | 'person';
  /** Id of the account, of the webhook, or of the person who is asked. */
  readonly target: string;
  readonly content: 'alert' | 'digest' | 'test' | 'statement' | 'reminder';
  readonly alert: string | null;
  /** Of a digest: the time it tells of begins here. */
  readonly coversFrom: Date | null;
  readonly createdAt: Date;
  readonly nextAt: Date;
  readonly attempts: number;
  readonly doneAt: Date | null;
  readonly outcome: 'sent' | 'failed' | 'dropped' | null;
  readonly problem: string;
}

export interface DeliveryStore {
  /** Puts something into the outbox; the same id again is the same thing. */
  add(
    given: Pick<Delivery, 'id' | 'organization' | 'channel' | 'target' | 'content' | 'coversFrom'>,
    now: Date,
  ): Promise<void>;
  has(id: string): Promise<boolean>;
  /**
   * Takes what is due, each for one taker only and for so long: when the taker dies, somebody else takes it again after that.
   */
  claim(now: Date, forMs: number, limit: number): Promise<readonly Delivery[]>;
  finish(id: string, outcome: 'sent' | 'failed' | 'dropped', problem: string, now: Date): Promise<void>;
  retry(id: string, nextAt: Date, problem: string): Promise<void>;
  /** The delivery log, newest first; behind one of them where one is named. */
  list(
    organization: number,
    limit: number,
    offset: number,
    before?: { readonly at: Date; readonly id: string },
  ): Promise<readonly Delivery[]>;
  count(organization: number): Promise<number>;
}

export function deliveryStore(db: Database): DeliveryStore {
  return {
    async add({ id, organization, channel, target, content, coversFrom }, now) {
      const at = now.getTime();
      await db
        .insertInto('deliveries')
        .values({
          id,
          organization,
          channel,
          target,
          content,
          alert: null,
          covers_from: coversFrom?.getTime() ?? null,
          created_at: at,
          next_at: at,
          attempts: 0,
          claimed_until: 0,
          done_at: null,
          outcome: null,
          problem: '',
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    async has(id) {
      return (
        (await db.selectFrom('deliveries').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
      );
    },
    async claim(now, forMs, limit) {
      const at = now.getTime();
      const due = await db
        .selectFrom('deliveries')
        .select('id')
        .where('done_at', 'is', null)
        .where('next_at', '<=', at)
        .where('claimed_until', '<=', at)
        .orderBy('next_at')
        .limit(limit)
        .execute();
      const claimed: Delivery[] = [];
      for (const { id } of due) {
        // Two takers may have seen it; the row itself decides.
        const row = await db
          .updateTable('deliveries')
          .set(({ eb }) => ({ claimed_until: at + forMs, attempts: eb('attempts', '+', 1) }))
          .where('id', '=', id)
          .where('done_at', 'is', null)
          .where('claimed_until', '<=', at)
          .returningAll()
          .executeTakeFirst();
        if (row !== undefined) claimed.push(deliveryOf(row));
      }
      return claimed;
    },
    async finish(id, outcome, problem, now) {
      await db
        .updateTable('deliveries')
        .set({ done_at: now.getTime(), outcome, problem })
        .where('id', '=', id)
        .execute();
    },
    async retry(id, nextAt, problem) {
      await db
        .updateTable('deliveries')
        .set({ next_at: nextAt.getTime(), claimed_until: 0, problem })
        .where('id', '=', id)
        .execute();
    },
    async list(organization, limit, offset, before) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('organization', '=', organization)
        .$if(before !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('created_at', 'id'), '<', tuple(before?.at.getTime() ?? 0, before?.id ?? '')),
          ),
        )
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(deliveryOf);
    },
    async count(organization) {
      const { total } = await db
        .selectFrom('deliveries')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow();
      return Number(total);
    },
  };
}

function deliveryOf(row: Selectable<AlertTables['deliveries']>): Delivery {
  return {
    id: row.id,
    organization: row.organization,
    channel: row.channel as Delivery['channel'],
    target: row.target,
    content: row.content as Delivery['content'],
    alert: row.alert,
    coversFrom: momentOf(row.covers_from),
    createdAt: new Date(row.created_at),
    nextAt: new Date(row.next_at),
    attempts: row.attempts,
    doneAt: momentOf(row.done_at),
    outcome: row.outcome as Delivery['outcome'],
    problem: row.problem,
  };
}
