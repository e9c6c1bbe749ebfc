import { known } from '../../../shared/answer.ts';
import { byPackage } from '../../../shared/data/recognise.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { readPackages } from '../../readings/linux/packages.ts';

/** Packages of the distribution; a flatpak or snap is not seen. */
export const linux: PointProbes<'password-manager'> = {
  async present(sources, { also }) {
    const packages = await readPackages(sources);
    const asked = fingerprint(also);
    if (packages.some(({ name }) => byPackage('passwordManagers', name) !== undefined)) {
      return known({ found: 'catalogue', asked });
    }
    const wanted = new Set(also.map((name) => name.toLowerCase()));
    return known({
      found: packages.some(({ name }) => wanted.has(name.toLowerCase())) ? 'named' : 'none',
      asked,
    });
  },
};
