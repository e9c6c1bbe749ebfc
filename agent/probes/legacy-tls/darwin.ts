import { notApplicable } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';

export const darwin: PointProbes<'legacy-tls'> = {
  // macOS has no switch for all programs.
  async off() {
    return notApplicable('not-on-this-system');
  },
};
