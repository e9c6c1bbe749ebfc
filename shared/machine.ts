import { z } from 'zod';
import { Platform } from './answer.ts';

/** Desktop environments whose settings the agent knows how to read and to explain. */
export const Desktop = z.enum([
  'gnome',
  'kde',
  'xfce',
  'cinnamon',
  'mate',
  'sway',
  'hyprland',
  'i3',
  'other',
  'none',
]);
export type Desktop = z.infer<typeof Desktop>;

/**
 * What kind of machine it is: enough to look up support dates and to name the right menu, nothing that tells two
 * laptops of one model apart. `osName` is `macos`, `windows`, or os-release's ID on Linux.
 */
export const Machine = z.strictObject({
  platform: Platform,
  osName: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,31}$/),
  /** `15.7.1`, `24.04`, `10.0.26200`; absent on rolling distributions and where it could not be read. */
  osVersion: z
    .string()
    .regex(/^[0-9][0-9A-Za-z._-]{0,31}$/)
    .optional(),
  /** Windows edition id (`Professional`, `Core`), for its own support dates. */
  edition: z
    .string()
    .regex(/^[A-Za-z0-9]{1,40}$/)
    .optional(),
  desktop: Desktop.optional(),
});
export type Machine = z.infer<typeof Machine>;
