import type { Selectable, Updateable } from 'kysely';
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

/** A change of one waiver that may be made. */
interface Step {
  /** The status it is in. */
  readonly from: string;
  readonly values: Updateable<WaiverTables['waivers']>;
  readonly action: 'approve' | 'refuse' | 'shorten' | 'withdraw';
  /** The words of whoever decides. */
  readonly note: string;
  readonly expires: number | null;
  /** What is excused changes with it. */
  readonly counts: boolean;
}

/** Decides about one waiver: the change, its line in the waiver's history and what follows from it, or nothing of it. */
const decide = (
  db: Database,
  organization: number,
  id: string,
  actor: Actor,
  at: Date,
  weigh: (waiver: Selectable<WaiverTables['waivers']>, writing: Writing) => Promise<Step | Decision>,
): Promise<Decision> =>
  db.transaction().execute(async (writing) => {
    const waiver = await find(writing, organization, id);
    if (waiver === undefined) return 'not-found';
    const step = await weigh(waiver, writing);
    if (typeof step === 'string') return step;
    const { from, values, action, note: words, expires, counts } = step;
    if (!(await change(writing, id, from, values))) return 'decided-already';
    await note(writing, { organization, id, about: waiver.subject, actor, action, note: words, expires }, at);
    if (counts) await judgeAgain(writing, organization, waiver);
    return 'done';
  });

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
  decide(db, organization, id, actor, at, async (waiver, writing) => {
    if (waiver.status !== 'requested') return 'decided-already';
    if (!actor.startsWith('user:') || (await personBehind(writing, waiver.requested_by)) === actor) {
      return 'own-request';
    }
    const starts = Math.max(terms.startsAt.getTime(), at.getTime());
    const expires = terms.expiresAt.getTime();
    if (expires <= starts || expires - starts > terms.maxDays * day) return 'bad-dates';
    const values = {
      status: 'approved',
      decided_by: actor,
      decided_at: at.getTime(),
      starts_at: starts,
      expires_at: expires,
      ends_at: expires,
    };
    return { from: 'requested', values, action: 'approve', note: terms.note, expires, counts: true };
  });

export const refuse = (
  db: Database,
  organization: number,
  id: string,
  words: string,
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  decide(db, organization, id, actor, at, async ({ status: from }) => {
    if (from !== 'requested') return 'decided-already';
    const moment = at.getTime();
    const values = { status: 'refused', decided_by: actor, decided_at: moment, ends_at: moment };
    return { from, values, action: 'refuse', note: words, expires: null, counts: false };
  });

export const shorten = (
  db: Database,
  organization: number,
  id: string,
  terms: { readonly expiresAt: Date; readonly note: string },
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  decide(db, organization, id, actor, at, async (waiver) => {
    if (waiver.status !== 'approved' || (waiver.ends_at ?? 0) <= at.getTime()) return 'decided-already';
    const expires = terms.expiresAt.getTime();
    if (
      expires <= at.getTime() ||
      expires >= (waiver.expires_at ?? 0) ||
      expires <= (waiver.starts_at ?? 0)
    ) {
      return 'bad-dates';
    }
    const values = { expires_at: expires, ends_at: expires };
    return { from: 'approved', values, action: 'shorten', note: terms.note, expires, counts: true };
  });

export const withdraw = (
  db: Database,
  organization: number,
  id: string,
  words: string,
  actor: Actor,
  at: Date,
): Promise<Decision> =>
  decide(db, organization, id, actor, at, async ({ status: from, ends_at }) => {
    const live = from === 'requested' || (from === 'approved' && (ends_at ?? 0) > at.getTime());
    if (!live) return 'decided-already';
    const values = { status: 'withdrawn', ends_at: at.getTime() };
    return { from, values, action: 'withdraw', note: words, expires: null, counts: from === 'approved' };
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
