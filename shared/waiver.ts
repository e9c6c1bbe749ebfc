import { z } from 'zod';
import { Platform } from './answer.ts';
import type { Finding, PointResult } from './judge.ts';
import { type ApprovedMedium, MediumId } from './medium.ts';
import type { Policy } from './policy.ts';
import { Id } from './report.ts';

/** Whose machine it is, where somebody has declared it: what a waiver may be for. */
export const waiverOwners = ['company', 'contractor', 'personal'] as const;

/** Whom a waiver is for: one device, a group of them, or the whole organization. */
export const WaiverScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('device'), device: Id }),
  z.strictObject({ kind: z.literal('platform'), platform: Platform }),
  z.strictObject({ kind: z.literal('owner'), owner: z.enum(waiverOwners) }),
  z.strictObject({ kind: z.literal('organization') }),
]);
export type WaiverScope = z.output<typeof WaiverScope>;

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const excuse = {
  id: Id,
  check: Name,
  /** One point, or every point of the check when null. */
  point: Name.nullable(),
  /** It approves this one medium on this device, and excuses nothing else. */
  medium: MediumId.optional(),
  reason: z.string().min(10).max(1_000),
  startsAt: z.iso.datetime(),
  /** The first moment it no longer holds. */
  expiresAt: z.iso.datetime(),
};

/** A dated, justified, approved excuse. The check still runs and shows its true status; it is just not counted. */
export const Waiver = z.strictObject({
  ...excuse,
  scope: WaiverScope,
  compensatingControl: z.string().max(1_000).default(''),
  requestedBy: z.string().max(200),
  approvedBy: z.string().max(200),
});
export type Waiver = z.output<typeof Waiver>;

/** A waiver as the device it is for learns of it: what it excuses, until when and why; not who asked or decided. */
export const DeviceWaiver = z.object(excuse);
export type DeviceWaiver = z.output<typeof DeviceWaiver>;

/** What decides whether a waiver is for a device. */
export interface WaivedDevice {
  readonly id: string;
  readonly platform: Platform;
  readonly owner: string;
}

/** Is a waiver of this scope for that device? Pure. */
export function covers(scope: WaiverScope, device: WaivedDevice): boolean {
  switch (scope.kind) {
    case 'device':
      return scope.device === device.id;
    case 'platform':
      return scope.platform === device.platform;
    case 'owner':
      return scope.owner === device.owner;
    case 'organization':
      return true;
  }
}

/** Does a waiver excuse this point? One that approves a medium excuses nothing: with it the point passes by itself. Pure. */
export const excuses = (
  waiver: {
    readonly check: string;
    readonly point: string | null;
    readonly medium?: string | null | undefined;
  },
  check: string,
  point: string,
): boolean =>
  waiver.check === check && (waiver.point === null || waiver.point === point) && waiver.medium == null;

const isInForce = ({ startsAt, expiresAt }: DeviceWaiver, at: number) =>
  Date.parse(startsAt) <= at && at < Date.parse(expiresAt);

/** The media that these waivers of one device approve at that moment, by id; of several for one the longest counts. Pure. */
export function approvedMedia(waivers: readonly DeviceWaiver[], now: Date): readonly ApprovedMedium[] {
  const approved = new Map<string, ApprovedMedium>();
  for (const waiver of waivers) {
    const { medium: id, expiresAt: until } = waiver;
    if (id === undefined || !isInForce(waiver, now.getTime())) continue;
    const known = approved.get(id);
    if (known === undefined || Date.parse(known.until) < Date.parse(until)) approved.set(id, { id, until });
  }
  return [...approved.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The waiver that excuses this point at that moment, if there is one: of several the one that lasts longest. Pure. */
export function waiverFor(
  waivers: readonly DeviceWaiver[],
  check: string,
  point: string,
  now: Date,
): DeviceWaiver | undefined {
  return waivers
    .filter((waiver) => excuses(waiver, check, point) && isInForce(waiver, now.getTime()))
    .toSorted((a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt))[0];
}

/**
 * The findings of one device with the waivers that are for it: a point that fails or could not be told keeps its status and says
 * until when and why it is not counted. A finding that no waiver touches is the same object as before. Pure.
 */
export function withWaivers(
  findings: readonly Finding[],
  waivers: readonly DeviceWaiver[],
  now: Date,
): readonly Finding[] {
  if (waivers.length === 0) return findings;
  return findings.map((finding) => {
    if (!waivers.some(({ check }) => check === finding.check)) return finding;
    const points = finding.points.map((point) => waived(finding, point, waivers, now));
    return points.some((point, index) => point !== finding.points[index]) ? { ...finding, points } : finding;
  });
}

function waived(
  finding: Finding,
  point: PointResult,
  waivers: readonly DeviceWaiver[],
  now: Date,
): PointResult {
  if (point.status !== 'fail' && point.status !== 'unknown') return point;
  const waiver = waiverFor(waivers, finding.check, point.point, now);
  if (waiver === undefined) return point;
  return { ...point, waiver: { id: waiver.id, until: waiver.expiresAt, reason: waiver.reason } };
}

/** The next moment after `now` at which one of these waivers begins or ends; undefined when nothing is to come. Pure. */
export function nextWaiverChange(waivers: readonly DeviceWaiver[], now: Date): Date | undefined {
  const moments = waivers
    .flatMap(({ startsAt, expiresAt }) => [Date.parse(startsAt), Date.parse(expiresAt)])
    .filter((moment) => moment > now.getTime());
  return moments.length === 0 ? undefined : new Date(Math.min(...moments));
}

/** How long a waiver may last, in days, where the policy does not say. */
const defaultMaxDays = 90;

/** How long a waiver may last under a policy, in days from its start. */
export const maxWaiverDays = (policy: Pick<Policy, 'waivers'>): number =>
  policy.waivers?.maxDays ?? defaultMaxDays;
