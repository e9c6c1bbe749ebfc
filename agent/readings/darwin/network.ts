import { firstOf, type Sources, unparseable } from '../../probe.ts';
import { field, jsonOf, linesOf, wholeText } from './lines.ts';
import { told } from './told.ts';

/** How the connected Wi-Fi is protected. A network that lets devices fall back from WPA3 to WPA2 is `wpa2-aes`. */
export type WifiMode = 'open' | 'wep' | 'wpa-tkip' | 'mixed' | 'owe' | 'wpa2-aes' | 'wpa3' | 'unknown';

/** What the Wi-Fi of this Mac does. */
export type Wifi =
  | { readonly state: 'no-adapter' }
  | { readonly state: 'not-connected' }
  | { readonly state: 'connected'; readonly mode: WifiMode };

/** From weakest to strongest, for a Mac with two adapters. An unknown one could be anything. */
const strength: readonly WifiMode[] = [
  'open',
  'wep',
  'wpa-tkip',
  'mixed',
  'unknown',
  'owe',
  'wpa2-aes',
  'wpa3',
];

/**
 * What a security mode of system_profiler means: `spairport_security_mode_wpa2_personal`; Apple writes the one of WPA3 with
 * fallback without its first letter. Undefined = nobody has documented it.
 */
export function wifiMode(text: string): WifiMode | undefined {
  const name = /^s?pairport_security_mode_(\w+)$/.exec(text)?.[1];
  if (name === undefined) return undefined;
  if (name === 'none') return 'open';
  if (/^(?:dynamic_)?wep/.test(name)) return 'wep';
  // A mixed network uses TKIP for what it sends to all.
  if (/^wpa\w*_mixed$/.test(name)) return 'mixed';
  if (name === 'wpa_personal' || name === 'wpa_enterprise') return 'wpa-tkip';
  if (name === 'wpa3_transition') return 'wpa2-aes';
  if (/^wpa2_(?:personal|enterprise)/.test(name)) return 'wpa2-aes';
  if (/^wpa3_/.test(name)) return 'wpa3';
  if (/^owe/.test(name)) return name === 'owe_transition' ? 'unknown' : 'owe';
  return name === 'unknown' ? 'unknown' : undefined;
}

const notConnected = /^spairport_status_(?:off|disassociated|inactive)$/;

/**
 * Reads `system_profiler SPAirPortDataType -json`. Only the network the Mac is on counts: the list of neighbors carries modes
 * too, and awdl0 (AirDrop) and llw0 are no Wi-Fi of the person's. macOS 12 to 27. Undefined = no adapter is listed. Throws
 * SourceError.
 */
export function parseAirPort(stdout: string): Wifi | undefined {
  const what = 'system_profiler';
  const types = field(jsonOf(stdout, what), 'SPAirPortDataType');
  if (!Array.isArray(types)) throw unparseable(what);
  const interfaces = types
    .map((type) => field(type, 'spairport_airport_interfaces'))
    .filter((list) => Array.isArray(list))
    .flat()
    .filter((entry) => !/^(?:awdl|llw)\d+$/.test(String(field(entry, '_name') ?? '')));
  if (interfaces.length === 0) return undefined;
  const modes: WifiMode[] = [];
  let untold = false;
  for (const entry of interfaces) {
    const status = field(entry, 'spairport_status_information');
    const current = field(entry, 'spairport_current_network_information');
    if (typeof status === 'string' && notConnected.test(status)) continue;
    // Some versions leave the status out; without a network there is then nothing to go by.
    if ((status !== undefined && status !== 'spairport_status_connected') || current === undefined) {
      untold = true;
      continue;
    }
    const mode = wifiMode(String(field(current, 'spairport_security_mode') ?? ''));
    if (mode === undefined) throw unparseable(what);
    modes.push(mode);
  }
  if (modes.length === 0 && untold) throw unparseable(what);
  const [weakest] = modes.toSorted((a, b) => strength.indexOf(a) - strength.indexOf(b));
  return weakest === undefined ? { state: 'not-connected' } : { state: 'connected', mode: weakest };
}

/** A network port of `networksetup -listallhardwareports`. */
export interface HardwarePort {
  readonly name: string;
  readonly device: string;
}

/** Reads the blocks `Hardware Port: Wi-Fi` / `Device: en0`. macOS 12 to 27. Throws SourceError for a list without any. */
export function parseHardwarePorts(stdout: string): readonly HardwarePort[] {
  const ports = [
    ...wholeText(stdout, 'networksetup').matchAll(/^Hardware Port: (.+?)\r?\nDevice: (\S+)\r?$/gm),
  ].map(([, name = '', device = '']) => ({ name, device }));
  if (ports.length === 0) throw unparseable('networksetup');
  return ports;
}

