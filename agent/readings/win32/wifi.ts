import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { readServices } from './services.ts';
import { settled } from './settled.ts';
import { flag, integer, object, text } from './values.ts';

/** From weakest to strongest, as the check has them. */
export const wifiLevels = ['open', 'wep', 'wpa-tkip', 'mixed', 'owe', 'wpa2-aes', 'wpa3'] as const;
export type WifiLevel = (typeof wifiLevels)[number];

/** The weakest of several. */
export function weakest(levels: readonly WifiLevel[]): WifiLevel {
  return levels.reduce((a, b) => (wifiLevels.indexOf(b) < wifiLevels.indexOf(a) ? b : a));
}

type Auth = 'open' | 'shared' | 'wpa' | 'wpa2' | 'wpa3' | 'owe';
type Cipher = 'none' | 'wep' | 'tkip' | 'aes';

function levelOf(auth: Auth | undefined, cipher: Cipher | undefined, what: string): WifiLevel {
  if (auth === undefined || cipher === undefined) throw unparseable(what);
  if (cipher === 'wep' || auth === 'shared') return 'wep';
  // Without a cipher nothing is encrypted, whatever the way to sign in is called.
  if (cipher === 'none') return 'open';
  if (auth === 'open') throw unparseable(what);
  if (cipher === 'tkip') return 'wpa-tkip';
  // The first WPA with AES never was a standard, and such networks take TKIP as well.
  if (auth === 'wpa') return 'mixed';
  return auth === 'wpa2' ? 'wpa2-aes' : auth;
}

/** DOT11_AUTH_ALGORITHM. */
const authNumbers: Readonly<Record<number, Auth>> = {
  1: 'open',
  2: 'shared',
  3: 'wpa',
  4: 'wpa',
  6: 'wpa2',
  7: 'wpa2',
  8: 'wpa3',
  9: 'wpa3',
  10: 'owe',
  11: 'wpa3',
};
/** DOT11_CIPHER_ALGORITHM. */
const cipherNumbers: Readonly<Record<number, Cipher>> = {
  0: 'none',
  1: 'wep',
  2: 'tkip',
  4: 'aes',
  5: 'wep',
  8: 'aes',
  9: 'aes',
  10: 'aes',
  257: 'wep',
};

/** Words of a profile's XML; they are not translated. */
const authWords: Readonly<Record<string, Auth>> = {
  open: 'open',
  shared: 'shared',
  wpa: 'wpa',
  wpapsk: 'wpa',
  wpa2: 'wpa2',
  wpa2psk: 'wpa2',
  wpa3: 'wpa3',
  wpa3ent: 'wpa3',
  wpa3ent192: 'wpa3',
  wpa3sae: 'wpa3',
  owe: 'owe',
};
const cipherWords: Readonly<Record<string, Cipher>> = {
  none: 'none',
  wep: 'wep',
  tkip: 'tkip',
  aes: 'aes',
  ccmp: 'aes',
  gcmp: 'aes',
  gcmp256: 'aes',
};

/** Words of netsh. Names of standards are not translated; the word for "open" is, and then nothing is known. */
const netshAuth: readonly (readonly [RegExp, Auth])[] = [
  [/^wpa3\b/i, 'wpa3'],
  [/^wpa2\b/i, 'wpa2'],
  [/^wpa\b/i, 'wpa'],
  [/^owe\b/i, 'owe'],
  [/^open$/i, 'open'],
];
const netshCipher: readonly (readonly [RegExp, Cipher])[] = [
  [/^(?:ccmp|gcmp|aes)\b/i, 'aes'],
  [/^tkip\b/i, 'tkip'],
  [/^wep\b/i, 'wep'],
  [/^none$/i, 'none'],
];

/** What the connected adapters negotiated. 0x5 = the person has not allowed location. */
async function fromConnection(sources: Sources): Promise<WifiLevel[]> {
  const what = 'WlanQueryInterface';
  const { connections } = object(await sources.win32(what, [7]), what);
  if (!Array.isArray(connections) || connections.length === 0) throw unparseable(what);
  return connections.map((item) => {
    const connection = object(item, what);
    return levelOf(
      authNumbers[integer(connection['auth'], what)],
      cipherNumbers[integer(connection['cipher'], what)],
      what,
    );
  });
}

/** Every saved profile. Needs no consent, but does not tell which one is connected. */
async function fromProfiles(sources: Sources): Promise<WifiLevel[]> {
  const what = 'WlanGetProfileList';
  const { profiles } = object(await sources.win32(what, []), what);
  if (!Array.isArray(profiles) || profiles.length === 0) throw unparseable(what);
  return profiles.map((item) => {
    const profile = object(item, what);
    return levelOf(
      authWords[text(profile['authentication'], what).toLowerCase()],
      cipherWords[text(profile['encryption'], what).toLowerCase()],
      what,
    );
  });
}

