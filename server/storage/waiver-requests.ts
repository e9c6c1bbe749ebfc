import type { WaiverRequest } from '../../shared/waiver-request.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';

/** A person asked to be excused; nobody has decided yet. */
export interface OpenRequest {
  readonly id: string;
  readonly device: string;
  readonly label: string;
  /** `firewall` or `firewall/enabled`. */
  readonly subject: string;
  /** The person's own words. */
  readonly reason: string;
  readonly requestedAt: Date;
}

/** Waiting requests one device may have; more are refused. */
const maxOpen = 20;

export interface WaiverRequestStore {
  /** Keeps a request; the same id again is the same request. False when the device has too many waiting. */
  add(
    from: { readonly organization: number; readonly device: number; readonly deviceId: string },
    request: WaiverRequest,
    at: Date,
  ): Promise<boolean>;
  /** Oldest first. */
  open(organization: number, limit: number): Promise<readonly OpenRequest[]>;
}

export function waiverRequestStore(db: Database): WaiverRequestStore {
  return {
    add: (from, request, at) =>
      db.transaction().execute(async (writing) => {
        const { id, check, point, reason } = request;
        const known = await writing
          .selectFrom('waiver_requests')
          .select('device')
          .where('id', '=', id)
          .executeTakeFirst();
        if (known !== undefined) return known.device === from.device;
        const { total } = await writing
          .selectFrom('waiver_requests')
          .select((select) => select.fn.countAll<number>().as('total'))
          .where('organization', '=', from.organization)
          .where('decided_at', 'is', null)
          .where('device', '=', from.device)
          .executeTakeFirstOrThrow();
        if (total >= maxOpen) return false;
        await writing
          .insertInto('waiver_requests')
          .values({
            id,
            organization: from.organization,
            device: from.device,
            subject: point === null ? check : `${check}/${point}`,
            reason,
            requested_at: at.getTime(),
            decided_at: null,
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization: from.organization,
            actor: `device:${from.deviceId}`,
            action: 'waiver.request',
            subject: id,
          },
          at,
        );
        return true;
      }),
    async open(organization, limit) {
      const rows = await db
        .selectFrom('waiver_requests')
        .innerJoin('devices', 'devices.number', 'waiver_requests.device')
        .select([
          'waiver_requests.id',
          'devices.id as device',
          'devices.label',
          'waiver_requests.subject',
          'waiver_requests.reason',
          'waiver_requests.requested_at',
        ])
        .where('waiver_requests.organization', '=', organization)
        .where('waiver_requests.decided_at', 'is', null)
        .orderBy('waiver_requests.requested_at')
        .limit(limit)
        .execute();
      return rows.map(({ requested_at, ...row }) => ({ ...row, requestedAt: new Date(requested_at) }));
    },
  };
}
