import type { CompiledQuery, Selectable } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { DeviceApproval } from '../review/device-approval.ts';
import type { Database } from './database.ts';
import { approvalIn, type Owner } from './device-rows.ts';
import { momentOf } from './moments.ts';
import type { Schema } from './schema.ts';

/** Who may sign for a device: looked up for every report, so that a revocation counts at once. */
export interface Sender {
  readonly number: number;
  readonly organization: number;
  readonly publicKey: Uint8Array;
  /** No longer in the fleet. */
  readonly revoked: boolean;
  /** Out of the fleet for now only, because its holder asked that nothing be kept (Art. 18 GDPR). */
  readonly restricted: boolean;
  readonly owner: Owner;
  /** See `Device`. */
  readonly agreement: string;
  readonly approval: DeviceApproval | null;
  readonly diverged: boolean;
  /** The newest moment that a report of it stood for. */
  readonly takenAt: Date | null;
  readonly leaveUntil: Date | null;
  readonly platform: Platform;
  /** Version of its organization's policy in force. */
  readonly policyVersion: number;
  /** Revision of its organization's waivers. */
  readonly waiverRevision: number;
}

type SenderRow = Pick<
  Selectable<Schema['devices']>,
  | 'number'
  | 'organization'
  | 'public_key'
  | 'revoked_at'
  | 'owner'
  | 'agreement'
  | 'approval'
  | 'diverged_at'
  | 'taken_at'
  | 'leave_until'
  | 'platform'
> & { policy_version: number; waiver_revision: number; restricted: string | null };

/** Looks up who may sign, with one statement worded once: it is asked for every report. */
export function senders(db: Database): (id: string) => Promise<Sender | undefined> {
  const senderById = db
    .selectFrom('devices')
    .innerJoin('organizations', 'organizations.number', 'devices.organization')
    .leftJoin('restrictions', 'restrictions.device', 'devices.id')
    .select([
      'restrictions.device as restricted',
      'devices.number',
      'devices.organization',
      'devices.public_key',
      'devices.revoked_at',
      'devices.owner',
      'devices.agreement',
      'devices.approval',
      'devices.diverged_at',
      'devices.taken_at',
      'devices.leave_until',
      'devices.platform',
      'organizations.policy_version',
      'organizations.waiver_revision',
    ])
    .where('devices.id', '=', '')
    .compile();
  return async (id) => {
    const { rows } = await db.executeQuery<SenderRow>({
      ...senderById,
      parameters: [id],
    } as CompiledQuery<SenderRow>);
    const row = rows[0];
    return (
      row && {
        number: row.number,
        organization: row.organization,
        publicKey: row.public_key,
        revoked: row.revoked_at !== null,
        restricted: row.restricted !== null,
        owner: row.owner as Owner,
        agreement: row.agreement,
        approval: approvalIn(row.approval),
        diverged: row.diverged_at !== null,
        takenAt: momentOf(row.taken_at),
        leaveUntil: momentOf(row.leave_until),
        platform: row.platform as Platform,
        policyVersion: row.policy_version,
        waiverRevision: row.waiver_revision,
      }
    );
  };
}
