import { expect, test } from 'vitest';
import { formatPolicyYaml, readPolicyYaml } from '../../server/policy-yaml.ts';
import { policyDifference } from '../../server/review/policy-difference.ts';
import { presets } from '../../shared/policies/index.ts';
import { AuthoredPolicy, basePolicy, extendPolicy, type Policy } from '../../shared/policy.ts';

const changed = (checks: object, more: object = {}, base: Policy = basePolicy()) =>
  extendPolicy(base, AuthoredPolicy.parse({ policy: base.id, version: base.version + 1, checks, ...more }));
const told = (from: Policy, to: Policy) =>
  policyDifference(from, to).map(({ check, point, what, from: before, to: after, looser }) => [
    point === null ? (check ?? '') : `${check}/${point}`,
    what,
    before,
    after,
    looser,
  ]);

test('equal policies differ in nothing', () => {
  for (const { policy } of presets) expect(policyDifference(policy, policy)).toEqual([]);
});

test('each change is told by its point, in words, and whether it asks for less', () => {
  const to = changed(
    {
      'screen-lock': { idle: { maxSeconds: 300, clauses: ['ACM-1'], numberFrom: 'text' } },
      'password-policy': { 'min-length': { min: 8 } },
      firewall: { enabled: { mode: 'warn', severity: 'critical' } },
    },
    { run: { interval: '12h', jitter: '1h' } },
  );
  expect(told(basePolicy(), to)).toEqual([
    [
      '',
      'Laptops report',
      'as the agent does by itself (once a day)',
      'every 12 hours, spread over 1 hour',
      false,
    ],
    ['screen-lock/idle', 'Locks after at most', '15 minutes', '5 minutes', false],
    ['screen-lock/idle', 'Clauses', 'none', 'ACM-1', false],
    ['screen-lock/idle', 'Where the number comes from', 'CIS', 'the company’s own text', false],
    ['password-policy/min-length', 'Shortest password', '12 characters', '8 characters', true],
    ['firewall/enabled', 'How it counts', 'counts', 'reminder only', true],
    ['firewall/enabled', 'Severity', 'high', 'critical', false],
  ]);
});

test('what the company’s own text asks for is known, and that it is loosened', () => {
  const strict = changed({ 'screen-lock': { idle: { maxSeconds: 300, numberFrom: 'text' } } });
  const loose = changed({ 'screen-lock': { idle: { maxSeconds: 600 } } }, {}, strict);
  expect(policyDifference(strict, loose)).toMatchObject([{ looser: true, companyText: true }]);
  expect(policyDifference(loose, strict)).toMatchObject([{ looser: false, companyText: true }]);
  expect(policyDifference(basePolicy(), loose).some(({ companyText }) => companyText)).toBe(false);
});

test('a policy that was written out is the same when it is read again', () => {
  for (const { policy } of presets) {
    const again = readPolicyYaml(formatPolicyYaml(policy));
    expect(policyDifference(policy, again), policy.id).toEqual([]);
    expect({ ...again, checks: undefined }).toEqual({ ...policy, checks: undefined });
  }
  const timed = changed({}, { run: { interval: '90m', jitter: '0m' } });
  expect(readPolicyYaml(formatPolicyYaml(timed)).run).toEqual({ everyMinutes: 90, jitterMinutes: 0 });
});

test('what is no policy is told by its place', () => {
  expect(() => readPolicyYaml('policy: [')).toThrow('not valid YAML');
  expect(() =>
    readPolicyYaml('policy: a\nversion: 1\nchecks: { screen-lock: { idle: { maxSeconds: 5 } } }'),
  ).toThrow('checks/screen-lock/idle/maxSeconds');
});
