import { type Answer, known, type Origin } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { field, jsonOf, soleMatch } from '../../readings/darwin/lines.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { majorRelease } from '../../readings/darwin/os-version.ts';
import { numberIn, readPropertyList, switchIn } from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';

/** What the application firewall is set to; blocking all is the strictest of the three. */
type State = 'off' | 'on' | 'blocks-all';

const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';
const states: readonly State[] = ['off', 'on', 'blocks-all'];

/**
 * `socketfilterfw --getglobalstate`: `Firewall is enabled. (State = 1)`. Only the number counts: state 2 has two texts, one of
 * them without "enabled". macOS 12 to 27.
 */
export function parseGlobalState(stdout: string): State {
  const match = soleMatch(stdout, /^Firewall is .*\(State = ([012])\)$/, 'socketfilterfw');
  return states[Number(match[1])] ?? 'off';
}

/** `socketfilterfw --getblockall`: `Firewall has block all state set to disabled.`; macOS 12, 13 also `Block all DISABLED!`. */
export function parseBlockAll(stdout: string): boolean {
  const form = /^(?:Firewall has block all state set to (enabled|disabled)\.|Block all DISABLED!)$/;
  return soleMatch(stdout, form, 'socketfilterfw')[1] === 'enabled';
}

/** `socketfilterfw --getstealthmode`: `Firewall stealth mode is on`; older `Stealth mode enabled`. */
export function parseStealthMode(stdout: string): boolean {
  const form = /^(?:Firewall stealth mode is (?=on$|off$)|Stealth mode (?=enabled$|disabled$))(\w+)$/;
  return /^(on|enabled)$/.test(soleMatch(stdout, form, 'socketfilterfw')[1] ?? '');
}

async function profilerField(sources: Sources, key: string): Promise<string> {
  const { stdout } = await sources.command(['/usr/sbin/system_profiler', 'SPFirewallDataType', '-json'], {
    timeoutMs: 60_000,
  });
  const list = field(jsonOf(stdout, 'system_profiler'), 'SPFirewallDataType');
  const value = Array.isArray(list) && list.length === 1 ? field(list[0], key) : undefined;
  if (typeof value !== 'string') throw unparseable('system_profiler');
  return value;
}

async function stateFromProfiler(sources: Sources): Promise<State> {
  switch (await profilerField(sources, 'spfirewall_globalstate')) {
    // "Allow all" is how the profiler says off.
    case 'spfirewall_globalstate_allow_all':
      return 'off';
    case 'spfirewall_globalstate_limit_connections':
      return 'on';
    case 'spfirewall_globalstate_block_all':
      return 'blocks-all';
    default:
      throw unparseable('system_profiler');
  }
}

async function stealthFromProfiler(sources: Sources): Promise<boolean> {
  const value = await profilerField(sources, 'spfirewall_stealthenabled');
  if (value !== 'Yes' && value !== 'No') throw unparseable('system_profiler');
  return value === 'Yes';
}

/** The firewall's own property list, which macOS 15 did away with: a leftover there says nothing. */
async function oldSettings(sources: Sources) {
  const release = await majorRelease(sources);
  if (release === undefined || release > 14) throw new SourceError('missing', 'com.apple.alf', 'ENOENT');
  const list = await readPropertyList(sources, '/Library/Preferences/com.apple.alf.plist');
  if (list === undefined) throw new SourceError('missing', 'com.apple.alf', 'ENOENT');
  return list;
}

function globalState(sources: Sources): Promise<State> {
  return firstOf(
    async () => parseGlobalState((await sources.command([tool, '--getglobalstate'])).stdout),
    () => stateFromProfiler(sources),
    async () => {
      const state = states[numberIn(await oldSettings(sources), 'globalstate') ?? -1];
      if (state === undefined) throw unparseable('com.apple.alf');
      return state;
    },
  );
}

function stealth(sources: Sources): Promise<boolean> {
  return firstOf(
    async () => parseStealthMode((await sources.command([tool, '--getstealthmode'])).stdout),
    () => stealthFromProfiler(sources),
    async () => {
      const value = switchIn(await oldSettings(sources), 'stealthenabled');
      if (value === undefined) throw unparseable('com.apple.alf');
      return value;
    },
  );
}

async function origin(sources: Sources, ...keys: string[]): Promise<Origin> {
  for (const key of keys) {
    if (await managedValue(sources, 'com.apple.security.firewall', key, switchIn)) return 'policy';
  }
  return 'user';
}

type Inbound = { scopes: { scope: 'machine'; inbound: 'refused' | 'open' }[] };

/** Refused with block-all or stealth mode; a firewall that is only switched on lets signed programs answer. */
async function inboundDefault(sources: Sources): Promise<Answer<Inbound>> {
  const from = await origin(sources, 'BlockAllIncoming', 'EnableStealthMode');
  const answer = (inbound: 'refused' | 'open') =>
    known({ scopes: [{ scope: 'machine' as const, inbound }] }, from);
  const state = await globalState(sources);
  if (state === 'off') return answer('open');
  if (state === 'blocks-all') return answer('refused');
  const blockAll = async () => parseBlockAll((await sources.command([tool, '--getblockall'])).stdout);
  if ((await told(blockAll())) || (await told(stealth(sources)))) return answer('refused');
  // Neither is on. Both must have said so: one that said nothing makes this unknown, with its reason.
  await blockAll();
  await stealth(sources);
  return answer('open');
}

/** The application firewall. pf rules and third-party firewalls are something else and do not count. */
export const darwin: PointProbes<'firewall'> = {
  async enabled(sources) {
    const state = (await globalState(sources)) === 'off' ? 'off' : 'on';
    return known({ scopes: [{ scope: 'machine', state }] }, await origin(sources, 'EnableFirewall'));
  },
  'inbound-default': inboundDefault,
};
