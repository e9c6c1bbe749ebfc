import type { Status } from '../../shared/check.ts';
import type { Policy } from '../../shared/policy.ts';
import { covers, excuses } from '../../shared/waiver.ts';
import { statusReader } from '../review/current-statuses.ts';
import { type FleetThen, fleetThen } from '../review/fleet-then.ts';
import type { Stores } from '../storage/stores.ts';
import type { WaiverRecord } from '../storage/waivers.ts';
import { deviceThen } from './device-then.ts';
import { policyThen } from './policy-then.ts';

const dayMs = 86_400_000;

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

/**
 * How an organization stood at a moment: its devices, what they answered, by the policy and with the waivers then in force. What is
 * kept of every change is enough for that; no report is judged again, but for laptops that were retired before this build came.
 */
export async function lookBack(
  stores: Pick<
    Stores,
    'policies' | 'organizations' | 'history' | 'waivers' | 'findings' | 'devices' | 'reports'
  >,
  organization: number,
  at: Date,
): Promise<OrganizationThen> {
  const [policy, waivers] = await Promise.all([
    policyThen(stores, organization, at),
    stores.waivers.asOf(organization, at),
  ]);
  // One after the other: a report that comes meanwhile changes what a laptop says now, and what it said before is read after that.
  const devices = await stores.history.fleet(organization, at);
  const points = await stores.history.pointsSince(organization, at);
  const found = new Map<number, ReadonlyMap<string, Status>>();
  for (const { number, id, reported, statuses } of devices) {
    // Another build wrote it, and the device has not been judged since.
    if (!reported || statusReader(statuses) !== undefined) continue;
    const findings = await stores.findings.ofDevice(organization, number);
    if (findings.size > 0) {
      found.set(number, new Map([...findings].map(([subject, { status }]) => [subject, status])));
      continue;
    }
    // Taken out of the fleet since: nothing is kept but the reports it signed.
    const device = await stores.devices.byId(organization, id);
    const then = device && (await deviceThen(stores, device, at));
    const answers = then?.assessment.findings.flatMap(({ check, points: of }) =>
      of.map(({ point, status }) => [`${check}/${point}`, status] as const),
    );
    found.set(number, new Map(answers));
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
