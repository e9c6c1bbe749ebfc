import type { Insertable } from 'kysely';
import type { WaiverScope } from '../../shared/waiver.ts';
import type { WaiverRequest } from '../../shared/waiver-request.ts';
import type { Actor } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newId } from './ids.ts';
import { subjectOf } from './waiver-records.ts';
import { note } from './waiver-steps.ts';
import type { WaiverTables } from './waiver-tables.ts';

/** What somebody asks for. */
export interface NewWaiver {
  /** Made by whoever asks, so that asking twice is harmless; made here where it is left out. */
  readonly id?: string | undefined;
  readonly scope: WaiverScope;
  readonly check: string;
  /** Null for every point of the check. */
  readonly point: string | null;
  /** The one removable medium to approve; then it is for one device. */
  readonly medium?: string | undefined;
  readonly reason: string;
  /** What is done instead; empty where nothing is. */
  readonly control: string;
  readonly startsAt: Date;
  readonly expiresAt: Date;
}

/** Somebody else asked for something under that id. */
export class WaiverTaken extends Error {
  override readonly name = 'WaiverTaken';
}

/** Waiting requests one device may have; more are refused. */
const maxWaiting = 20;

export const request = (db: Database, organization: number, waiver: NewWaiver, actor: Actor, at: Date) =>
  db.transaction().execute(async (writing) => {
    const { id = newId(at), scope, reason, control, startsAt, expiresAt } = waiver;
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
        subject: subjectOf(waiver),
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
  asked: WaiverRequest,
  at: Date,
): Promise<boolean> =>
  db.transaction().execute(async (writing) => {
    const { id, reason } = asked;
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
        subject: subjectOf(asked),
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
