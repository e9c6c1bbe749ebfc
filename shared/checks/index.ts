import { diskEncryption } from './disk-encryption.ts';
import { firewall } from './firewall.ts';
import { passwordPolicy } from './password-policy.ts';
import { removableMedia } from './removable-media.ts';
import { screenLock } from './screen-lock.ts';

/** The catalogue, in the order people read it. */
export const checks = {
  'screen-lock': screenLock,
  'disk-encryption': diskEncryption,
  'password-policy': passwordPolicy,
  firewall,
  'removable-media': removableMedia,
} as const;

export type CheckId = keyof typeof checks;
export const checkIds = Object.keys(checks) as CheckId[];
