import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { isInstalled, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';

/** By the names Settings > Installed apps shows. Windows 10 and 11. */
export const win32: PointProbes<'required-apps'> = {
  async present(sources, { names }) {
    const asked = fingerprint(names);
    if (names.length === 0) return known({ wanted: 0, missing: 0, asked });
    const programs = await readInstalledPrograms(sources);
    return known({
      wanted: names.length,
      missing: names.filter((name) => !isInstalled(programs, name)).length,
      asked,
    });
  },
};
