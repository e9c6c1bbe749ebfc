import type { Status } from '../../shared/check.ts';
import type { WaiverScope } from '../../shared/waiver.ts';
import type { Database } from './database.ts';

/** A device a waiver is for, which would fail or be unknown there without it. */
export interface CoveredDevice {
  readonly id: string;
  readonly label: string;
  readonly assetTag: string | null;
  readonly status: Extract<Status, 'fail' | 'unknown'>;
  readonly since: Date;
}

/** What a waiver excuses at this moment: how many devices fail or are unknown there, and the first of them by name. */
export interface Coverage {
  readonly total: number;
  readonly devices: readonly CoveredDevice[];
}

/** Looks up what a waiver of this scope excuses now. `subject` is `firewall` or `firewall/enabled`. */
export async function coverage(
  db: Database,
  organization: number,
  scope: WaiverScope,
  subject: string,
  limit: number,
): Promise<Coverage> {
  let covered = db
    .selectFrom('findings')
    .innerJoin('devices', 'devices.number', 'findings.device')
    .where('findings.organization', '=', organization)
    .where('findings.subject', '=', subject)
    .where('findings.status', 'in', ['fail', 'unknown'])
    .where('devices.revoked_at', 'is', null);
  if (scope.kind === 'device') covered = covered.where('devices.id', '=', scope.device);
  if (scope.kind === 'platform') covered = covered.where('devices.platform', '=', scope.platform);
  if (scope.kind === 'owner') covered = covered.where('devices.owner', '=', scope.owner);
  const [{ total }, rows] = await Promise.all([
    covered.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    covered
      .select(['devices.id', 'devices.label', 'devices.asset_tag', 'findings.status', 'findings.since'])
      .orderBy('devices.label')
      .limit(limit)
      .execute(),
  ]);
  return {
    total: Number(total),
    devices: rows.map((row) => ({
      id: row.id,
      label: row.label,
      assetTag: row.asset_tag,
      status: row.status as CoveredDevice['status'],
      since: new Date(row.since),
    })),
  };
}
