import { z } from 'zod';

/**
 * What stands for one removable medium on one device: `m` and the start of a hash that is salted there. It means nothing on any
 * other device, and nobody without the salt can tell which medium it is. The letter keeps YAML from taking one for a number.
 */
export const MediumId = z
  .string()
  .regex(/^m[0-9a-f]{12}$/)
  .describe('a number that stands for one stick on this laptop only, such as m3fa2b1c8d4e5');

/** The one point at which a single medium can be approved. */
export const mediumPoint = { check: 'removable-media', point: 'approved' } as const;

/** Whether a single medium can be approved there: at that point, and on one device, as its number means nothing on any other. Pure. */
export const isMediumPoint = (check: string, point: string | null | undefined): boolean =>
  check === mediumPoint.check && point === mediumPoint.point;

/** What a waiver of one medium is called in lists, where others name their point. */
export const mediumTitle = (medium: string): string => `Approve ${medium}`;

/** A medium that the organization approved on this device, by a waiver. */
export interface ApprovedMedium {
  readonly id: string;
  /** The first moment it is not approved any more, as a UTC timestamp. */
  readonly until: string;
}
