import { notApplicable } from '../../../shared/answer.ts';
import type { Probe } from '../../probe.ts';

export const darwin: NonNullable<Probe<'legacy-tls'>['darwin']> = {
  // macOS has no switch for all programs.
  async off() {
    return notApplicable('not-on-this-system');
  },
};
