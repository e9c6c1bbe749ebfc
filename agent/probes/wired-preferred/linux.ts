import { known, notApplicable } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { hasWifiAdapter, readLinks } from '../../readings/linux/network.ts';

/** NetworkManager's list of devices. */
export const linux: PointProbes<'wired-preferred'> = {
  async wired(sources) {
    if (!(await hasWifiAdapter(sources))) return notApplicable('no-hardware');
    const { wifi, wired } = await readLinks(sources);
    return known({ wifiUp: wifi, wiredUp: wired });
  },
};
