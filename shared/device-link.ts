import { z } from 'zod';

/**
 * Answer to `POST /api/v1/device-links`, signed like every request of a device: a one-time way to the page about this very laptop,
 * for the person who sits at it.
 */
export const DeviceLink = z.object({
  /** Below the collector's address: `/my-device/open?code=...`. */
  path: z.string().regex(/^\/my-device\/open\?code=[A-Za-z0-9_-]{43}$/),
  expiresAt: z.iso.datetime(),
});
export type DeviceLink = z.output<typeof DeviceLink>;
