import { describe, expect, test } from 'vitest';
import { parseSavedRules } from '../../../../agent/readings/linux/iptables.ts';
import { parseRuleset } from '../../../../agent/readings/linux/nftables.ts';

const accept = { accept: null };
const drop = { drop: null };
const state = (...states: string[]) => ({
  match: { op: 'in', left: { ct: { key: 'state' } }, right: states },
});
const from = (op: string, name: string) => ({
  match: { op, left: { meta: { key: 'iifname' } }, right: name },
});
const ports = (right: unknown) => ({
  match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
});

/** An inet table with one input chain of this policy and these rules. */
function ruleset(policy: string, ...rules: unknown[][]): string {
  const chain = { family: 'inet', table: 't', name: 'in', type: 'filter', hook: 'input', prio: 0, policy };
  return JSON.stringify({
    nftables: [
      { metainfo: { json_schema_version: 1 } },
      { chain },
      ...rules.map((expr) => ({ rule: { family: 'inet', table: 't', chain: 'in', expr } })),
    ],
  });
}

const inbound = (text: string, family: 'ipv4' | 'ipv6' = 'ipv4') =>
  parseRuleset(text).input[family][0]?.inbound;

describe('nft', () => {
  test.each<[string, string, unknown[][], string]>([
    ['policy drop', 'drop', [], 'refused'],
    ['policy accept', 'accept', [], 'open'],
    ['drop at the end', 'accept', [[state('established'), accept], [drop]], 'refused'],
    ['accept before the drop', 'drop', [[accept], [drop]], 'open'],
    ['a condition decides nothing', 'accept', [[ports(22), drop]], 'open'],
    ['one port is no opening', 'drop', [[ports(22), accept]], 'refused'],
    ['thousands of ports are', 'drop', [[ports({ range: [1024, 65535] }), accept]], 'partly-open'],
    [
      'a set with a wide range',
      'drop',
      [[ports({ set: [22, { range: [1, 60000] }] }), accept]],
      'partly-open',
    ],
    ['every new connection', 'drop', [[state('new'), accept]], 'open'],
    [
      'everything that is not established',
      'drop',
      [[{ match: { op: '!=', left: { ct: { key: 'state' } }, right: 'established' } }, accept]],
      'open',
    ],
    ['all but loopback dropped', 'accept', [[from('!=', 'lo'), drop]], 'refused'],
    ['loopback accepted', 'drop', [[from('==', 'lo'), accept]], 'refused'],
    ['the cable accepted', 'drop', [[from('==', 'enp0s31f6'), accept]], 'partly-open'],
    ['a tunnel accepted', 'drop', [[from('==', 'tailscale0'), accept]], 'refused'],
    [
      'everybody by prefix',
      'drop',
      [
        [
          {
            match: {
              op: '==',
              left: { payload: { protocol: 'ip', field: 'saddr' } },
              right: { prefix: { addr: '0.0.0.0', len: 0 } },
            },
          },
          accept,
        ],
      ],
      'open',
    ],
    ['a queue may let in', 'drop', [[{ queue: { num: 0 } }]], 'open'],
    ['an unknown statement is a condition', 'accept', [[{ tomorrow: {} }, drop]], 'open'],
    ['a limit is a condition', 'accept', [[{ limit: { rate: 5 } }, drop]], 'open'],
    ['logging is none', 'accept', [[{ log: { prefix: 'x' } }, { counter: {} }, drop]], 'refused'],
    ['an xt comment is none', 'drop', [[{ xt: { type: 'match', name: 'comment' } }, accept]], 'open'],
    ['an xt target', 'accept', [[{ xt: { type: 'target', name: 'REJECT' } }]], 'refused'],
    [
      'a verdict map',
      'drop',
      [
        [
          {
            vmap: {
              key: { ct: { key: 'state' } },
              data: {
                set: [
                  ['established', accept],
                  ['new', accept],
                ],
              },
            },
          },
        ],
      ],
      'open',
    ],
    ['a loop of jumps', 'drop', [[{ jump: { target: 'in' } }]], 'refused'],
    ['a jump into nothing', 'accept', [[{ jump: { target: 'nowhere' } }]], 'open'],
  ])('%s', (_, policy, rules, expected) => {
    expect(inbound(ruleset(policy, ...rules))).toBe(expected);
  });

  test('a rule for one family opens that one', () => {
    const text = ruleset('drop', [
      { match: { op: '==', left: { meta: { key: 'nfproto' } }, right: 'ipv6' } },
      accept,
    ]);
    expect([inbound(text, 'ipv4'), inbound(text, 'ipv6')]).toEqual(['refused', 'open']);
  });

  test('jumps that fan out do not take forever', () => {
    const chains = Array.from({ length: 60 }, (_, at) => `c${at}`);
    const items = chains.flatMap((name, at) =>
      [0, 1].map(() => ({
        rule: { family: 'inet', table: 't', chain: name, expr: [{ jump: { target: `c${at + 1}` } }] },
      })),
    );
    const base = { family: 'inet', table: 't', name: 'c0', type: 'filter', hook: 'input', policy: 'drop' };
    expect(inbound(JSON.stringify({ nftables: [{ metainfo: {} }, { chain: base }, ...items] }))).toBe('open');
  });

  test.each(['', '[]', '{}', 'null', '{"nftables":[]}', '{"nftables":{}}'])('%j is no answer', (text) => {
    expect(() => parseRuleset(text)).toThrow(expect.objectContaining({ reason: 'unparseable' }));
  });
});

