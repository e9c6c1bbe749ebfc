import { absentAsUndefined, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, isObject, parsedJson } from './answered.ts';

export type WifiLevel = 'open' | 'wep' | 'wpa-tkip' | 'owe' | 'wpa2-aes' | 'wpa3';

/** Whether the machine has a Wi-Fi adapter: `/sys/class/ieee80211` has an entry for each. Throws SourceError. */
export async function hasWifiAdapter(sources: Sources): Promise<boolean> {
  const entries = await absentAsUndefined(sources.directory('/sys/class/ieee80211'));
  return entries !== undefined && entries.length > 0;
}

/**
 * `nmcli -t -f ACTIVE,SECURITY,WPA-FLAGS,RSN-FLAGS dev wifi list --rescan no`: the `yes` line is the network in use; undefined =
 * not connected. Exit code 8 = NetworkManager does not run. Throws SourceError.
 */
export async function readConnectedWifi(sources: Sources): Promise<WifiLevel | undefined> {
  const { stdout } = await answered(sources, [
    'nmcli',
    '-t',
    '-f',
    'ACTIVE,SECURITY,WPA-FLAGS,RSN-FLAGS',
    'dev',
    'wifi',
    'list',
    '--rescan',
    'no',
  ]);
  return parseWifiList(stdout);
}

/** See `readConnectedWifi`; of several networks in use the weakest. */
export function parseWifiList(stdout: string): WifiLevel | undefined {
  const order: readonly WifiLevel[] = ['open', 'wep', 'wpa-tkip', 'owe', 'wpa2-aes', 'wpa3'];
  const levels: WifiLevel[] = [];
  for (const line of stdout.split('\n')) {
    if (line.trim() === '') continue;
    const [active, security, wpa, rsn, ...more] = line.split(':');
    if ((active !== 'yes' && active !== 'no') || rsn === undefined || more.length > 0)
      throw unparseable('nmcli');
    if (active === 'yes') levels.push(levelOf(security ?? '', wpa ?? '', rsn));
  }
  return levels.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))[0];
}

const flagsOf = (text: string) => new Set(text.trim() === '(none)' ? [] : text.trim().split(/\s+/));
const aes = ['pair_ccmp', 'pair_gcmp', 'pair_ccmp_256', 'pair_gcmp_256'];

/** The flags say what the access point offers, SECURITY is nmcli's summary of them (`WPA2`, `WPA1 WPA2`, `WPA2 802.1X`, `WPA3`, `OWE`, `WEP`). */
function levelOf(security: string, wpaText: string, rsnText: string): WifiLevel {
  const words = new Set(security.trim().split(/\s+/).filter(Boolean));
  const [wpa, rsn] = [flagsOf(wpaText), flagsOf(rsnText)];
  if (words.has('OWE') || rsn.has('owe')) return 'owe';
  if (words.has('WEP') || [...wpa, ...rsn].some((flag) => flag.startsWith('pair_wep'))) return 'wep';
  if (
    words.size === 0 &&
    wpa.size <= 1 &&
    rsn.size <= 1 &&
    ![...wpa, ...rsn].some((flag) => /^pair_/.test(flag))
  )
    return 'open';
  if (aes.some((flag) => rsn.has(flag))) return words.has('WPA3') && !words.has('WPA2') ? 'wpa3' : 'wpa2-aes';
  if ([...wpa, ...rsn].includes('pair_tkip') || wpa.size > 0) return 'wpa-tkip';
  // The 192-bit mode has ciphers nmcli has no word for; WPA3 allows none that are weaker than AES.
  if (words.has('WPA3') && !words.has('WPA2') && !words.has('WPA1')) return 'wpa3';
  throw unparseable('nmcli');
}

/** Names that only tunnels have; a recording keeps the kind of an interface and drops the rest of its name. */
const tunnel = /^(?:tun|tap|wg|ppp|ipsec|vpn|utun|xfrm|proton|nordlynx|mullvad|tailscale|zt|gpd|cscotun)/;

/**
 * Whether a VPN carries other people's traffic: `ip -j route get` for an address of each family that belongs to nobody (RFC 5737,
 * RFC 3849). No IPv6 route (exit code 2) leaks nothing. Throws SourceError.
 */
export async function isVpnInRoute(sources: Sources): Promise<boolean> {
  const [ipv4, ipv6] = await Promise.all([
    routeDevice(sources, ['ip', '-j', 'route', 'get', '192.0.2.1']),
    routeDevice(sources, ['ip', '-j', '-6', 'route', 'get', '2001:db8::1']),
  ]);
  const used = [ipv4, ipv6].filter((device) => device !== undefined);
  return used.length > 0 && used.every((device) => tunnel.test(device));
}

async function routeDevice(
  sources: Sources,
  argv: readonly [string, ...string[]],
): Promise<string | undefined> {
  const { stdout, exitCode } = await answered(sources, argv, { exitCodes: [0, 2] });
  if (exitCode === 2) return undefined;
  const routes = parsedJson(stdout, 'ip route');
  const first = Array.isArray(routes) ? (routes[0] as unknown) : undefined;
  if (!isObject(first)) throw unparseable('ip route');
  // What a VPN shuts off on purpose leaks nothing either.
  if (/^(?:unreachable|prohibit|blackhole|throw)$/.test(String(first['type']))) return undefined;
  if (typeof first['dev'] !== 'string' || first['dev'] === '') throw unparseable('ip route');
  return first['dev'];
}

/** In English; a translated word says nothing. */
const linkLine =
  /^[a-z][\w-]*:(?:connected|connecting|connection failed|disconnected|deactivating|unavailable|unmanaged|unknown)(?: \([^)]*\))?$/;

/**
 * `nmcli -t -f TYPE,STATE dev`: `wifi:connected`, `ethernet:unavailable`, `loopback:connected (externally)`. `foreignWifi`: another
 * program than NetworkManager looks after Wi-Fi. Throws SourceError.
 */
export async function readLinks(
  sources: Sources,
): Promise<{ readonly wifi: boolean; readonly wired: boolean; readonly foreignWifi: boolean }> {
  const { stdout } = await answered(sources, ['nmcli', '-t', '-f', 'TYPE,STATE', 'dev']);
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new SourceError('missing', 'nmcli named no device');
  if (!lines.every((line) => linkLine.test(line))) throw unparseable('nmcli');
  const wifi = lines.filter((line) => line.startsWith('wifi:'));
  return {
    wifi: lines.includes('wifi:connected'),
    wired: lines.includes('ethernet:connected'),
    foreignWifi: wifi.length > 0 && wifi.every((line) => line === 'wifi:unmanaged'),
  };
}