/**
 * The connections in `netsh wlan show interfaces`, by position: after the value `802.11...` come authentication and cipher.
 * Labels and the word for an open network are translated.
 */
export function parseNetsh(output: string): WifiLevel[] {
  const what = 'netsh.exe wlan';
  const values = output.split(/\r?\n/).flatMap((line) => /^\s+\S.*?\s*:\s(.*?)\s*$/.exec(line)?.[1] ?? []);
  const found: WifiLevel[] = [];
  for (const [index, value] of values.entries()) {
    if (!/^802\.11[a-z]*$/i.test(value)) continue;
    const auth = values[index + 1] ?? '';
    const cipher = values[index + 2] ?? '';
    found.push(
      levelOf(
        netshAuth.find(([pattern]) => pattern.test(auth))?.[1],
        netshCipher.find(([pattern]) => pattern.test(cipher))?.[1],
        what,
      ),
    );
  }
  if (found.length === 0) throw unparseable(what);
  return found;
}

async function fromNetsh(sources: Sources): Promise<WifiLevel[]> {
  const { stdoutBytes, exitCode } = await sources.command(['netsh.exe', 'wlan', 'show', 'interfaces']);
  const output = new TextDecoder('latin1').decode(stdoutBytes);
  if (exitCode !== 0) {
    const noConsent = output.includes('ms-settings:privacy-location');
    throw new SourceError(noConsent ? 'denied' : 'failed', 'netsh.exe wlan: no answer', String(exitCode));
  }
  return parseNetsh(output);
}

/** One network adapter, without anything that names it. */
interface Interface {
  readonly type: number;
  readonly up: boolean;
  readonly hardware: boolean;
}

/** Interface types of IANA. */
const interfaceType = { wired: 6, wifi: 71, vpn: [23, 131] } as const;

async function readInterfaces(sources: Sources): Promise<Interface[]> {
  const what = 'GetIfTable2';
  const { interfaces } = object(await sources.win32(what, []), what);
  if (!Array.isArray(interfaces)) throw unparseable(what);
  return interfaces.map((item) => {
    const adapter = object(item, what);
    return {
      type: integer(adapter['type'], what, 0, 10_000),
      up: integer(adapter['operStatus'], what, 0, 10) === 1,
      hardware: flag(adapter['hardware'], what),
    };
  });
}

/** A VPN adapter (PPP or tunnel) is up. */
export async function isVpnUp(sources: Sources): Promise<boolean> {
  return (await readInterfaces(sources)).some(
    ({ type, up }) => up && (interfaceType.vpn as readonly number[]).includes(type),
  );
}

/** A cable is plugged in and works. */
export async function isWiredUp(sources: Sources): Promise<boolean> {
  return (await readInterfaces(sources)).some(
    ({ type, up, hardware }) => up && hardware && type === interfaceType.wired,
  );
}

const connected = 1;

async function fromWlanService(sources: Sources): Promise<'connected' | 'not-connected' | 'no-adapter'> {
  const what = 'WlanEnumInterfaces';
  const { interfaces } = object(await sources.win32(what, []), what);
  if (!Array.isArray(interfaces)) throw unparseable(what);
  if (interfaces.length === 0) return 'no-adapter';
  const states = interfaces.map((item) => integer(object(item, what)['state'], what, 0, 7));
  return states.includes(connected) ? 'connected' : 'not-connected';
}

/** Whether Wi-Fi is in use. Where its service does not run, no Wi-Fi can be connected. */
export async function readWifiState(sources: Sources): Promise<'connected' | 'not-connected' | 'no-adapter'> {
  const state = await settled(fromWlanService(sources));
  if (!(state instanceof SourceError)) return state;
  const services = await settled(readServices(sources));
  if (!(services instanceof SourceError) && !services.isRunning('wlansvc')) return 'not-connected';
  throw state;
}

/**
 * How the connected Wi-Fi is protected: what was negotiated, else (when every saved network is at least `enough`) the
 * saved networks, else netsh. `allSaved`: the weakest saved network, because which one is connected could not be read.
 */
export async function readWifiSecurity(
  sources: Sources,
  enough: WifiLevel,
): Promise<{ security: WifiLevel; allSaved: boolean }> {
  const isEnough = (level: WifiLevel) =>
    wifiLevels.indexOf(level) >= wifiLevels.indexOf(enough) || (level === 'owe' && enough === 'wpa2-aes');
  return firstOf<{ security: WifiLevel; allSaved: boolean }>(
    async () => ({ security: weakest(await fromConnection(sources)), allSaved: false }),
    async () => {
      const security = weakest(await fromProfiles(sources));
      if (!isEnough(security)) throw new SourceError('denied', 'which network is connected is not told');
      return { security, allSaved: true };
    },
    async () => ({ security: weakest(await fromNetsh(sources)), allSaved: false }),
  );
}
