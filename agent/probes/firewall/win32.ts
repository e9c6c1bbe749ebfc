import { type Answer, known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readQuery } from '../../readings/win32/powershell.ts';
import { readSettings, type Settings } from '../../readings/win32/registry.ts';
import { readProviderHealth, readSecurityProducts } from '../../readings/win32/security-center.ts';
import { readServices } from '../../readings/win32/services.ts';
import { readable, settled } from '../../readings/win32/settled.ts';
import { integer, objects, text } from '../../readings/win32/values.ts';

const profiles = ['domain', 'private', 'public'] as const;
type Profile = (typeof profiles)[number];

/** The registry calls the private profile by two names. */
const policyName: Record<Profile, string> = {
  domain: 'DomainProfile',
  private: 'PrivateProfile',
  public: 'PublicProfile',
};
const localName: Record<Profile, string> = { ...policyName, private: 'StandardProfile' };

const setting = { enabled: 'EnableFirewall', inbound: 'DefaultInboundAction' } as const;

function policySettings(sources: Sources, profile: Profile): Promise<Settings> {
  return readSettings(
    sources,
    `HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\${policyName[profile]}`,
  );
}

function localSettings(sources: Sources, profile: Profile): Promise<Settings> {
  return readSettings(
    sources,
    `HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\${localName[profile]}`,
  );
}

/**
 * What is in force for a profile by Get-NetFirewallProfile on the active store; undefined where it says "not configured"
 * (0 for the action, 2 for the switch, which would pass for true) or nothing.
 */
async function inForce(sources: Sources, profile: Profile): Promise<{ enabled?: boolean; blocks?: boolean }> {
  const what = 'firewall-profiles';
  try {
    const answer = await readQuery(sources, what);
    const row = objects(answer, what).find(({ Name }) => text(Name, what).toLowerCase() === profile);
    if (row === undefined) return {};
    const enabled = readable(() => integer(row['Enabled'], what, 0, 2));
    const action = readable(() => integer(row['DefaultInboundAction'], what, 0, 4));
    return {
      ...((enabled === 0 || enabled === 1) && { enabled: enabled === 1 }),
      ...((action === 2 || action === 4) && { blocks: action === 4 }),
    };
  } catch (error) {
    if (error instanceof SourceError) return {};
    throw error;
  }
}

/** Active store, then policy over local setting. A switch that is set nowhere says nothing. */
async function isEnabled(sources: Sources, profile: Profile): Promise<boolean> {
  const { enabled } = await inForce(sources, profile);
  if (enabled !== undefined) return enabled;
  const value =
    (await policySettings(sources, profile)).dword(setting.enabled, 1) ??
    (await localSettings(sources, profile)).dword(setting.enabled, 1);
  if (value === undefined)
    throw new SourceError('missing', `the firewall of the ${profile} profile is not set`);
  return value === 1;
}

/** Active store, then policy over local setting; Windows blocks where nothing is set. In the registry 1 = block. */
async function blocksInbound(sources: Sources, profile: Profile): Promise<boolean> {
  const { blocks } = await inForce(sources, profile);
  if (blocks !== undefined) return blocks;
  const value =
    (await policySettings(sources, profile)).dword(setting.inbound, 1) ??
    (await localSettings(sources, profile)).dword(setting.inbound, 1);
  return value !== 0;
}

/** Policy sets it for every profile. */
async function byPolicy(sources: Sources, name: string): Promise<boolean> {
  try {
    const set = await Promise.all(
      profiles.map(async (profile) => (await policySettings(sources, profile)).has(name)),
    );
    return set.every(Boolean);
  } catch (error) {
    if (error instanceof SourceError) return false;
    throw error;
  }
}

type ThirdParty = 'protects' | 'none' | SourceError;

/**
 * Whether another product filters instead: Security Center must list one that is on and find the machine well. The
 * Windows firewall itself is never listed there.
 */
async function readThirdParty(sources: Sources): Promise<ThirdParty> {
  const products = await settled(readSecurityProducts(sources, 'FirewallProduct'));
  if (!(products instanceof SourceError) && !products.some(({ state }) => state === 'on')) return 'none';
  const health = await settled(readProviderHealth(sources, 'firewall'));
  if (health === 'poor' || health === 'snoozed') return 'none';
  if (products instanceof SourceError) {
    // Without Security Center (servers) no product can have registered.
    return products.code === '0x8004100e' ? 'none' : products;
  }
  return health === 'good' ? 'protects' : health;
}

type Switched = { scope: Profile; state: 'on' | 'off' | 'unknown' };

async function readEnabled(
  sources: Sources,
): Promise<Answer<{ scopes: Switched[] | [{ scope: 'machine'; state: 'on' }]; thirdParty?: boolean }>> {
  const service = await settled(readServices(sources));
  const stopped = !(service instanceof SourceError) && !service.isRunning('MpsSvc');
  let failure: SourceError | undefined;
  const scopes: Switched[] = [];
  for (const scope of profiles) {
    const enabled = stopped ? false : await settled(isEnabled(sources, scope));
    if (enabled instanceof SourceError) failure ??= enabled;
    scopes.push({ scope, state: enabled instanceof SourceError ? 'unknown' : enabled ? 'on' : 'off' });
  }
  if (scopes.some(({ state }) => state === 'off')) {
    const other = await readThirdParty(sources);
    if (other instanceof SourceError) throw other;
    if (other === 'protects') return known({ scopes: [{ scope: 'machine', state: 'on' }], thirdParty: true });
    return known({ scopes });
  }
  if (failure !== undefined) throw failure;
  // The profiles are switched on, but nothing tells whether the service that filters is running.
  if (service instanceof SourceError && (await readProviderHealth(sources, 'firewall')) !== 'good')
    throw service;
  return known({ scopes }, (await byPolicy(sources, setting.enabled)) ? 'policy' : undefined);
}

type Inbound = { scope: Profile; inbound: 'refused' | 'open' | 'unknown' };

async function readInbound(sources: Sources): Promise<Answer<{ scopes: Inbound[] }>> {
  const service = await settled(readServices(sources));
  const stopped = !(service instanceof SourceError) && !service.isRunning('MpsSvc');
  let failure: SourceError | undefined;
  const scopes: Inbound[] = [];
  let off = false;
  for (const scope of profiles) {
    const enabled = stopped ? false : await settled(isEnabled(sources, scope));
    // A profile that is switched off refuses nothing, whatever its default says.
    off ||= enabled === false;
    const blocks = enabled === false ? false : await settled(blocksInbound(sources, scope));
    const inbound = blocks === false ? 'open' : blocks === true && enabled === true ? 'refused' : 'unknown';
    for (const answer of [enabled, blocks]) if (answer instanceof SourceError) failure ??= answer;
    scopes.push({ scope, inbound });
  }
  if (off) {
    const other = await readThirdParty(sources);
    if (other instanceof SourceError) throw other;
    // Another product filters; what it refuses by default is not to be seen from here.
    if (other === 'protects') throw new SourceError('unsupported', 'a third-party firewall is in charge');
    return known({ scopes });
  }
  if (failure !== undefined && !scopes.some(({ inbound }) => inbound === 'open')) throw failure;
  return known({ scopes }, (await byPolicy(sources, setting.inbound)) ? 'policy' : undefined);
}

/** Windows Defender Firewall: domain, private and public profile. Windows 10 and 11. */
export const win32: PointProbes<'firewall'> = {
  enabled: readEnabled,
  'inbound-default': readInbound,
};
