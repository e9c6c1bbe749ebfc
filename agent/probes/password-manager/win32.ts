import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { identify, isInstalled, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';

/** Programs installed for everyone on the machine. Windows 10 and 11. */
export const win32: PointProbes<'password-manager'> = {
  async present(sources, { also }) {
    const programs = await readInstalledPrograms(sources);
    const asked = fingerprint(also);
    if (identify(programs, 'passwordManagers').size > 0) return known({ found: 'catalogue', asked });
    return known({ found: also.some((name) => isInstalled(programs, name)) ? 'named' : 'none', asked });
  },
};
