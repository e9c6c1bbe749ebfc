import type { Writing } from './database.ts';
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

/** Adds an event to the alert of its group that is still gathering, or opens one. False where it is known already. */
export async function noteOne(writing: Writing, event: NewEvent, now: Date): Promise<boolean> {
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
export async function sealOne(
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
