import type { Severity, Status } from '../../shared/check.ts';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import { worstStatus } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import type { StoredState } from '../storage/devices.ts';
import type { PastDevice } from '../storage/past-fleet.ts';
import { statusReader } from './current-statuses.ts';

/** The statuses of one device at a moment. */
export interface PastStatuses {
  /** Of `firewall` and of `firewall/enabled`; undefined for what the device was never asked. */
  get(subject: string): Status | undefined;
}

/** A device as it was at a moment of the past. */
export interface DeviceThen {
  readonly device: PastDevice;
  readonly state: StoredState;
  /** Checks that counted and failed or were unknown, worst first. */
  readonly failing: readonly CheckId[];
  readonly unknown: readonly CheckId[];
  /** Undefined where it had not reported. */
  readonly statuses: PastStatuses | undefined;
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
  readonly points: ReadonlyMap<number, ReadonlyMap<string, { readonly before: Status }>>;
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
  const plans = checkIds.map((id) => planOf(id, policy));
  const counts = { failing: 0, unknown: 0, silent: 0, compliant: 0, 'on-leave': 0 };
  const tallies = new Map<string, Record<Status, number>>(
    checkIds.map((id) => [id, { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 }]),
  );
  // Most devices answer as many others do, and nothing of it has changed since: those are gone through once.
  const alike = new Map<string, Answered>();
  const unchanged = new Map<string, { readonly before: Status }>();
  const then = devices.map((device): DeviceThen => {
    const { number, state } = device;
    counts[state] += 1;
    const now = device.reported ? (statusReader(device.statuses) ?? found.get(number)) : undefined;
    if (now === undefined) return { device, state, failing: [], unknown: [], statuses: undefined };
    const changed = points.get(number) ?? unchanged;
    const mayBeAlike = changed.size === 0 && !found.has(number);
    let answered = mayBeAlike ? alike.get(device.statuses) : undefined;
    if (answered === undefined) {
      answered = answeredBy(plans, (subject) => changed.get(subject)?.before ?? now.get(subject));
      if (mayBeAlike) alike.set(device.statuses, answered);
    }
    if (state !== 'on-leave') {
      for (const { id, status } of answered.checks) (tallies.get(id) as Record<Status, number>)[status] += 1;
    }
    const failing: Ranked[] = [];
    const unknown: Ranked[] = [];
    for (const { id, failed, untold } of answered.wrong) {
      const counted = (bad: readonly DecidingPoint[]) =>
        bad.filter(({ point }) => !waived(device, id, point));
      const failedAndCounted = counted(failed);
      if (failedAndCounted.length > 0) {
        failing.push(ranked(id, failedAndCounted));
        continue;
      }
      const untoldAndCounted = counted(untold);
      if (untoldAndCounted.length > 0) unknown.push(ranked(id, untoldAndCounted));
    }
    return { device, state, failing: sorted(failing), unknown: sorted(unknown), statuses: answered.statuses };
  });
  return { counts, tallies, devices: then };
}

type Plan = ReturnType<typeof planOf>;
type DecidingPoint = Plan['deciding'][number];

/** What a device had answered, before anybody asks what was excused. */
interface Answered {
  readonly checks: readonly { readonly id: CheckId; readonly status: Status }[];
  /** Of the enforced checks that failed or could not be told, the points that decide. */
  readonly wrong: readonly {
    readonly id: CheckId;
    readonly failed: readonly DecidingPoint[];
    readonly untold: readonly DecidingPoint[];
  }[];
  readonly statuses: PastStatuses;
}

function answeredBy(plans: readonly Plan[], statusOf: (subject: string) => Status | undefined): Answered {
  const checks: { id: CheckId; status: Status }[] = [];
  const wrong: Answered['wrong'][number][] = [];
  for (const plan of plans) {
    const status = checkStatus(plan, statusOf);
    if (status === undefined) continue;
    const { id, deciding } = plan;
    checks.push({ id, status });
    // Most checks pass: only where something is wrong it matters which points.
    if (!plan.enforced || (status !== 'fail' && status !== 'unknown')) continue;
    const those = (is: Status) => deciding.filter(({ subject }) => statusOf(subject) === is);
    wrong.push({ id, failed: those('fail'), untold: those('unknown') });
  }
  return {
    checks,
    wrong,
    statuses: {
      get(subject) {
        const plan = subject.includes('/') ? undefined : plans.find(({ id }) => id === subject);
        return plan === undefined ? statusOf(subject) : checkStatus(plan, statusOf);
      },
    },
  };
}

/** The worst of the points that decide; undefined where none of them was ever asked. */
function checkStatus(plan: Plan, statusOf: (subject: string) => Status | undefined): Status | undefined {
  const known: Status[] = [];
  for (const { subject } of plan.deciding) {
    const status = statusOf(subject);
    if (status !== undefined) known.push(status);
  }
  return known.length === 0 ? undefined : worstStatus(known);
}

interface Ranked {
  readonly id: CheckId;
  readonly severity: number;
}
const ranked = (id: CheckId, points: readonly { readonly severity: number }[]): Ranked => ({
  id,
  severity: Math.min(...points.map(({ severity }) => severity)),
});
const sorted = (list: readonly Ranked[]): CheckId[] =>
  list.toSorted((a, b) => a.severity - b.severity).map(({ id }) => id);

/** The points (`firewall/enabled`) whose worst status is that of the check under a policy. */
export const decidingSubjects = (id: CheckId, policy: Policy): readonly string[] =>
  planOf(id, policy).deciding.map(({ subject }) => subject);

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
