import { z } from 'zod';
import type { Finding, PointResult } from './judge.ts';
import { Id } from './report.ts';

/** A dated, justified, approved excuse. The check still runs and shows its true status; it is just not counted. */
export const Waiver = z.strictObject({
  id: Id,
  /** A device, or every device of the organization when null. */
  device: Id.nullable(),
  check: z.string().max(40),
  /** One point, or every point of the check when null. */
  point: z.string().max(40).nullable(),
  reason: z.string().min(10).max(1_000),
  compensatingControl: z.string().max(1_000).default(''),
  requestedBy: z.string().max(200),
  approvedBy: z.string().max(200),
  startsAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Waiver = z.output<typeof Waiver>;

/** The waiver that excuses this point of this device at that moment, if there is one. Pure. */
export function waiverFor(
  waivers: readonly Waiver[],
  device: string,
  finding: Pick<Finding, 'check'>,
  point: Pick<PointResult, 'point'>,
  now: Date,
): Waiver | undefined {
  return waivers.find(
    (waiver) =>
      (waiver.device === null || waiver.device === device) &&
      waiver.check === finding.check &&
      (waiver.point === null || waiver.point === point.point) &&
      Date.parse(waiver.startsAt) <= now.getTime() &&
      now.getTime() < Date.parse(waiver.expiresAt),
  );
}
