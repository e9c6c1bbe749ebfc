import { unknown } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';

/** Linux has no device management of its own, and no read is documented for what companies add. */
export const linux: PointProbes<'device-management'> = {
  managed: async () => unknown('unsupported'),
  'lost-mode': async () => unknown('unsupported'),
};
