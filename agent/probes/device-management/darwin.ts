import { known } from '../../../shared/answer.ts';
import type { Probe } from '../../probe.ts';
import { enrollment } from '../../readings/darwin/enrollment.ts';
import { securityInfo } from '../../readings/darwin/security-info.ts';

export const darwin: NonNullable<Probe<'device-management'>['darwin']> = {
  async managed(sources) {
    return known({ enrolled: (await enrollment(sources)) !== 'no' });
  },
  /** A person's own enrollment of their own Mac can neither lock nor wipe it. */
  async 'lost-mode'(sources) {
    if ((await enrollment(sources)) === 'no') return known({ capable: false });
    return known({ capable: !(await securityInfo(sources, 'ManagementStatus/IsUserEnrollment')) });
  },
};
