import type { Probes } from '../probe.ts';
import { diskEncryption } from './disk-encryption/index.ts';
import { firewall } from './firewall/index.ts';
import { passwordPolicy } from './password-policy/index.ts';
import { removableMedia } from './removable-media/index.ts';
import { screenLock } from './screen-lock/index.ts';

/** How each check is read. A check of the catalogue without a probe does not compile. */
export const probes: Probes = {
  'screen-lock': screenLock,
  'disk-encryption': diskEncryption,
  'password-policy': passwordPolicy,
  firewall,
  'removable-media': removableMedia,
};
