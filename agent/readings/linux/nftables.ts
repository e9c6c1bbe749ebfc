import { type Sources, unparseable } from '../../probe.ts';
import { answered, isObject, type JsonObject, parsedJson } from './answered.ts';
import {
  type Applies,
  appliesToInterface,
  appliesToPorts,
  appliesToPrefix,
  appliesToProtocol,
  appliesToState,
  both,
  type Inbound,
  inboundOf,
  not,
  type Rule,
  type Verdict,
} from './packet-filter.ts';

export type Family = 'ipv4' | 'ipv6';

/** A base chain that sees inbound packets of the family. */
export interface InputChain {
  readonly table: string;
  readonly chain: string;
  readonly inbound: Inbound;
  /** It belongs to iptables, and conditions of its rules are hidden in `xt` expressions. */
  readonly hasExtensions: boolean;
}

export interface Ruleset {
  /** The filter chains at the input hook, per family. None = not filtered. */
  readonly input: Readonly<Record<Family, readonly InputChain[]>>;
  /** Names of all tables, without family. */
  readonly tables: readonly string[];
  /** ufw has put its chains there. */
  readonly hasUfw: boolean;
}

/** `nft -j list ruleset` (nftables 1.0.6 to 1.1). Needs root. Throws SourceError, also for output without a ruleset. */
export async function readRuleset(sources: Sources): Promise<Ruleset> {
  const { stdout } = await answered(sources, ['nft', '-j', 'list', 'ruleset']);
  return parseRuleset(stdout);
}

const familiesOf: Record<string, readonly Family[]> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
};

interface RawChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: unknown;
  readonly type: unknown;
  readonly policy: unknown;
}

