import type { Selectable } from 'kysely';
import { covers, type DeviceWaiver, type WaivedDevice, type WaiverScope } from '../../shared/waiver.ts';
import type { Actor } from './audit.ts';
import { momentOf } from './moments.ts';
import type { WaiverTables } from './waiver-tables.ts';

/** A waiver in whatever stage it is: asked for, approved, refused, withdrawn; one whose time is over stays approved. */
export interface WaiverRecord {
  readonly id: string;
  readonly organization: number;
  readonly scope: WaiverScope;
  readonly check: string;
  /** Null for every point of the check. */
  readonly point: string | null;
  /** The one removable medium it approves on its device; null for one that excuses. */
  readonly medium: string | null;
  readonly reason: string;
  readonly control: string;
  readonly requestedBy: Actor;
  readonly requestedAt: Date;
  readonly status: 'requested' | 'approved' | 'refused' | 'withdrawn';
  readonly decidedBy: Actor | null;
  readonly decidedAt: Date | null;
  /** As asked for until it is approved; null where the asker named none. */
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
  /** Expiry, withdrawal or refusal; null while it waits. */
  readonly endsAt: Date | null;
  /** The device it is for, as lists name it; null for a group. */
  readonly device: { readonly id: string; readonly label: string; readonly assetTag: string | null } | null;
}

/** One step in the life of a waiver. */
export interface WaiverEvent {
  readonly at: Date;
  readonly actor: Actor;
  readonly action: 'request' | 'approve' | 'refuse' | 'shorten' | 'withdraw';
  /** The actor's own words. */
  readonly note: string;
  readonly expiresAt: Date | null;
}

/** The approved waivers of an organization as judging needs them. */
export interface GrantedWaivers {
  /** Rises with every change of them; a judgement names the one it knew. */
  readonly revision: number;
  /** Those for one device, whenever they run. */
  of(device: WaivedDevice): readonly DeviceWaiver[];
}

/** A device has its own waivers looked up and only those of groups compared: asked for every report. */
export function grantedOf(revision: number, waivers: readonly WaiverRecord[]): GrantedWaivers {
  const own = Map.groupBy(
    waivers.filter(({ scope }) => scope.kind === 'device'),
    ({ scope }) => (scope.kind === 'device' ? scope.device : ''),
  );
  const groups = waivers.filter(({ scope }) => scope.kind !== 'device');
  return {
    revision,
    of: (device) =>
      [...(own.get(device.id) ?? []), ...groups.filter(({ scope }) => covers(scope, device))].map(
        deviceWaiver,
      ),
  };
}

/** What the device itself is told of a waiver. Only of one that was approved, which has a start and an end. */
export function deviceWaiver(record: WaiverRecord): DeviceWaiver {
  const { id, check, point, medium, reason, startsAt, expiresAt } = record;
  if (startsAt === null || expiresAt === null) throw new Error('a waiver that nobody approved');
  return {
    id,
    check,
    point,
    ...(medium !== null && { medium }),
    reason,
    startsAt: startsAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** How a waiver says what it is about: `firewall`, `firewall/enabled`, `removable-media/approved/m3fa2b1c8d4e5`. */
export const subjectOf = ({
  check,
  point,
  medium = null,
}: {
  readonly check: string;
  readonly point: string | null;
  readonly medium?: string | null | undefined;
}): string => [check, point, medium].filter((part) => part !== null).join('/');

type Row = Selectable<WaiverTables['waivers']> & { label: string | null; asset_tag: string | null };

export function recordOf(row: Row): WaiverRecord {
  const [check = '', point, medium] = row.subject.split('/');
  return {
    id: row.id,
    organization: row.organization,
    scope: scopeOf(row),
    check,
    point: point ?? null,
    medium: medium ?? null,
    reason: row.reason,
    control: row.control,
    requestedBy: row.requested_by as Actor,
    requestedAt: new Date(row.requested_at),
    status: row.status as WaiverRecord['status'],
    decidedBy: row.decided_by as Actor | null,
    decidedAt: momentOf(row.decided_at),
    startsAt: momentOf(row.starts_at),
    expiresAt: momentOf(row.expires_at),
    endsAt: momentOf(row.ends_at),
    device: row.label === null ? null : { id: row.target, label: row.label, assetTag: row.asset_tag },
  };
}

function scopeOf({ scope, target }: Pick<Row, 'scope' | 'target'>): WaiverScope {
  const scopes = {
    device: { kind: 'device', device: target },
    platform: { kind: 'platform', platform: target },
    owner: { kind: 'owner', owner: target },
    organization: { kind: 'organization' },
  };
  return scopes[scope as keyof typeof scopes] as WaiverScope;
}
