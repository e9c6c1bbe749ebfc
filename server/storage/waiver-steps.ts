import { type Actor, appendAudit } from './audit.ts';
import type { Writing } from './database.ts';
import { waiverDigest } from './noted-content.ts';

/** A line of the waiver's own history, and one of the audit log. */
export async function note(
  writing: Writing,
  event: {
    organization: number;
    id: string;
    actor: Actor;
    about: string;
    action: 'request' | 'approve' | 'refuse' | 'shorten' | 'withdraw';
    note: string;
    expires: number | null;
  },
  at: Date,
): Promise<void> {
  const { organization, id, actor, about, action, expires } = event;
  const { last } = await writing
    .selectFrom('waiver_events')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('waiver', '=', id)
    .executeTakeFirstOrThrow();
  await writing
    .insertInto('waiver_events')
    .values({
      waiver: id,
      number: (last ?? 0) + 1,
      at: at.getTime(),
      actor,
      action,
      note: event.note,
      expires_at: expires,
    })
    .execute();
  const waiver = await writing
    .selectFrom('waivers')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const until = expires === null ? {} : { until: new Date(expires).toISOString() };
  const detail = { about, ...until, sha256: waiverDigest(waiver) };
  await appendAudit(writing, { organization, actor, action: `waiver.${action}`, subject: id, detail }, at);
}

/** What was judged by the waivers of before is judged again, and at once. */
export async function judgeAgain(
  writing: Writing,
  organization: number,
  { scope, target }: { scope: string; target: string },
): Promise<void> {
  await writing
    .updateTable('organizations')
    .set(({ eb }) => ({ waiver_revision: eb('waiver_revision', '+', 1) }))
    .where('number', '=', organization)
    .execute();
  const devices = writing
    .updateTable('devices')
    .set({ judge_at: 0 })
    .where('organization', '=', organization)
    .where('revoked_at', 'is', null);
  const columns = { device: 'id', platform: 'platform', owner: 'owner' } as const;
  const column = columns[scope as keyof typeof columns] as (typeof columns)[keyof typeof columns] | undefined;
  await (column === undefined ? devices : devices.where(column, '=', target)).execute();
}
