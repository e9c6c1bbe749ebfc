import type { Status } from '../../shared/check.ts';
import type { Policy } from '../../shared/policy.ts';

/** What the register _Personal data on laptops_ says of one laptop. */
export interface DeviceApproval {
  readonly basis: 'approval' | 'no-personal-data';
  /** The day it was approved, and the last day it is good for (UTC). */
  readonly since: string;
  readonly until: string | null;
  /** Ended before its time. */
  readonly withdrawn: boolean;
  /** On which conditions, by the register's names. */
  readonly conditions: readonly string[];
}

/** A record of that register which somebody approved. */
export interface ApprovalRecord {
  readonly state: string;
  readonly approvedAt: Date;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What holds of a laptop's records: the one in force that was approved last, else the last that ended. Null where there is neither. */
export function approvalOf(records: readonly ApprovalRecord[]): DeviceApproval | null {
  const newestFirst = records.toSorted((a, b) => b.approvedAt.getTime() - a.approvedAt.getTime());
  const inForce = newestFirst.find(({ state }) => state === 'approved');
  const decides = inForce ?? newestFirst.find(({ state }) => state === 'ended');
  if (decides === undefined) return null;
  const { content, until, conditions } = decides.values;
  return {
    basis: content === 'none' ? 'no-personal-data' : 'approval',
    since: decides.approvedAt.toISOString().slice(0, 10),
    until: typeof until === 'string' ? until : null,
    withdrawn: inForce === undefined,
    conditions: Array.isArray(conditions) ? conditions.filter((one) => typeof one === 'string') : [],
  };
}

/** What a laptop can show of a condition, by point; the others are a person's word. */
const shownBy: Readonly<Record<string, string>> = {
  encrypted: 'disk-encryption/system',
  locked: 'screen-lock/idle',
  updated: 'os-updates/pending',
};

const none = Object.freeze({ basis: 'none', withdrawn: false, unmet: 0, undecided: 0 } as const);

/** What the check on approvals judges: the record, and how the points stand that it and the policy make a condition. */
export function approvalSaid(
  approval: DeviceApproval | null,
  policy: Policy,
  statusOf: (subject: string) => Status | undefined,
) {
  if (approval === null) return none;
  const { basis, since, until, withdrawn, conditions } = approval;
  const { mode, params } = policy.checks['device-approval']['approved'] ?? {};
  const { requires = [] } = (params ?? {}) as { requires?: readonly string[] };
  const own = conditions.map((condition) =>
    Object.hasOwn(shownBy, condition) ? shownBy[condition] : undefined,
  );
  const asked = mode === 'off' || basis === 'no-personal-data' ? [] : [...requires, ...own];
  const points = new Set(
    asked.filter((point) => point !== undefined && point !== 'device-approval/approved'),
  );
  const statuses = [...points].map((point) => statusOf(point ?? ''));
  return {
    basis,
    since,
    ...(until !== null && { until }),
    withdrawn,
    unmet: statuses.filter((status) => status === 'fail').length,
    undecided: statuses.filter((status) => status === undefined || status === 'unknown').length,
  };
}
