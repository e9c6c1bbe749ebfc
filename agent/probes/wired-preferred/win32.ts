import { known } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { isWiredUp, readWifiState } from '../../readings/win32/wifi.ts';

/** Windows 10 and 11. */
export const win32: PointProbes<'wired-preferred'> = {
  async wired(sources) {
    return known({
      wifiUp: (await readWifiState(sources)) === 'connected',
      wiredUp: await isWiredUp(sources),
    });
  },
};
