import { type Answer, known, notApplicable, unknown } from '../../../shared/answer.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { orUndefined } from '../../readings/linux/answered.ts';
import {
  hasWifiAdapter,
  isVpnInRoute,
  readConnectedWifi,
  readLinks,
  type WifiLevel,
} from '../../readings/linux/network.ts';

type Vpn = 'yes' | 'no' | 'unknown';

async function vpnState(sources: Sources): Promise<Vpn> {
  const carries = await orUndefined(isVpnInRoute(sources));
  return carries === undefined ? 'unknown' : carries ? 'yes' : 'no';
}

/** The network in use; or why there is none to look at. Throws SourceError when NetworkManager does not tell. */
async function connected(sources: Sources): Promise<WifiLevel | Answer<never>> {
  if (!(await hasWifiAdapter(sources))) return notApplicable('no-hardware');
  const level = await readConnectedWifi(sources);
  if (level !== undefined) return level;
  // A link that is up without a network in the list is one nobody described; one of another program is not in the list at all.
  const links = await orUndefined(readLinks(sources));
  if (links?.wifi === true) return unknown('missing');
  return links?.foreignWifi === true ? unknown('unsupported') : notApplicable('not-connected');
}

/** NetworkManager's word for the network, the routing table's for the VPN. */
export const linux: PointProbes<'wifi-security'> = {
  async security(sources) {
    const wifi = await connected(sources);
    if (typeof wifi === 'object') return wifi;
    return known({ security: wifi, vpn: await vpnState(sources) });
  },
  async 'vpn-untrusted'(sources) {
    const wifi = await connected(sources);
    if (typeof wifi === 'object') return wifi;
    const isOpen = wifi === 'open' || wifi === 'wep' || wifi === 'owe';
    return known({ openNetwork: isOpen ? 'yes' : 'no', vpn: await vpnState(sources) });
  },
};
