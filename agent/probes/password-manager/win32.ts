import { known } from '../../../shared/answer.ts';
import { fingerprint } from '../../../shared/fingerprint.ts';
import type { PointProbes } from '../../probe.ts';
import { identify, isInstalled, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';

/** Programs installed for everyone on the machine. Windows 10 and 11. */
export const win32: PointProbes<'password-manager'> = {
  async present(sources, { also }) {
    const { programs, failure } = await readInstalledPrograms(sources);
    const asked = fingerprint(also);
    if (identify(programs, 'passwordManagers').size > 0) return known({ found: 'catalogue', asked });
    if (also.some((name) => isInstalled(programs, name))) return known({ found: 'named', asked });
    if (failure !== undefined) throw failure;
    return known({ found: 'none', asked });
  },
};