/** Network ports of this Mac. Throws SourceError. */
export async function hardwarePorts(sources: Sources): Promise<readonly HardwarePort[]> {
  return parseHardwarePorts(
    (await sources.command(['/usr/sbin/networksetup', '-listallhardwareports'])).stdout,
  );
}

export const isWifi = ({ name }: HardwarePort) => name === 'Wi-Fi';
/** A bridge joins other ports, and Bluetooth has no cable. */
export const isWired = ({ name, device }: HardwarePort) =>
  name !== 'Wi-Fi' && !/^bridge\d+$/.test(device) && !/^(?:Bluetooth|.*\bBridge\b)/.test(name);

/**
 * Reads `ipconfig getsummary en0`. Only keys behind exactly two blanks count: text of DHCP packets stands further in or at
 * the margin and may look like keys. macOS 12 to 27. Throws SourceError.
 */
export function parseSummary(stdout: string): Wifi {
  const keys = new Map<string, string>();
  for (const line of stdout.split(/\r?\n/)) {
    const entry = /^ {2}(\w+) : (.*)$/.exec(line);
    if (entry?.[1] === undefined) continue;
    if (keys.has(entry[1])) throw unparseable('ipconfig');
    keys.set(entry[1], (entry[2] ?? '').trim());
  }
  if (keys.get('InterfaceType') !== 'WiFi') throw unparseable('ipconfig');
  const active = keys.get('LinkStatusActive');
  if (active === 'FALSE') return { state: 'not-connected' };
  if (active !== 'TRUE') throw unparseable('ipconfig');
  const security = keys.get('Security') ?? '';
  const modes: readonly (readonly [RegExp, WifiMode])[] = [
    [/^NONE$/, 'open'],
    [/^WEP$/, 'wep'],
    [/^WPA_(?:PSK|ENTERPRISE|EAP)$/, 'wpa-tkip'],
    [/^WPA2_(?:PSK|ENTERPRISE|EAP)$/, 'wpa2-aes'],
    [/^WPA3_(?:SAE|PSK|ENTERPRISE|EAP)$/, 'wpa3'],
    [/^OWE$/, 'owe'],
  ];
  const mode = modes.find(([form]) => form.test(security))?.[1];
  if (mode === undefined) throw unparseable('ipconfig');
  return { state: 'connected', mode };
}

async function fromProfiler(sources: Sources): Promise<Wifi> {
  const argv = ['/usr/sbin/system_profiler', 'SPAirPortDataType', '-json'] as const;
  const wifi = parseAirPort((await sources.command(argv, { timeoutMs: 60_000 })).stdout);
  if (wifi !== undefined && wifi.state !== 'not-connected') return wifi;
  const ports = await told(hardwarePorts(sources));
  if (ports !== undefined && !ports.some(isWifi)) return { state: 'no-adapter' };
  if (wifi === undefined) throw unparseable('system_profiler');
  return wifi;
}

async function fromInterface(sources: Sources): Promise<Wifi> {
  const port = (await hardwarePorts(sources)).find(isWifi);
  if (port === undefined) return { state: 'no-adapter' };
  if (!/^en\d{1,3}$/.test(port.device)) throw unparseable('networksetup');
  return parseSummary((await sources.command(['/usr/sbin/ipconfig', 'getsummary', port.device])).stdout);
}

/** The Wi-Fi of this Mac: system_profiler's word, else the interface's own. Names are never looked at. Throws SourceError. */
export function wifi(sources: Sources): Promise<Wifi> {
  return firstOf(
    () => fromProfiler(sources),
    () => fromInterface(sources),
  );
}

/** Reads the line `Network interfaces: utun3 en0` of `scutil --nwi`; the first one carries the traffic. Throws SourceError. */
export function parseInterfaces(stdout: string): readonly string[] {
  const line = linesOf(wholeText(stdout, 'scutil --nwi')).find((text) => /^Network interfaces:/.test(text));
  if (line === undefined) throw unparseable('scutil --nwi');
  return line
    .slice('Network interfaces:'.length)
    .split(/\s+/)
    .filter((name) => name !== '');
}

/** Interfaces in use, the one that carries the traffic first. Idle tunnels, which every Mac has, are not among them. */
export async function interfacesInUse(sources: Sources): Promise<readonly string[]> {
  return parseInterfaces((await sources.command(['/usr/sbin/scutil', '--nwi'])).stdout);
}

/** Whether a VPN carries the traffic. One that only adds routes by hand is not seen here. Throws SourceError. */
export async function vpnCarriesTraffic(sources: Sources): Promise<boolean> {
  return /^(?:utun|ipsec|ppp|tap)\d+$/.test((await interfacesInUse(sources))[0] ?? '');
}
