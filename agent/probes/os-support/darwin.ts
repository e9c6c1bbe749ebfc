import { known } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { osVersion } from '../../readings/darwin/os-version.ts';

export const darwin: PointProbes<'os-support'> = {
  async supported(sources) {
    const version = await osVersion(sources);
    // Before 11 the second number was the release: 10.15.
    const release = /^10\.\d+/.exec(version)?.[0] ?? String(Number.parseInt(version, 10));
    return known({ product: 'macos', release });
  },
};
