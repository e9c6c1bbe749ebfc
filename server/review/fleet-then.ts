import type { Severity, Status } from '../../shared/check.ts';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import { worstStatus } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import type { StoredState } from '../storage/devices.ts';
import type { PastDevice } from '../storage/history.ts';
import { currentStatuses } from './current-statuses.ts';

/** A device as it was at a moment of the past. */
export interface DeviceThen {
  readonly device: PastDevice;
  readonly state: StoredState;
  /** Checks that counted and failed or were unknown, worst first. */
  readonly failing: readonly CheckId[];
  readonly unknown: readonly CheckId[];
  /** By `firewall` and `firewall/enabled`; undefined where it had not reported. */
  readonly statuses: ReadonlyMap<string, Status> | undefined;
}

/** The fleet as it was at a moment of the past. */
export interface FleetThen {
  readonly counts: Readonly<Record<StoredState, number>>;
  /** By check: how the devices that counted answered it. */
  readonly tallies: ReadonlyMap<string, Readonly<Record<Status, number>>>;
  readonly devices: readonly DeviceThen[];
}

export interface Past {
  readonly devices: readonly PastDevice[];
  /** What points were then, for those that changed since; by device. */
  readonly points: ReadonlyMap<number, ReadonlyMap<string, Status>>;
  /** Statuses of devices whose text no longer says them; by device. */
  readonly found: ReadonlyMap<number, ReadonlyMap<string, Status>>;
  /** The policy then in force. */
  readonly policy: Policy;
  /** Was this point of this device excused then? */
  readonly waived: (device: PastDevice, check: string, point: string) => boolean;
}

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/**
 * How the fleet stood: each point as it was, each check by the policy then in force, each device where the collector said it
 * stands. Devices on leave are listed and not counted among the answers. Pure.
 */
export function fleetThen({ devices, points, found, policy, waived }: Past): FleetThen {
  const plan = checkIds.map((id) => planOf(id, policy));
  const counts = { failing: 0, unknown: 0, silent: 0, compliant: 0, 'on-leave': 0 };
  const tallies = new Map<string, Record<Status, number>>(
    checkIds.map((id) => [id, { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 }]),
  );
  const then = devices.map((device): DeviceThen => {
    counts[device.state] += 1;
    const now = device.reported ? (currentStatuses(device.statuses) ?? found.get(device.number)) : undefined;
    if (now === undefined) {
      return { device, state: device.state, failing: [], unknown: [], statuses: undefined };
    }
    const statuses = new Map(now);
    for (const [subject, status] of points.get(device.number) ?? []) statuses.set(subject, status);
    const failing: { id: CheckId; severity: number }[] = [];
    const unknown: { id: CheckId; severity: number }[] = [];
    for (const { id, deciding, enforced } of plan) {
      const known = deciding.filter(({ subject }) => statuses.has(subject));
      if (known.length === 0) continue;
      const status = worstStatus(known.map(({ subject }) => statuses.get(subject) ?? 'unknown'));
      statuses.set(id, status);
      if (device.state !== 'on-leave') (tallies.get(id) as Record<Status, number>)[status] += 1;
      if (!enforced) continue;
      const counted = known.filter(({ point, subject }) => {
        const is = statuses.get(subject);
        return (is === 'fail' || is === 'unknown') && !waived(device, id, point);
      });
      for (const [is, list] of [
        ['fail', failing],
        ['unknown', unknown],
      ] as const) {
        const bad = counted.filter(({ subject }) => statuses.get(subject) === is);
        if (bad.length === 0) continue;
        list.push({ id, severity: Math.min(...bad.map(({ severity }) => severity)) });
        break;
      }
    }
    const sorted = (list: typeof failing) =>
      list.toSorted((a, b) => a.severity - b.severity).map(({ id }) => id);
    return { device, state: device.state, failing: sorted(failing), unknown: sorted(unknown), statuses };
  });
  return { counts, tallies, devices: then };
}

/** Which points decide a check under a policy, as `judgeCheck` has it: those enforced, else those asked, else all. */
function planOf(id: CheckId, policy: Policy) {
  const all = Object.entries(policy.checks[id]).map(([point, { mode, severity }]) => ({
    point,
    subject: `${id}/${point}`,
    mode,
    severity: order.indexOf(severity),
  }));
  const enforced = all.filter(({ mode }) => mode === 'enforce');
  const counted = enforced.length > 0 ? enforced : all.filter(({ mode }) => mode !== 'off');
  return { id, deciding: counted.length > 0 ? counted : all, enforced: enforced.length > 0 };
}
