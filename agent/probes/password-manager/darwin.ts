import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { isNamed, listedApps, productOf } from '../../readings/darwin/installed-apps.ts';

export const darwin: PointProbes<'password-manager'> = {
  async present(sources, { also }) {
    const { apps, failure } = await listedApps(sources);
    const asked = fingerprint(also);
    if (apps.some((app) => productOf('passwordManagers', app) !== undefined))
      return known({ found: 'catalogue', asked });
    if (apps.some((app) => also.some((name) => isNamed(app, name)))) return known({ found: 'named', asked });
    if (failure !== undefined) throw failure;
    return known({ found: 'none', asked });
  },
};
