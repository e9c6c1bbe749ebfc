import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { isInstalled, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';

/** By the names Settings > Installed apps shows. Windows 10 and 11. */
export const win32: PointProbes<'required-apps'> = {
  async present(sources, { names }) {
    const asked = fingerprint(names);
    if (names.length === 0) return known({ wanted: 0, missing: 0, asked });
    const { programs, failure } = await readInstalledPrograms(sources);
    const absent = names.filter((name) => !isInstalled(programs, name)).length;
    return known({
      wanted: names.length,
      missing: failure === undefined ? absent : 0,
      unknown: failure === undefined ? 0 : absent,
      asked,
    });
  },
};
