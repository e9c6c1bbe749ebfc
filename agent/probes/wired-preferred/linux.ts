import { known, notApplicable, unknown } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { hasWifiAdapter, readLinks } from '../../readings/linux/network.ts';

/** NetworkManager's list of devices. */
export const linux: PointProbes<'wired-preferred'> = {
  async wired(sources) {
    if (!(await hasWifiAdapter(sources))) return notApplicable('no-hardware');
    const { wifi, wired, foreignWifi } = await readLinks(sources);
    if (wired && foreignWifi) return unknown('unsupported');
    return known({ wifiUp: wifi, wiredUp: wired });
  },
};