describe('iptables-save', () => {
  const saved = (...lines: string[]) => `*filter\n${lines.join('\n')}\nCOMMIT\n`;

  test.each<[string, string[], string]>([
    ['policy DROP', [':INPUT DROP [0:0]'], 'refused'],
    ['policy ACCEPT', [':INPUT ACCEPT [0:0]'], 'open'],
    ['everything accepted', [':INPUT DROP [0:0]', '-A INPUT -j ACCEPT'], 'open'],
    [
      'a comment is no condition',
      [':INPUT DROP [0:0]', '-A INPUT -m comment --comment "let in" -j ACCEPT'],
      'open',
    ],
    [
      'new connections accepted',
      [':INPUT DROP [0:0]', '-A INPUT -m conntrack --ctstate NEW -j ACCEPT'],
      'open',
    ],
    [
      'new connections to a port',
      [':INPUT DROP [0:0]', '-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT'],
      'refused',
    ],
    ['a whole protocol', [':INPUT DROP [0:0]', '-A INPUT -p tcp -j ACCEPT'], 'partly-open'],
    [
      'ports by the thousand',
      [':INPUT DROP [0:0]', '-A INPUT -p udp -m udp --dport 1025:65535 -j ACCEPT'],
      'partly-open',
    ],
    ['all but loopback rejected', [':INPUT ACCEPT [0:0]', '-A INPUT ! -i lo -j REJECT'], 'refused'],
    [
      'a chain that drops',
      [
        ':INPUT ACCEPT [0:0]',
        ':f - [0:0]',
        '-A INPUT -j f',
        '-A f -s 192.0.2.0/24 -j RETURN',
        '-A f -j DROP',
      ],
      'refused',
    ],
    [
      'a chain that returns',
      [':INPUT ACCEPT [0:0]', ':f - [0:0]', '-A INPUT -j f', '-A f -j RETURN', '-A f -j DROP'],
      'open',
    ],
    ['one address dropped', [':INPUT ACCEPT [0:0]', '-A INPUT -s 192.0.2.7/32 -j DROP'], 'open'],
  ])('%s', (_, lines, expected) => {
    expect(parseSavedRules(saved(...lines)).inbound).toBe(expected);
  });

  test('other tables say nothing about inbound packets', () => {
    expect(parseSavedRules('*nat\n:INPUT ACCEPT [0:0]\nCOMMIT\n').inbound).toBeUndefined();
    expect(parseSavedRules('').inbound).toBeUndefined();
  });

  test('which generation it shows', () => {
    const header = (rest: string) => `# Generated by iptables-save v1.8.9${rest} on Fri\n*filter\nCOMMIT\n`;
    expect(parseSavedRules(header(' (nf_tables)')).backend).toBe('nf_tables');
    expect(parseSavedRules(header('')).backend).toBe('legacy');
    expect(parseSavedRules(saved(':INPUT DROP [0:0]')).backend).toBeUndefined();
  });

  test('other text is no answer', () => {
    expect(() => parseSavedRules('Zugriff verweigert')).toThrow(
      expect.objectContaining({ reason: 'unparseable' }),
    );
  });
});
