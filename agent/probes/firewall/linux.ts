import type { z } from 'zod';
import { type Answer, known, type Reason } from '../../../shared/answer.ts';
import type { firewall } from '../../../shared/checks/firewall.ts';
import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';
import { type Attempt, attempt, firstReason } from '../../readings/linux/attempt.ts';
import { readFirewalldRuns, readZonesInbound } from '../../readings/linux/firewalld.ts';
import { readSavedRules, type SavedRules } from '../../readings/linux/iptables.ts';
import { type Family, type Ruleset, readRuleset } from '../../readings/linux/nftables.ts';
import { type Inbound, strictest } from '../../readings/linux/packet-filter.ts';
import { readUfw } from '../../readings/linux/ufw.ts';

type Enabled = z.input<typeof firewall.points.enabled.value>;
type InboundDefault = z.input<(typeof firewall.points)['inbound-default']['value']>;
type Scope = Enabled['scopes'][number]['scope'];

/**
 * firewalld's zones where it runs; else the rules in force (nft, iptables where nft hides their conditions, the older kernel
 * tables where there are any); ufw's own word only where the rules could not be read. Units and configuration files prove nothing.
 */
export const linux = {
  async enabled(sources: Sources): Promise<Answer<Enabled>> {
    if (await firewalldRuns(sources)) return known({ scopes: [{ scope: 'machine', state: 'on' }] });
    const worlds = await readWorlds(sources);
    // Asked only where its word matters: it is a slow program.
    const ufw = worlds.some(({ inbound }) => inbound === 'open')
      ? await attempt(readUfw(sources))
      : undefined;
    const ufwActive = ufw !== undefined && 'value' in ufw && ufw.value.active;
    const scopes = worlds.map(({ scope, inbound, reason }) => {
      if (reason !== undefined) return { scope, state: 'unknown' as const, reason };
      // ufw that is told to let everything in is on all the same: the other point says what it does.
      const on = inbound === 'open' ? ufwActive : inbound !== 'none';
      return { scope, state: on ? ('on' as const) : ('off' as const), reason };
    });
    return answer(
      scopes,
      ({ state }) => state === 'off',
      (kept) => ({ scopes: kept.map(({ scope, state }) => ({ scope, state })) }),
    );
  },

  async 'inbound-default'(sources: Sources): Promise<Answer<InboundDefault>> {
    if (await firewalldRuns(sources)) {
      return known({ scopes: [{ scope: 'machine', inbound: await readZonesInbound(sources) }] });
    }
    const scopes = (await readWorlds(sources)).map(({ scope, inbound, reason }) => ({
      scope,
      inbound: reason === undefined ? (inbound === 'none' ? 'open' : inbound) : ('unknown' as const),
      reason,
    }));
    return answer(
      scopes,
      ({ inbound }) => inbound === 'open' || inbound === 'partly-open',
      (kept) => ({ scopes: kept.map(({ scope, inbound }) => ({ scope, inbound })) }),
    );
  },
};

/** A value when everything was read or something is bad already; else the reason of what could not be read. */
function answer<S extends { readonly reason: Reason | undefined }, V>(
  scopes: readonly S[],
  bad: (scope: S) => boolean,
  value: (scopes: readonly S[]) => V,
): Answer<V> {
  const unread = scopes.find(({ reason }) => reason !== undefined);
  if (unread?.reason !== undefined && !scopes.some(bad)) {
    throw new SourceError(unread.reason, 'the rules in force could not be read');
  }
  return known(value(scopes));
}

/** firewalld is asked first; where nothing tells whether it runs, its table in the rules means that it does. */
async function firewalldRuns(sources: Sources): Promise<boolean> {
  const runs = await attempt(readFirewalldRuns(sources));
  if ('value' in runs) return runs.value;
  const rules = await attempt(readRuleset(sources));
  if ('value' in rules && !rules.value.tables.includes('firewalld')) return false;
  // A refusal says more about what to do than a tool that failed.
  const reason = 'reason' in rules && rules.reason === 'denied' ? 'denied' : runs.reason;
  throw new SourceError(reason, 'whether firewalld runs could not be read');
}

interface World {
  readonly scope: Scope;
  readonly inbound: Inbound | 'none';
  /** Set = not known, and why. */
  readonly reason: Reason | undefined;
}

