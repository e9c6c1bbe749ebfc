import { known, notApplicable } from '../../../shared/answer.ts';
import type { PointProbes } from '../../probe.ts';
import { hardwarePorts, interfacesInUse, isWifi, isWired } from '../../readings/darwin/network.ts';

export const darwin: PointProbes<'wired-preferred'> = {
  async wired(sources) {
    const ports = await hardwarePorts(sources);
    const wired = ports.filter(isWired);
    if (wired.length === 0) return notApplicable('no-hardware');
    const used = new Set(await interfacesInUse(sources));
    return known({
      wifiUp: ports.filter(isWifi).some(({ device }) => used.has(device)),
      wiredUp: wired.some(({ device }) => used.has(device)),
    });
  },
};
