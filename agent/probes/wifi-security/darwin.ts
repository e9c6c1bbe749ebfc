import { known, notApplicable } from '../../../shared/answer.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { vpnCarriesTraffic, wifi } from '../../readings/darwin/network.ts';
import { told } from '../../readings/darwin/told.ts';

async function vpn(sources: Sources): Promise<'yes' | 'no' | 'unknown'> {
  const carries = await told(vpnCarriesTraffic(sources));
  return carries === undefined ? 'unknown' : carries ? 'yes' : 'no';
}

export const darwin: PointProbes<'wifi-security'> = {
  async security(sources) {
    const state = await wifi(sources);
    if (state.state === 'no-adapter') return notApplicable('no-hardware');
    if (state.state === 'not-connected') return notApplicable('not-connected');
    return known({ security: state.mode, vpn: await vpn(sources) });
  },
  async 'vpn-untrusted'(sources) {
    const state = await wifi(sources);
    if (state.state === 'no-adapter') return notApplicable('no-hardware');
    if (state.state === 'not-connected') return notApplicable('not-connected');
    const openNetwork =
      state.mode === 'unknown' ? 'unknown' : state.mode === 'open' || state.mode === 'wep' ? 'yes' : 'no';
    return known({ openNetwork, vpn: await vpn(sources) });
  },
};
