import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { readPackages } from '../../readings/linux/packages.ts';

/** A name of the policy is a package name here. */
export const linux: PointProbes<'required-apps'> = {
  async present(sources, { names }) {
    const asked = fingerprint(names);
    if (names.length === 0) return known({ wanted: 0, missing: 0, asked });
    const installed = new Set((await readPackages(sources)).map(({ name }) => name.toLowerCase()));
    const missing = names.filter((name) => !installed.has(name.toLowerCase())).length;
    return known({ wanted: names.length, missing, asked });
  },
};
