import { notApplicable } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';

export const darwin: PointProbes<'local-name-lookup'> = {
  // macOS never learned LLMNR.
  async llmnr() {
    return notApplicable('not-on-this-system');
  },
};
