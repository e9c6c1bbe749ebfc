import fc from 'fast-check';
import { expect, test } from 'vitest';
import { knownFacts } from '../../server/ingest/known-facts.ts';
import { assess } from '../../server/review/assess.ts';
import { canonicalJson } from '../../shared/canonical.ts';
import { PeerFacts } from '../../shared/facts.ts';
import { judge } from '../../shared/judge.ts';
import { basePolicy } from '../../shared/policy.ts';
import { sampleFleetFacts, sampleMachine, seeded } from '../bench/sample-fleet.ts';

/** As they would be without any memory. */
function plainCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainCanonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${plainCanonical(member)}`)
    .join(',')}}`;
}

test('canonical JSON sorts by code unit at every depth', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(value) === plainCanonical(value)));
  expect(canonicalJson({ b: 1, a: { d: undefined, c: [{ z: 0, y: 'é' }] } })).toBe(
    '{"a":{"c":[{"y":"é","z":0}]},"b":1}',
  );
});

test('what is remembered is what would be read and judged anew, for any device', () => {
  const remembering = knownFacts();
  const policy = basePolicy();
  const now = new Date('2026-11-21T10:00:00Z');
  for (let seed = 0; seed < 150; seed += 1) {
    const random = seeded(seed);
    const machine = sampleMachine(random);
    const sent = { ...sampleFleetFacts(random, machine), 'of-tomorrow': { point: { value: seed } } };
    const read = remembering.read(sent);
    expect(read?.canonical.toString()).toBe(canonicalJson(sent));
    expect(read?.facts).toEqual(PeerFacts.parse(sent));
    const known = {
      machine,
      agent: '0.1.0',
      owner: 'company' as const,
      receivedAt: now,
      diverged: false,
      clockSkewSeconds: seed % 3 === 0 ? 4_000 : 0,
      leaveUntil: null,
      agreement: false,
      approval: null,
      waivers: [],
    };
    const remembered = assess(read?.facts, known, policy, now, remembering.judging);
    expect(remembered).toEqual(assess(read?.facts, known, policy, now));
    const context = { now, machine, clockSkewSeconds: known.clockSkewSeconds };
    const judged = judge(PeerFacts.parse(sent), policy, context);
    expect(remembered.findings).toEqual(expect.arrayContaining(judged));
  }
});

test('what a check cannot say is refused, also the second time', () => {
  const remembering = knownFacts();
  const bad = { firewall: { enabled: { value: { scopes: [], note: 'x' } } } };
  expect(remembering.read(bad)).toBeUndefined();
  expect(remembering.read(bad)).toBeUndefined();
  expect(remembering.read({ firewall: 'on' })).toBeUndefined();
});
