import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, unparseable } from '../../probe.ts';

const key = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient';

/** The policy "Turn off multicast name resolution"; where nobody set it, Windows asks. */
export const win32: PointProbes<'local-name-lookup'> = {
  async llmnr(sources) {
    const value = (await absentAsUndefined(sources.registry(key)))?.value('EnableMulticast');
    if (value === undefined) return known({ on: true }, 'default');
    if (value.type !== 'REG_DWORD') throw unparseable('EnableMulticast');
    return known({ on: value.data !== 0 }, 'policy');
  },
};
