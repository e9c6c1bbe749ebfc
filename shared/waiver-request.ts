import { z } from 'zod';
import { isMediumPoint, MediumId } from './medium.ts';
import { Id } from './report.ts';

/**
 * `POST /api/v1/waiver-requests`, signed like every request of a device: a person asks to be excused. It decides nothing; an
 * approved waiver of the organization does. The same id again is the same request.
 */
export const WaiverRequest = z
  .strictObject({
    id: Id,
    check: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    /** One point, or every point of the check when null. */
    point: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
      .nullable(),
    /** One removable medium that is to be approved; left out where it is about the point as a whole. */
    medium: MediumId.optional(),
    /** The person's own words. */
    reason: z.string().min(10).max(1_000),
  })
  .refine(
    ({ check, point, medium }) => medium === undefined || isMediumPoint(check, point),
    'a medium is approved at removable-media/approved',
  );
export type WaiverRequest = z.output<typeof WaiverRequest>;
