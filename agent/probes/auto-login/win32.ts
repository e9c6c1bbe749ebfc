import { known } from '../../../shared/answer.ts';
import { type PointProbes, unparseable } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';

/**
 * Winlogon's AutoAdminLogon, a text: "1" = on, not set = off. Whether a password stands beside it does not matter: it may be
 * kept in the LSA. Windows 10 and 11.
 */
export const win32: PointProbes<'auto-login'> = {
  async off(sources) {
    const winlogon = await readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
    );
    const value = winlogon.string('AutoAdminLogon');
    if (value === undefined) return known({ state: 'off' }, 'default');
    if (value !== '0' && value !== '1') throw unparseable('AutoAdminLogon');
    return known({ state: value === '1' ? 'on' : 'off' });
  },
};
