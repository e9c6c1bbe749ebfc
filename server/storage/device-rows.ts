import type { Selectable } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { Machine } from '../../shared/machine.ts';
import type { DeviceApproval } from '../review/device-approval.ts';
import { momentOf } from './moments.ts';
import type { Schema } from './schema.ts';
import { type StoredState, stateOf } from './stored-states.ts';

/** Whose machine it is, as far as somebody has said. */
export const owners = ['company', 'contractor', 'personal', 'not-declared'] as const;
export type Owner = (typeof owners)[number];

/** A laptop as the collector knows it. */
export interface Device {
  readonly number: number;
  readonly id: string;
  readonly organization: number;
  readonly label: string;
  readonly assetTag: string | null;
  readonly owner: Owner;
  /** Reference of the agreement with the contractor whose machine it is; empty where none is on record. */
  readonly agreement: string;
  /** What the register of approvals says of it; null where it says nothing. */
  readonly approval: DeviceApproval | null;
  readonly publicKey: Uint8Array;
  readonly enrolledAt: Date;
  readonly revokedAt: Date | null;
  /** Nobody expects to hear from it until then; a moment that has passed means nothing. */
  readonly leaveUntil: Date | null;
  readonly machine: Machine;
  readonly system: string;
  readonly agent: string;
  readonly state: StoredState;
  /** Ids of enforced checks, worst first. */
  readonly failing: readonly string[];
  readonly unknown: readonly string[];
  /** 0 when it never reported. */
  readonly sequence: number;
  readonly receivedAt: Date | null;
  /** The report with the facts in force. */
  readonly factsSequence: number | null;
  readonly reportDigest: Uint8Array | null;
  readonly divergedAt: Date | null;
  readonly clockSkewSeconds: number;
}

/** What a device's row says of approvals. */
export const approvalIn = (text: string | null): DeviceApproval | null =>
  text === null ? null : (JSON.parse(text) as DeviceApproval);

/** A row as the collector speaks of it. */
export function deviceOf(row: Selectable<Schema['devices']>): Device {
  const list = (text: string) => (text === '' ? [] : text.split(','));
  return {
    number: row.number,
    id: row.id,
    organization: row.organization,
    label: row.label,
    assetTag: row.asset_tag,
    owner: row.owner as Owner,
    agreement: row.agreement,
    approval: approvalIn(row.approval),
    publicKey: row.public_key,
    enrolledAt: new Date(row.enrolled_at),
    revokedAt: momentOf(row.revoked_at),
    leaveUntil: momentOf(row.leave_until),
    machine: {
      platform: row.platform as Platform,
      osName: row.os_name,
      ...(row.os_version !== null && { osVersion: row.os_version }),
      ...(row.edition !== null && { edition: row.edition }),
      ...(row.desktop !== null && { desktop: row.desktop as NonNullable<Machine['desktop']> }),
    },
    system: row.system,
    agent: row.agent,
    state: stateOf(row.state),
    failing: list(row.failing),
    unknown: list(row.unknown),
    sequence: row.sequence,
    receivedAt: momentOf(row.received_at),
    factsSequence: row.facts_sequence,
    reportDigest: row.report_digest,
    divergedAt: momentOf(row.diverged_at),
    clockSkewSeconds: row.clock_skew,
  };
}