async function readWorlds(sources: Sources): Promise<readonly World[]> {
  const rules = await attempt(readRuleset(sources));
  const families: Family[] = (await hasIpv6(sources)) ? ['ipv4', 'ipv6'] : ['ipv4'];
  const saved = await Promise.all(
    families.map((family) => attempt(readSavedRules(sources, programs[family].save))),
  );
  if ('reason' in rules && saved.every((each) => 'reason' in each)) {
    const ufw = await attempt(readUfw(sources));
    if ('value' in ufw) {
      return [
        { scope: 'machine', inbound: ufw.value.active ? ufw.value.inbound : 'none', reason: undefined },
      ];
    }
    throw new SourceError(
      [rules, ufw, ...saved].some((each) => 'reason' in each && each.reason === 'denied')
        ? 'denied'
        : rules.reason,
      'the rules in force could not be read',
    );
  }
  const worlds = await Promise.all(
    families.map(async (family, index) =>
      world(sources, family, rules, saved[index] ?? { reason: 'missing' }),
    ),
  );
  if (!('value' in rules && rules.value.hasUfw)) return worlds;
  // Rules that ufw itself says let everybody in are not believed to refuse. It is a slow program: asked only where it is in use.
  const ufw = await attempt(readUfw(sources));
  const opened = 'value' in ufw && ufw.value.active && ufw.value.inbound === 'open';
  return opened ? worlds.map((each) => ({ ...each, inbound: 'open', reason: undefined })) : worlds;
}

const programs = {
  ipv4: { save: 'iptables-save', legacy: 'iptables-legacy-save', names: '/proc/net/ip_tables_names' },
  ipv6: { save: 'ip6tables-save', legacy: 'ip6tables-legacy-save', names: '/proc/net/ip6_tables_names' },
} as const;

/** One family: a packet has to pass every chain and both generations of tables, so one that refuses is enough. */
async function world(
  sources: Sources,
  family: Family,
  rules: Attempt<Ruleset>,
  saved: Attempt<SavedRules>,
): Promise<World> {
  const names = await attempt(absentAsUndefined(sources.file(programs[family].names)));
  const named = 'value' in names && (names.value ?? '').split(/\s+/).includes('filter');
  const told = 'value' in saved ? saved.value : undefined;
  // An iptables that does not say which tables it shows shows the older ones, unless the kernel has none.
  const toldOfOlder = told?.backend === 'legacy' && (named || 'reason' in names);
  const older = toldOfOlder
    ? { value: told.inbound }
    : await olderRules(sources, family, saved, named, names);
  const worlds: Inbound[] = [];
  if ('value' in rules) worlds.push(...nftWorlds(rules.value, family, toldOfOlder ? undefined : told));
  else if (told?.inbound !== undefined) worlds.push(told.inbound);
  if ('value' in older && older.value !== undefined) worlds.push(older.value);
  // Where nft is not installed iptables decides; where nft is there and failed, iptables may not have seen everything.
  const withoutNft = 'reason' in rules && rules.reason === 'missing';
  const unread = firstReason(...(withoutNft ? [saved] : [rules]), older);
  const inbound = worlds.length === 0 ? 'none' : strictest(worlds);
  return { scope: family, inbound, reason: inbound === 'refused' ? undefined : unread };
}

/** nft's chains; iptables' own words stand in for its chain where nft hides the conditions of the rules. */
function nftWorlds(rules: Ruleset, family: Family, told: SavedRules | undefined): Inbound[] {
  return rules.input[family].map(({ table, chain, inbound, hasExtensions }) =>
    hasExtensions && table === 'filter' && chain === 'INPUT' ? (told?.inbound ?? inbound) : inbound,
  );
}

/** The older kernel tables, which nft does not show. undefined = there are none. */
async function olderRules(
  sources: Sources,
  family: Family,
  saved: Attempt<SavedRules>,
  named: boolean,
  names: Attempt<unknown>,
): Promise<Attempt<Inbound | undefined>> {
  if (!named && !('value' in saved && saved.value.warnsOfLegacy)) {
    // Neither the kernel nor iptables was there to say that there are none.
    return 'reason' in names && 'reason' in saved ? { reason: names.reason } : { value: undefined };
  }
  const older = await attempt(readSavedRules(sources, programs[family].legacy));
  return 'value' in older ? { value: older.value.inbound } : older;
}

/** Without IPv6 there is nothing to filter: switched off (`1`), or not in the kernel at all. */
async function hasIpv6(sources: Sources): Promise<boolean> {
  const disabled = await attempt(absentAsUndefined(sources.file('/proc/sys/net/ipv6/conf/all/disable_ipv6')));
  return !('value' in disabled) || (disabled.value !== undefined && disabled.value.trim() !== '1');
}
