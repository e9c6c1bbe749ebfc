import type { Status } from '../../shared/check.ts';
import type { Policy } from '../../shared/policy.ts';
import { covers, excuses } from '../../shared/waiver.ts';
import { statusReader } from '../review/current-statuses.ts';
import { type FleetThen, fleetThen } from '../review/fleet-then.ts';
import type { PolicyVersion } from '../storage/policies.ts';
import type { Stores } from '../storage/stores.ts';
import type { WaiverRecord } from '../storage/waivers.ts';

const dayMs = 86_400_000;
/** Versions of one policy; nobody publishes so many. */
const everyVersion = 10_000;

/** A day somebody looks back at. */
export interface PastDay {
  /** `2026-09-30` */
  readonly date: string;
  /** Its last millisecond, UTC. */
  readonly at: Date;
}

/** The day an address names; null where it names none, today, or a day to come. */
export function pastDay(text: unknown, now: Date): PastDay | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const start = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text) return null;
  const end = start + dayMs - 1;
  return start > 0 && end < now.getTime() ? { date: text, at: new Date(end) } : null;
}

/** An organization as it was at a moment. */
export interface OrganizationThen {
  readonly fleet: FleetThen;
  readonly policy: Policy;
  readonly waivers: readonly WaiverRecord[];
}

/** The version that was in force at a moment; before the first one, the first. */
export async function policyThen(
  stores: Pick<Stores, 'policies' | 'organizations'>,
  organization: number,
  at: Date,
): Promise<Policy> {
  const versions = await publishedVersions(stores, organization);
  const version = versions.find(({ effectiveFrom }) => effectiveFrom <= at) ?? versions.at(-1);
  if (version === undefined) throw new Error('an organization without a policy');
  return (await stores.organizations.policyVersion(organization, version.version)).policy;
}

/** Every version that is or was in force, newest first. */
export async function publishedVersions(
  stores: Pick<Stores, 'policies'>,
  organization: number,
): Promise<readonly PolicyVersion[]> {
  const versions = await stores.policies.versions(organization, undefined, everyVersion);
  return versions.filter(({ state }) => state === 'in-force' || state === 'past');
}

/**
 * How an organization stood at a moment: its devices, what they answered, by the policy and with the waivers then in force. What is
 * kept of every change is enough for that; no report is judged again.
 */
export async function lookBack(
  stores: Pick<Stores, 'policies' | 'organizations' | 'history' | 'waivers' | 'findings'>,
  organization: number,
  at: Date,
): Promise<OrganizationThen> {
  const [policy, waivers, devices, points] = await Promise.all([
    policyThen(stores, organization, at),
    stores.waivers.asOf(organization, at),
    stores.history.fleet(organization, at),
    stores.history.pointsSince(organization, at),
  ]);
  const found = new Map<number, ReadonlyMap<string, Status>>();
  for (const { number, reported, statuses } of devices) {
    // Another build wrote it, and the device has not been judged since.
    if (!reported || statusReader(statuses) !== undefined) continue;
    const findings = await stores.findings.ofDevice(organization, number);
    found.set(number, new Map([...findings].map(([subject, { status }]) => [subject, status])));
  }
  const fleet = fleetThen({
    devices,
    points,
    found,
    policy,
    waived: (device, check, point) =>
      waivers.some((waiver) => excuses(waiver, check, point) && covers(waiver.scope, device)),
  });
  return { fleet, policy, waivers };
}
