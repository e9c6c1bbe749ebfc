import type { Database, Writing } from './database.ts';
import { newId } from './ids.ts';

/** Something happened that somebody wants to be told of. */
export interface NewEvent {
  readonly organization: number;
  /** The same event again has the same key. */
  readonly key: string;
  readonly kind: string;
  /** Events of the same group that come close together are one alert. */
  readonly group: string;
  readonly at: Date;
  /** A device's id, a waiver's id: what sources compare by. */
  readonly subject: string;
  /** In plain words: pseudonyms, never names of people or machines. */
  readonly line: string;
  /** The page that shows it, as a path on this collector. */
  readonly path: string;
}

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
    range: { readonly from?: Date; readonly limit: number; readonly offset: number },
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
    sealedAt: row.sealed_at === null ? null : new Date(row.sealed_at),
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
    async list(organization, { from, limit, offset }, events) {
      const rows = await db
        .selectFrom('alerts')
        .selectAll()
        .where('organization', '=', organization)
        .$if(from !== undefined, (query) => query.where('opened_at', '>=', from?.getTime() ?? 0))
        .orderBy('opened_at', 'desc')
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

/** Adds an event to the alert of its group that is still gathering, or opens one. False where it is known already. */
async function noteOne(writing: Writing, event: NewEvent, now: Date): Promise<boolean> {
  const { organization, key, kind, group, subject, line, path } = event;
  const known = await writing
    .selectFrom('alert_events')
    .select('key')
    .where('organization', '=', organization)
    .where('key', '=', key)
    .executeTakeFirst();
  if (known !== undefined) return false;
  const open = await writing
    .selectFrom('alerts')
    .select('id')
    .where('organization', '=', organization)
    .where('group_key', '=', group)
    .where('sealed_at', 'is', null)
    .executeTakeFirst();
  const at = now.getTime();
  const id = open?.id ?? newId(now);
  if (open === undefined) {
    await writing
      .insertInto('alerts')
      .values({
        id,
        organization,
        kind,
        group_key: group,
        opened_at: at,
        touched_at: at,
        sealed_at: null,
        events: 0,
      })
      .execute();
  }
  const added = await writing
    .insertInto('alert_events')
    .values({ organization, key, alert: id, kind, at: event.at.getTime(), subject, line, path })
    .onConflict((conflict) => conflict.columns(['organization', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (added === undefined) return false;
  await writing
    .updateTable('alerts')
    .set(({ eb }) => ({ events: eb('events', '+', 1), touched_at: at }))
    .where('id', '=', id)
    .execute();
  return true;
}

/** Closes an alert and puts it into the outbox, together or not at all. False where another collector was faster. */
async function sealOne(
  writing: Writing,
  { id, organization }: { id: string; organization: number },
  now: Date,
): Promise<boolean> {
  const closed = await writing
    .updateTable('alerts')
    .set({ sealed_at: now.getTime() })
    .where('id', '=', id)
    .where('sealed_at', 'is', null)
    .where('events', '>', 0)
    .returning('id')
    .executeTakeFirst();
  if (closed === undefined) return false;
  const people = await writing
    .selectFrom('alert_subscriptions')
    .innerJoin('users', 'users.number', 'alert_subscriptions.person')
    .select('users.id')
    .where('alert_subscriptions.organization', '=', organization)
    .where('immediate', '=', 1)
    .execute();
  const webhooks = await writing
    .selectFrom('webhooks')
    .select('id')
    .where('organization', '=', organization)
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .execute();
  const targets = [
    ...people.map((person) => ({ channel: 'email', target: person.id })),
    ...webhooks.map((webhook) => ({ channel: 'webhook', target: webhook.id })),
  ];
  for (const { channel, target } of targets) {
    await writing
      .insertInto('deliveries')
      .values({
        id: newId(now),
        organization,
        channel,
        target,
        content: 'alert',
        alert: id,
        covers_from: null,
        created_at: now.getTime(),
        next_at: now.getTime(),
        attempts: 0,
        claimed_until: 0,
        done_at: null,
        outcome: null,
        problem: '',
      })
      .execute();
  }
  return true;
}