/** See `readRuleset`. */
export function parseRuleset(stdout: string): Ruleset {
  const parsed = parsedJson(stdout, 'nft');
  const list = isObject(parsed) ? parsed['nftables'] : undefined;
  if (!Array.isArray(list)) throw unparseable('nft');
  const tables: string[] = [];
  const dormant = new Set<string>();
  const doubtful = new Set<string>();
  const chains: RawChain[] = [];
  const rules: { key: string; chain: string; expr: readonly unknown[] }[] = [];
  for (const item of list.filter(isObject)) {
    const table = objectOf(item['table']);
    if (table !== undefined) {
      tables.push(text(table['name']));
      const flags = [table['flags'] ?? []].flat();
      const key = `${text(table['family'])} ${text(table['name'])}`;
      if (flags.includes('dormant')) dormant.add(key);
      // nft 1.0.6 prints leftovers of other text in place of the flags: the table may be asleep.
      else if (!flags.every((flag) => flag === 'owner' || flag === 'persist')) doubtful.add(key);
    }
    const chain = objectOf(item['chain']);
    if (chain !== undefined) {
      chains.push({
        family: text(chain['family']),
        table: text(chain['table']),
        name: text(chain['name']),
        hook: chain['hook'],
        type: chain['type'],
        policy: chain['policy'],
      });
    }
    const rule = objectOf(item['rule']);
    if (rule !== undefined) {
      rules.push({
        key: `${text(rule['family'])} ${text(rule['table'])}`,
        chain: text(rule['chain']),
        expr: Array.isArray(rule['expr']) ? rule['expr'] : [],
      });
    }
  }
  if (!list.some((item) => isObject(item) && 'metainfo' in item) && chains.length === 0) {
    throw unparseable('nft');
  }
  const input: Record<Family, InputChain[]> = { ipv4: [], ipv6: [] };
  for (const base of chains) {
    const key = `${base.family} ${base.table}`;
    if (base.hook !== 'input' || base.type !== 'filter' || dormant.has(key)) continue;
    if (doubtful.has(key)) throw unparseable('nft');
    const own = rules.filter((rule) => rule.key === key);
    for (const family of familiesOf[base.family] ?? []) {
      const table = new Map<string, Rule[]>();
      for (const rule of own) {
        table.set(rule.chain, [...(table.get(rule.chain) ?? []), ...rulesOf(rule.expr, family)]);
      }
      input[family].push({
        table: base.table,
        chain: base.name,
        inbound: inboundOf(
          { chains: table },
          { name: base.name, policy: base.policy === 'drop' ? 'refuse' : 'accept' },
        ),
        hasExtensions: own.some(({ expr }) => expr.some((part) => isObject(part) && 'xt' in part)),
      });
    }
  }
  return { input, tables, hasUfw: chains.some(({ name }) => /^ufw6?-/.test(name)) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

/** Statements that neither decide nor restrict. */
const harmless = new Set([
  'counter',
  'log',
  'mangle',
  'ct timeout',
  'ct helper',
  'ct expectation',
  'notrack',
  'comment',
  'meter',
  'set',
  'last',
  'flow',
]);

/** A rule is conditions and, at its end, a verdict; a verdict map is several rules in one. */
function rulesOf(expr: readonly unknown[], family: Family): Rule[] {
  let applies: Applies = 'always';
  for (const part of expr) {
    if (!isObject(part)) continue;
    const verdict = verdictOf(part);
    if (verdict !== undefined) return [{ applies, verdict }];
    const map = objectOf(part['vmap']);
    if (map !== undefined)
      return mapRules(map, family).map((rule) => ({ ...rule, applies: both(applies, rule.applies) }));
    if ('match' in part) applies = both(applies, matchApplies(objectOf(part['match']) ?? {}, family));
    else if ('xt' in part) {
      const extension = objectOf(part['xt']) ?? {};
      if (extension['type'] === 'target') {
        if (/^(REJECT|DROP)$/.test(text(extension['name']))) return [{ applies, verdict: { do: 'refuse' } }];
      } else if (extension['name'] !== 'comment') applies = both(applies, 'narrowly');
    } else if (!Object.keys(part).every((key) => harmless.has(key))) {
      // limit, quota, ct count and whatever comes next: a condition of some kind.
      applies = both(applies, 'narrowly');
    }
  }
  return [];
}

function verdictOf(part: JsonObject): Verdict | undefined {
  if ('accept' in part) return { do: 'accept' };
  if ('drop' in part || 'reject' in part) return { do: 'refuse' };
  if ('return' in part) return { do: 'return' };
  if ('continue' in part) return { do: 'continue' };
  // A queue hands the packet to a program nobody sees: it may be let in.
  if ('queue' in part) return { do: 'accept' };
  for (const kind of ['jump', 'goto'] as const) {
    const target = objectOf(part[kind]);
    if (target !== undefined) return { do: kind, chain: text(target['target']) };
  }
  return undefined;
}

function mapRules(map: JsonObject, family: Family): Rule[] {
  const data = objectOf(map['data']);
  const entries = Array.isArray(data?.['set']) ? data['set'] : [];
  return entries.flatMap((entry): Rule[] => {
    if (!Array.isArray(entry) || !isObject(entry[1])) return [];
    const verdict = verdictOf(entry[1]);
    if (verdict === undefined) return [];
    const applies = matchApplies({ op: '==', left: map['key'], right: entry[0] }, family);
    return [{ applies, verdict }];
  });
}

function matchApplies(match: JsonObject, family: Family): Applies {
  const values = valuesOf(match['right']);
  const left = objectOf(match['left']);
  const result = values === undefined || left === undefined ? undefined : leftApplies(left, values, family);
  if (result === undefined) return 'narrowly';
  // `iifname != "lo"` is everybody.
  return match['op'] === '!=' ? not(result) : result;
}

/** undefined for conditions nobody taught us, whichever way round they stand. */
function leftApplies(left: JsonObject, values: readonly unknown[], family: Family): Applies | undefined {
  const words = values.filter((value) => typeof value === 'string');
  const meta = objectOf(left['meta'])?.['key'];
  if (objectOf(left['ct'])?.['key'] === 'state') return appliesToState(words);
  switch (meta) {
    case 'iifname':
    case 'iif':
      return widest(words.map(appliesToInterface));
    case 'nfproto':
      return words.includes(family) ? 'always' : 'never';
    case 'protocol':
      return words.includes(family === 'ipv4' ? 'ip' : 'ip6') ? 'always' : 'never';
    case 'l4proto':
      return appliesToProtocol(words);
  }
  const payload = objectOf(left['payload']);
  switch (payload?.['field']) {
    case 'protocol':
    case 'nexthdr':
      return appliesToProtocol(words);
    case 'dport':
      return widest(values.map(portsApply));
    case 'saddr':
      return widest(values.map(addressApplies));
  }
  return undefined;
}

function portsApply(value: unknown): Applies {
  const range = isObject(value) ? value['range'] : undefined;
  if (!Array.isArray(range) || typeof range[0] !== 'number' || typeof range[1] !== 'number')
    return 'narrowly';
  return appliesToPorts(range[0], range[1]);
}

function addressApplies(value: unknown): Applies {
  const prefix = isObject(value) ? objectOf(value['prefix']) : undefined;
  if (prefix === undefined || typeof prefix['len'] !== 'number') return 'narrowly';
  return appliesToPrefix(text(prefix['addr']), prefix['len']);
}

/** The values of the right side; undefined where they stand in a named set. */
function valuesOf(right: unknown): readonly unknown[] | undefined {
  if (typeof right === 'string') return right.startsWith('@') ? undefined : [right];
  if (Array.isArray(right)) return right;
  if (isObject(right) && Array.isArray(right['set'])) return right['set'];
  if (isObject(right) && Array.isArray(right['|'])) return right['|'];
  return right === undefined ? undefined : [right];
}

function widest(all: readonly Applies[]): Applies {
  return (
    (['always', 'widely', 'narrowly', 'never'] as const).find((applies) => all.includes(applies)) ??
    'narrowly'
  );
}
