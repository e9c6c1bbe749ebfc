import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { settled } from '../../readings/win32/settled.ts';
import { isVpnUp, readWifiSecurity, readWifiState, type WifiLevel } from '../../readings/win32/wifi.ts';

/** The point's answer where no Wi-Fi is connected; undefined where one is. */
async function offWifi(sources: Sources): Promise<Answer<never> | undefined> {
  const state = await readWifiState(sources);
  if (state === 'connected') return undefined;
  return notApplicable(state === 'no-adapter' ? 'no-hardware' : 'not-connected');
}

async function vpnState(sources: Sources): Promise<'yes' | 'no' | 'unknown'> {
  const up = await settled(isVpnUp(sources));
  return up instanceof SourceError ? 'unknown' : up ? 'yes' : 'no';
}

const hasNoPassword = (level: WifiLevel) => level === 'open' || level === 'wep' || level === 'owe';

/** Native Wi-Fi, then netsh. Windows 10 and 11; since 24H2 the person must allow location. */
export const win32: PointProbes<'wifi-security'> = {
  async security(sources, { min }) {
    const off = await offWifi(sources);
    if (off !== undefined) return off;
    const vpn = await vpnState(sources);
    const wifi = await settled(readWifiSecurity(sources, min));
    if (!(wifi instanceof SourceError)) return known({ ...wifi, vpn });
    // A VPN may make up for a network nobody could look at.
    if (vpn === 'yes') return known({ security: 'unknown' as const, vpn });
    throw wifi;
  },
  async 'vpn-untrusted'(sources) {
    const off = await offWifi(sources);
    if (off !== undefined) return off;
    const vpn = await vpnState(sources);
    const wifi = await settled(readWifiSecurity(sources, 'wpa2-aes'));
    if (wifi instanceof SourceError) {
      if (vpn === 'yes') return known({ openNetwork: 'unknown', vpn });
      throw wifi;
    }
    return known({ openNetwork: hasNoPassword(wifi.security) ? 'yes' : 'no', vpn });
  },
};
