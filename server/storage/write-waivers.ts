import type { Insertable } from 'kysely';
import type { WaiverScope } from '../../shared/waiver.ts';
import type { WaiverRequest } from '../../shared/waiver-request.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newId } from './ids.ts';
import type { WaiverTables } from './waiver-tables.ts';

/** What somebody asks for. */
export interface NewWaiver {
  /** Made by whoever asks, so that asking twice is harmless; made here where it is left out. */
  readonly id?: string | undefined;
  readonly scope: WaiverScope;
  readonly check: string;
  /** Null for every point of the check. */
  readonly point: string | null;
  readonly reason: string;
  /** What is done instead; empty where nothing is. */
  readonly control: string;
  readonly startsAt: Date;
  readonly expiresAt: Date;
}

/**
 * What came of a decision.
 * - own-request: whoever asked for it cannot approve it, and neither can a program
 * - decided-already: somebody was faster, or it is over
 * - bad-dates: it would end before it begins, last longer than the policy allows, or end later than it did
 */
export type Decision = 'done' | 'not-found' | 'own-request' | 'decided-already' | 'bad-dates';

/** Somebody else asked for something under that id. */
export class WaiverTaken extends Error {
  override readonly name = 'WaiverTaken';
}

/** Waiting requests one device may have; more are refused. */
const maxWaiting = 20;
const day = 86_400_000;

export const request = (db: Database, organization: number, waiver: NewWaiver, actor: Actor, at: Date) =>
  db.transaction().execute(async (writing) => {
    const { id = newId(at), scope, check, point, reason, control, startsAt, expiresAt } = waiver;
    const known = await writing
      .selectFrom('waivers')
      .select(['organization', 'requested_by'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (known !== undefined) {
      if (known.organization === organization && known.requested_by === actor) return id;
      throw new WaiverTaken('another waiver has this id');
    }
    await insert(
      writing,
      {
        id,
        organization,
        scope: scope.kind,
        target: targetOf(scope),
        device: scope.kind === 'device' ? await deviceNumber(writing, organization, scope.device) : null,
        subject: point === null ? check : `${check}/${point}`,
        reason,
        control,
        requested_by: actor,
        requested_at: at.getTime(),
        starts_at: startsAt.getTime(),
        expires_at: expiresAt.getTime(),
      },
      at,
    );
    return id;
  });

export const requestFromDevice = (
  db: Database,
  from: { readonly organization: number; readonly device: number; readonly deviceId: string },
  { id, check, point, reason }: WaiverRequest,
  at: Date,
): Promise<boolean> =>
  db.transaction().execute(async (writing) => {
    const known = await writing
      .selectFrom('waivers')
      .select('device')
      .where('id', '=', id)
      .executeTakeFirst();
    if (known !== undefined) return known.device === from.device;
    const { total } = await writing
      .selectFrom('waivers')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where('device', '=', from.device)
      .where('status', '=', 'requested')
      .executeTakeFirstOrThrow();
    if (Number(total) >= maxWaiting) return false;
    await insert(
      writing,
      {
        id,
        organization: from.organization,
        scope: 'device',
        target: from.deviceId,
        device: from.device,
        subject: point === null ? check : `${check}/${point}`,
        reason,
        control: '',
        requested_by: `device:${from.deviceId}`,
        requested_at: at.getTime(),
        starts_at: null,
        expires_at: null,
      },
      at,
    );
    return true;
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

type Waiver = Insertable<WaiverTables['waivers']>;

const targetOf = (scope: WaiverScope): string =>
  scope.kind === 'device'
    ? scope.device
    : scope.kind === 'platform'
      ? scope.platform
      : scope.kind === 'owner'
        ? scope.owner
        : '';

async function deviceNumber(writing: Writing, organization: number, id: string): Promise<number> {
  const { number } = await writing
    .selectFrom('devices')
    .select('number')
    .where('id', '=', id)
    .where('organization', '=', organization)
    .executeTakeFirstOrThrow();
  return number;
}

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
  values: Partial<Waiver>,
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

async function insert(
  writing: Writing,
  waiver: Omit<Waiver, 'status' | 'decided_by' | 'decided_at' | 'ends_at'>,
  at: Date,
): Promise<void> {
  await writing
    .insertInto('waivers')
    .values({ ...waiver, status: 'requested', decided_by: null, decided_at: null, ends_at: null })
    .execute();
  const actor = waiver.requested_by as Actor;
  const { organization, id, subject: about, expires_at } = waiver;
  await note(
    writing,
    { organization, id, about, actor, action: 'request', note: '', expires: expires_at ?? null },
    at,
  );
}

/** A line of the waiver's own history, and one of the audit log. */
async function note(
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
  const detail = expires === null ? { about } : { about, until: new Date(expires).toISOString() };
  await appendAudit(writing, { organization, actor, action: `waiver.${action}`, subject: id, detail }, at);
}

/** What was judged by the waivers of before is judged again, and at once. */
async function judgeAgain(
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
