import { known } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { enrollment } from '../../readings/darwin/enrollment.ts';
import { isUserEnrollment } from '../../readings/darwin/security-info.ts';

export const darwin: PointProbes<'device-management'> = {
  async managed(sources) {
    return known({ enrolled: (await enrollment(sources)) !== 'no' });
  },
  /** A person's own enrollment of their own Mac can neither lock nor wipe it. */
  async 'lost-mode'(sources) {
    if ((await enrollment(sources)) === 'no') return known({ capable: false });
    return known({ capable: !(await isUserEnrollment(sources)) });
  },
};
