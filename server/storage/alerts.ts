import type { Database } from './database.ts';
import { momentOf } from './moments.ts';
import { type NewEvent, noteOne, sealOne } from './write-alerts.ts';

export type { NewEvent };

export interface AlertEvent {
  readonly at: Date;
  readonly line: string;
  readonly path: string;
}

/** One or more events of a kind, told as one. */
export interface Alert {
  readonly id: string;
  readonly organization: number;
  readonly kind: string;
  readonly group: string;
  readonly openedAt: Date;
  /** When it was told; null while it gathers. */
  readonly sealedAt: Date | null;
  /** How many events it has; `events` are the first of them. */
  readonly total: number;
  readonly events: readonly AlertEvent[];
}

export interface AlertStore {
  /** Notes what is new among these events; answers how many were. */
  note(events: readonly NewEvent[], now: Date): Promise<number>;
  /** How far a source has read; undefined where it never did. */
  position(source: string): Promise<number | undefined>;
  setPosition(source: string, position: number): Promise<void>;
  /** The last event of a kind about a subject. */
  lastAbout(organization: number, kind: string, subject: string): Promise<Date | undefined>;
  /** Alerts that gather no more, and go out: to whoever asked for them, each exactly once in the outbox. */
  seal(now: Date, timing: { quietMs: number; longestMs: number; restMs: number }): Promise<number>;
  byId(organization: number, id: string, events: number): Promise<Alert | undefined>;
  /** Newest first, each with its first events. */
  list(
    organization: number,
    range: {
      readonly from?: Date;
      /** Those that stand behind this one. */
      readonly before?: { readonly at: Date; readonly id: string };
      readonly limit: number;
      readonly offset: number;
    },
    events: number,
  ): Promise<readonly Alert[]>;
  count(organization: number): Promise<number>;
  /** Forgets what was told before a moment, and how it was delivered. */
  purge(before: Date): Promise<void>;
}

/** Events of one transaction: reports must not wait long for it. */
const notedAtOnce = 100;

export function alertStore(db: Database): AlertStore {
  const eventsOf = async (alert: string, limit: number): Promise<readonly AlertEvent[]> => {
    const rows = await db
      .selectFrom('alert_events')
      .select(['at', 'line', 'path'])
      .where('alert', '=', alert)
      .orderBy('at')
      .orderBy('key')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, at: new Date(row.at) }));
  };
  const alertOf = async (
    row: {
      id: string;
      organization: number;
      kind: string;
      group_key: string;
      opened_at: number;
      sealed_at: number | null;
      events: number;
    },
    events: number,
  ): Promise<Alert> => ({
    id: row.id,
    organization: row.organization,
    kind: row.kind,
    group: row.group_key,
    openedAt: new Date(row.opened_at),
    sealedAt: momentOf(row.sealed_at),
    total: row.events,
    events: await eventsOf(row.id, events),
  });

  return {
    async note(events, now) {
      let fresh = 0;
      for (let start = 0; start < events.length; start += notedAtOnce) {
        const some = events.slice(start, start + notedAtOnce);
        fresh += await db.transaction().execute(async (writing) => {
          let noted = 0;
          for (const event of some) noted += (await noteOne(writing, event, now)) ? 1 : 0;
          return noted;
        });
      }
      return fresh;
    },
    async position(source) {
      const row = await db
        .selectFrom('alert_positions')
        .select('position')
        .where('source', '=', source)
        .executeTakeFirst();
      return row?.position;
    },
    async setPosition(source, position) {
      await db
        .insertInto('alert_positions')
        .values({ source, position })
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ position }))
        .execute();
    },
    async lastAbout(organization, kind, subject) {
      const row = await db
        .selectFrom('alert_events')
        .select('at')
        .where('organization', '=', organization)
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && new Date(row.at);
    },
    async seal(now, { quietMs, longestMs, restMs }) {
      const at = now.getTime();
      const open = await db
        .selectFrom('alerts')
        .selectAll()
        .where('sealed_at', 'is', null)
        .orderBy('opened_at')
        .limit(500)
        .execute();
      let sealed = 0;
      for (const alert of open) {
        if (alert.touched_at + quietMs > at && alert.opened_at + longestMs > at) continue;
        const before = await db
          .selectFrom('alerts')
          .select(({ fn }) => fn.max('sealed_at').as('last'))
          .where('organization', '=', alert.organization)
          .where('group_key', '=', alert.group_key)
          .executeTakeFirstOrThrow();
        if ((before.last ?? 0) + restMs > at) continue;
        if (await db.transaction().execute((writing) => sealOne(writing, alert, now))) sealed += 1;
      }
      return sealed;
    },
    async byId(organization, id, events) {
      const row = await db
        .selectFrom('alerts')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && alertOf(row, events);
    },
    async list(organization, { from, before, limit, offset }, events) {
      const rows = await db
        .selectFrom('alerts')
        .selectAll()
        .where('organization', '=', organization)
        .$if(from !== undefined, (query) => query.where('opened_at', '>=', from?.getTime() ?? 0))
        .$if(before !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('opened_at', 'id'), '<', tuple(before?.at.getTime() ?? 0, before?.id ?? '')),
          ),
        )
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return Promise.all(rows.map((row) => alertOf(row, events)));
    },
    async count(organization) {
      const { total } = await db
        .selectFrom('alerts')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    purge: (before) =>
      db.transaction().execute(async (writing) => {
        const moment = before.getTime();
        const old = writing.selectFrom('alerts').select('id').where('opened_at', '<', moment);
        await writing
          .deleteFrom('deliveries')
          .where((where) => where.or([where('created_at', '<', moment), where('alert', 'in', old)]))
          .execute();
        await writing.deleteFrom('alert_events').where('alert', 'in', old).execute();
        await writing.deleteFrom('alerts').where('opened_at', '<', moment).execute();
      }),
  };
}
