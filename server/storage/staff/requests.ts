import type { Selectable } from 'kysely';
import { type Actor, audited } from '../audit.ts';
import type { Database } from '../database.ts';
import { momentOf } from '../moments.ts';
import type { StaffTables } from './tables.ts';
import type { VisitedDevice } from './visits.ts';

/**
 * What the person of a laptop may ask for about what is kept:
 * - correct: something that is kept is wrong
 * - contest: a result is wrong, and a person shall look at it
 * - object: it should not be collected at all
 */
export const staffRequestKinds = ['correct', 'contest', 'object'] as const;
export type StaffRequestKind = (typeof staffRequestKinds)[number];

export interface StaffRequest {
  readonly id: string;
  readonly device: number;
  readonly kind: StaffRequestKind;
  /** `firewall/enabled`, `firewall`, or empty for the laptop as a whole. */
  readonly about: string;
  readonly words: string;
  readonly requestedAt: Date;
  readonly answeredAt: Date | null;
  /** Empty while it waits. */
  readonly answer: string;
}

export interface StaffRequestStore {
  /** Keeps a request. False when this laptop has too many waiting. */
  create(
    device: VisitedDevice,
    asked: Pick<StaffRequest, 'id' | 'kind' | 'about' | 'words'>,
    at: Date,
  ): Promise<boolean>;
  /** Everything this laptop's person asked for, newest first. */
  ofDevice(organization: number, device: number, limit: number): Promise<readonly StaffRequest[]>;
  /** Not answered yet, oldest first. */
  waiting(organization: number, limit: number): Promise<readonly StaffRequest[]>;
  /** Answers it in words. False when there is no such request, or it was answered. */
  answer(organization: number, id: string, answer: string, actor: Actor, at: Date): Promise<boolean>;
}

/** Waiting requests one laptop may have. */
const maxWaiting = 20;

export function staffRequestStore(db: Database): StaffRequestStore {
  const of = (organization: number) =>
    db.selectFrom('staff_requests').selectAll().where('organization', '=', organization);
  return {
    create: (device, { id, kind, about, words }, at) =>
      audited(db, at, async (writing) => {
        const { total } = await writing
          .selectFrom('staff_requests')
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .where('device', '=', device.number)
          .where('answered_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (Number(total) >= maxWaiting) return undefined;
        await writing
          .insertInto('staff_requests')
          .values({
            id,
            organization: device.organization,
            device: device.number,
            kind,
            about,
            words,
            requested_at: at.getTime(),
            answered_at: null,
            answered_by: null,
            answer: '',
          })
          .execute();
        return {
          organization: device.organization,
          actor: `device:${device.id}`,
          action: 'staff-request.create',
          subject: device.id,
          detail: { kind },
        };
      }),
    async ofDevice(organization, device, limit) {
      const rows = await of(organization)
        .where('device', '=', device)
        .orderBy('requested_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(requestOf);
    },
    async waiting(organization, limit) {
      const rows = await of(organization)
        .where('answered_at', 'is', null)
        .orderBy('requested_at')
        .limit(limit)
        .execute();
      return rows.map(requestOf);
    },
    answer: (organization, id, answer, actor, at) =>
      audited(db, at, async (writing) => {
        const row = await writing
          .selectFrom('staff_requests')
          .innerJoin('devices', 'devices.number', 'staff_requests.device')
          .select(['staff_requests.kind', 'devices.id as device_id'])
          .where('staff_requests.organization', '=', organization)
          .where('staff_requests.id', '=', id)
          .where('staff_requests.answered_at', 'is', null)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        await writing
          .updateTable('staff_requests')
          .set({ answer, answered_at: at.getTime(), answered_by: actor })
          .where('id', '=', id)
          .execute();
        const { kind, device_id: subject } = row;
        return { organization, actor, action: 'staff-request.answer', subject, detail: { kind } };
      }),
  };
}

const requestOf = (row: Selectable<StaffTables['staff_requests']>): StaffRequest => ({
  id: row.id,
  device: row.device,
  kind: staffRequestKinds.find((kind) => kind === row.kind) ?? 'correct',
  about: row.about,
  words: row.words,
  requestedAt: new Date(row.requested_at),
  answeredAt: momentOf(row.answered_at),
  answer: row.answer,
});
