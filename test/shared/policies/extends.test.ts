import { describe, expect, test } from 'vitest';
import { presetDocument, presets } from '../../../shared/policies/index.ts';
import { PolicyError, policyFrom } from '../../../shared/policy.ts';

const document = (policy: string, parent: string, checks: object = {}) => ({
  policy,
  version: 1,
  extends: parent,
  checks,
});
const among = (...documents: { policy: string }[]) => {
  const byId = new Map(documents.map((one) => [one.policy, one]));
  return (id: string) => byId.get(id);
};

describe('a policy that extends another', () => {
  test('has what the other has, and what it says itself', () => {
    const kelia = presets.find(({ id }) => id === 'kelia')?.policy;
    const stricter = policyFrom(
      document('kelia-servers', 'kelia', { 'screen-lock': { idle: { maxSeconds: 120 } } }),
      presetDocument,
    );
    expect(stricter.id).toBe('kelia-servers');
    expect(stricter.checks['screen-lock']['idle']?.params).toMatchObject({ maxSeconds: 120 });
    expect(stricter.checks['screen-lock']['idle']?.clauses).toContain('KEL-22-l');
    expect(stricter.checks['disk-encryption']).toEqual(kelia?.checks['disk-encryption']);
  });

  test('may go over several', () => {
    const documentOf = among(
      document('a', 'base', { firewall: { enabled: { severity: 'critical' } } }),
      document('b', 'a', { firewall: { enabled: { mode: 'warn' } } }),
    );
    const policy = policyFrom(document('c', 'b'), documentOf);
    expect(policy.checks.firewall['enabled']).toMatchObject({ mode: 'warn', severity: 'critical' });
  });

  test('one that nobody knows is named', () => {
    expect(() => policyFrom(document('acme', 'keila'), presetDocument)).toThrow(
      new PolicyError('extends: there is no policy named "keila"'),
    );
  });

  test.each([
    [document('a', 'a'), [], 'a extends a'],
    [document('a', 'b'), [document('b', 'a')], 'a extends b extends a'],
    [document('a', 'b'), [document('b', 'c'), document('c', 'b')], 'a extends b extends c extends b'],
  ])('a circle is shown', (start, others, words) => {
    expect(() => policyFrom(start, among(start, ...others))).toThrow(
      new PolicyError(`extends: ${words}, which goes round in a circle`),
    );
  });

  test('a slip in what it extends says that it is there', () => {
    const documentOf = among(document('b', 'base', { firewal: {} }));
    expect(() => policyFrom(document('a', 'b'), documentOf)).toThrow(
      /^in what it extends: checks: .*firewal/,
    );
  });
});
