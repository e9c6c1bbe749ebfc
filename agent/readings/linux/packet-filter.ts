/**
 * What a set of packet filter chains does to an unsolicited packet from the network: a new connection to a port nobody named,
 * arriving at an ordinary interface. Rules of nft and of iptables are both translated into this model.
 */

/**
 * Whether a rule applies to that packet. `always` and `never` are certain. `widely` = to a large part of such packets (a whole
 * network interface, a whole protocol, thousands of ports). `narrowly` = on some condition that is not met by default.
 */
export type Applies = 'always' | 'never' | 'widely' | 'narrowly';

export type Verdict =
  | { readonly do: 'accept' | 'refuse' | 'return' | 'continue' }
  | { readonly do: 'jump' | 'goto'; readonly chain: string };

export interface Rule {
  readonly applies: Applies;
  readonly verdict: Verdict;
}

/** Chains of one table by name; a base chain is walked from its start. */
export interface Table {
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
}

export interface BaseChain {
  readonly name: string;
  readonly policy: 'accept' | 'refuse';
}

/** What becomes of unsolicited traffic: refused, let in, or some large part of it let in. */
export type Inbound = 'refused' | 'partly-open' | 'open';

interface Walk {
  readonly end: 'accept' | 'refuse' | 'return';
  readonly leaks: boolean;
}

/** Deeper than any kernel follows jumps: a table that does is no answer. */
const maxDepth = 64;
const maxSteps = 20_000;

/** Walks one base chain. Jumps and gotos are followed; a loop or a missing chain is treated as no rule. */
export function inboundOf(table: Table, base: BaseChain): Inbound {
  const budget = { steps: maxSteps };
  const { end, leaks } = walk(table, base.name, 0, budget);
  const last = end === 'return' ? base.policy : end;
  // A table too tangled to follow proves nothing.
  if (last === 'accept' || budget.steps <= 0) return 'open';
  return leaks ? 'partly-open' : 'refused';
}

function walk(table: Table, chain: string, depth: number, budget: { steps: number }): Walk {
  let leaks = false;
  if (depth > maxDepth) return { end: 'return', leaks };
  for (const { applies, verdict } of table.chains.get(chain) ?? []) {
    budget.steps -= 1;
    if (budget.steps <= 0) return { end: 'accept', leaks: true };
    if (applies === 'never' || applies === 'narrowly' || verdict.do === 'continue') continue;
    const result: Walk =
      verdict.do === 'jump' || verdict.do === 'goto'
        ? walk(table, verdict.chain, depth + 1, budget)
        : { end: verdict.do, leaks: false };
    if (applies === 'widely') {
      leaks ||= result.end === 'accept' || result.leaks;
      continue;
    }
    leaks ||= result.leaks;
    if (result.end !== 'return') return { end: result.end, leaks };
    // After a goto the rest of this chain is not walked; a return ends it as well.
    if (verdict.do !== 'jump') return { end: 'return', leaks };
  }
  return { end: 'return', leaks };
}

/** Several base chains or worlds: a packet has to pass all of them, so one that refuses is enough. */
export function strictest(results: readonly Inbound[]): Inbound {
  if (results.includes('refused')) return 'refused';
  return results.includes('partly-open') ? 'partly-open' : 'open';
}

/** Both conditions have to hold. */
export function both(a: Applies, b: Applies): Applies {
  if (a === 'never' || b === 'never') return 'never';
  if (a === 'narrowly' || b === 'narrowly') return 'narrowly';
  return a === 'widely' || b === 'widely' ? 'widely' : 'always';
}

/** The other way round: what is certain stays certain, everything but a little is nearly everything. */
export function not(applies: Applies): Applies {
  const opposite = { always: 'never', never: 'always', widely: 'narrowly', narrowly: 'widely' } as const;
  return opposite[applies];
}

/** How a rule for an interface applies to a packet from the network. Tunnels, bridges and the like are somebody's own. */
export function appliesToInterface(name: string): Applies {
  if (name === 'lo') return 'never';
  if (name === '*' || name === '+' || name === '') return 'always';
  return /^(en|eth|wl|ww|usb|ib)/.test(name) ? 'widely' : 'narrowly';
}

/** A range of ports so wide that programs of all kinds listen in it. */
const manyPorts = 4_096;

/** How a rule for the ports `first` to `last` applies. */
export function appliesToPorts(first: number, last: number): Applies {
  return last - first >= manyPorts ? 'widely' : 'narrowly';
}

/** How a rule for a protocol applies: TCP and UDP are what everything comes by. */
export function appliesToProtocol(names: readonly string[]): Applies {
  return names.some((name) => ['tcp', 'udp', 'all', '6', '17', '0'].includes(name)) ? 'widely' : 'narrowly';
}

/** How a rule for source or destination addresses applies: a prefix of no length is everybody. */
export function appliesToPrefix(address: string, length: number | undefined): Applies {
  if (length === 0) return 'always';
  return /^(0\.0\.0\.0|::)$/.test(address) && length === undefined ? 'never' : 'narrowly';
}

/** How a rule for connection states applies to a new connection. */
export function appliesToState(states: readonly string[]): Applies {
  return states.some((state) => state.toLowerCase() === 'new') ? 'always' : 'never';
}
