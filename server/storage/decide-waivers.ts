import type { Updateable } from 'kysely';
import type { Actor } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { judgeAgain, note } from './waiver-steps.ts';
import type { WaiverTables } from './waiver-tables.ts';

/**
 * What came of a decision.
 * - own-request: whoever asked for it cannot approve it, and neither can a program
 * - decided-already: somebody was faster, or it is over
 * - bad-dates: it would end before it begins, last longer than the policy allows, or end later than it did
 */
export type Decision = 'done' | 'not-found' | 'own-request' | 'decided-already' | 'bad-dates';

const day = 86_400_000;

export const approve = (
  db: Database,
  organization: number,
  id: string,
  terms: {
    readonly startsAt: Date;
    readonly expiresAt: Date;
    readonly maxDays: number;
    readonly note: string;
  },
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  db.transaction().execute(async (writing) => {
    const waiver = await find(writing, organization, id);
    if (waiver === undefined) return 'not-found';
    if (waiver.status !== 'requested') return 'decided-already';
    if (!actor.startsWith('user:') || (await personBehind(writing, waiver.requested_by)) === actor) {
      return 'own-request';
    }
    const starts = Math.max(terms.startsAt.getTime(), at.getTime());
    const expires = terms.expiresAt.getTime();
    if (expires <= starts || expires - starts > terms.maxDays * day) return 'bad-dates';
    const changed = await change(writing, id, 'requested', {
      status: 'approved',
      decided_by: actor,
      decided_at: at.getTime(),
      starts_at: starts,
      expires_at: expires,
      ends_at: expires,
    });
    if (!changed) return 'decided-already';
    await note(
      writing,
      { organization, id, about: waiver.subject, actor, action: 'approve', note: terms.note, expires },
      at,
    );
    await judgeAgain(writing, organization, waiver);
    return 'done';
  });

export const refuse = (
  db: Database,
  organization: number,
  id: string,
  words: string,
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  db.transaction().execute(async (writing) => {
    const waiver = await find(writing, organization, id);
    if (waiver === undefined) return 'not-found';
    const moment = at.getTime();
    const refused = { status: 'refused', decided_by: actor, decided_at: moment, ends_at: moment };
    if (waiver.status !== 'requested' || !(await change(writing, id, 'requested', refused))) {
      return 'decided-already';
    }
    await note(
      writing,
      { organization, id, about: waiver.subject, actor, action: 'refuse', note: words, expires: null },
      at,
    );
    return 'done';
  });

export const shorten = (
  db: Database,
  organization: number,
  id: string,
  terms: { readonly expiresAt: Date; readonly note: string },
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  db.transaction().execute(async (writing) => {
    const waiver = await find(writing, organization, id);
    if (waiver === undefined) return 'not-found';
    if (waiver.status !== 'approved' || (waiver.ends_at ?? 0) <= at.getTime()) return 'decided-already';
    const expires = terms.expiresAt.getTime();
    if (
      expires <= at.getTime() ||
      expires >= (waiver.expires_at ?? 0) ||
      expires <= (waiver.starts_at ?? 0)
    ) {
      return 'bad-dates';
    }
    if (!(await change(writing, id, 'approved', { expires_at: expires, ends_at: expires }))) {
      return 'decided-already';
    }
    await note(
      writing,
      { organization, id, about: waiver.subject, actor, action: 'shorten', note: terms.note, expires },
      at,
    );
    await judgeAgain(writing, organization, waiver);
    return 'done';
  });

export const withdraw = (
  db: Database,
  organization: number,
  id: string,
  words: string,
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  db.transaction().execute(async (writing) => {
    const waiver = await find(writing, organization, id);
    if (waiver === undefined) return 'not-found';
    const { status, ends_at } = waiver;
    const live = status === 'requested' || (status === 'approved' && (ends_at ?? 0) > at.getTime());
    const withdrawn = { status: 'withdrawn', ends_at: at.getTime() };
    if (!live || !(await change(writing, id, status, withdrawn))) return 'decided-already';
    await note(
      writing,
      { organization, id, about: waiver.subject, actor, action: 'withdraw', note: words, expires: null },
      at,
    );
    if (status === 'approved') await judgeAgain(writing, organization, waiver);
    return 'done';
  });

/** Who asked: for a program, the person who made its token. */
async function personBehind(writing: Writing, actor: string): Promise<string> {
  if (!actor.startsWith('token:')) return actor;
  const maker = await writing
    .selectFrom('api_tokens')
    .innerJoin('users', 'users.number', 'api_tokens.created_by')
    .select('users.id')
    .where('api_tokens.id', '=', actor.slice('token:'.length))
    .executeTakeFirst();
  return `user:${maker?.id ?? ''}`;
}

const find = (writing: Writing, organization: number, id: string) =>
  writing
    .selectFrom('waivers')
    .selectAll()
    .where('id', '=', id)
    .where('organization', '=', organization)
    .executeTakeFirst();

/** Changes it if it still is in this status; false where somebody was faster. */
async function change(
  writing: Writing,
  id: string,
  status: string,
  values: Updateable<WaiverTables['waivers']>,
): Promise<boolean> {
  const row = await writing
    .updateTable('waivers')
    .set(values)
    .where('id', '=', id)
    .where('status', '=', status)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
