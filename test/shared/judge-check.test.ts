import { describe, expect, test } from 'vitest';
import { type Answer, known, unknown } from '../../shared/answer.ts';
import type { Mode, Severity } from '../../shared/check.ts';
import type { CheckId } from '../../shared/checks/index.ts';
import { type Finding, judgeCheck, posture, worstStatus } from '../../shared/judge.ts';
import { basePolicy, type Policy } from '../../shared/policy.ts';

const context = {
  now: new Date('2026-11-21T10:00:00Z'),
  machine: { platform: 'linux', osName: 'debian' } as const,
};

interface Said {
  readonly mode?: Mode;
  readonly severity?: Severity;
}

/** The base policy, but for what is said of the firewall's points. */
function policyWith(enabled: Said, inbound: Said): Policy {
  const base = basePolicy();
  const { firewall } = base.checks;
  return {
    ...base,
    checks: {
      ...base.checks,
      firewall: {
        enabled: { ...firewall['enabled'], ...enabled },
        'inbound-default': { ...firewall['inbound-default'], ...inbound },
      },
    } as Policy['checks'],
  };
}

const machine = (state: string) => known({ scopes: [{ scope: 'machine', state }] });
const on = machine('on');
const off = machine('off');
const refuses = known({ scopes: [{ scope: 'machine', inbound: 'refused' }] });
const admits = known({ scopes: [{ scope: 'machine', inbound: 'open' }] });

const firewall = (policy: Policy, enabled: Answer<unknown>, inbound: Answer<unknown>): Finding =>
  judgeCheck('firewall', { enabled, 'inbound-default': inbound }, policy, context);
const enforced = policyWith({ mode: 'enforce' }, { mode: 'enforce' });

describe('a check', () => {
  test('is what its worst point is: a failure before what is not known, and that before a pass', () => {
    expect(firewall(enforced, on, refuses).status).toBe('pass');
    expect(firewall(enforced, on, unknown('denied'))).toMatchObject({ status: 'unknown', reason: 'denied' });
    expect(firewall(enforced, unknown('denied'), admits)).toMatchObject({
      status: 'fail',
      points: [{ status: 'unknown' }, { status: 'fail' }],
    });
    expect(worstStatus(['not-applicable', 'pass'])).toBe('pass');
    expect(worstStatus(['not-applicable'])).toBe('not-applicable');
    expect(worstStatus([])).toBe('not-applicable');
  });

  test('is decided by what the policy enforces, also where that is one point only', () => {
    const oneEnforced = policyWith({ mode: 'enforce' }, { mode: 'warn' });
    const finding = firewall(oneEnforced, on, admits);
    expect(finding).toMatchObject({ status: 'pass', attention: true });
    expect(posture([finding])).toBe('compliant');
    expect(firewall(oneEnforced, off, refuses)).toMatchObject({ status: 'fail', attention: false });
  });

  test('that nothing enforces shows its worst point all the same, but for those nobody asks', () => {
    expect(firewall(policyWith({ mode: 'advisory' }, { mode: 'off' }), on, admits).status).toBe('pass');
    expect(firewall(policyWith({ mode: 'off' }, { mode: 'advisory' }), on, admits).status).toBe('fail');
    expect(firewall(policyWith({ mode: 'off' }, { mode: 'off' }), on, admits).status).toBe('fail');
  });

  test('asks for attention where a point of mode warn fails, and only there', () => {
    const warned = policyWith({ mode: 'enforce' }, { mode: 'warn' });
    expect(firewall(warned, on, unknown('timeout')).attention).toBe(false);
    expect(firewall(warned, on, refuses).attention).toBe(false);
    expect(firewall(enforced, off, admits).attention).toBe(false);
  });

  test('has the severity, the words and the remedy of the gravest of its worst points', () => {
    const graver = policyWith(
      { mode: 'enforce', severity: 'medium' },
      { mode: 'enforce', severity: 'critical' },
    );
    const finding = firewall(graver, off, admits);
    expect(finding.severity).toBe('critical');
    expect(finding.summary.startsWith(finding.points[1]?.observed ?? 'nothing')).toBe(true);
    expect(finding.remedy).toEqual(finding.points[1]?.remedy);
  });

  test('offers a remedy for what fails, not for what is not known', () => {
    expect(firewall(enforced, off, refuses).remedy).toBeDefined();
    expect(firewall(enforced, unknown('failed'), refuses).remedy).toBeUndefined();
    expect(firewall(enforced, on, refuses).points[0]).not.toHaveProperty('remedy');
  });
});

describe('a point', () => {
  test('whose value fits no schema is unknown, never a pass', () => {
    expect(firewall(enforced, known('on'), refuses)).toMatchObject({
      status: 'unknown',
      reason: 'unparseable',
    });
    expect(firewall(enforced, known({ scopes: [] }), refuses).status).toBe('unknown');
  });

  test('of which nothing was said is unknown', () => {
    const finding = judgeCheck('firewall', { enabled: on }, enforced, context);
    expect(finding).toMatchObject({ status: 'unknown', reason: 'missing' });
  });

  test('names who supplied its number, and only where it has one', () => {
    const numbered = (id: CheckId) =>
      judgeCheck(id, {}, basePolicy(), context).points.filter(({ numberFrom }) => numberFrom !== undefined);
    expect(numbered('screen-lock').map(({ point }) => point)).toContain('idle');
    expect(numbered('firewall')).toEqual([]);
  });
});

describe('a device', () => {
  const finding = (enabled: Answer<unknown>) => firewall(enforced, enabled, refuses);

  test('is not compliant by one failure, else unknown by one thing that is not known', () => {
    expect(posture([finding(on), finding(off), finding(unknown('stale'))])).toBe('not-compliant');
    expect(posture([finding(on), finding(unknown('stale'))])).toBe('unknown');
    expect(posture([finding(on)])).toBe('compliant');
  });

  test('is not held to what the policy does not enforce', () => {
    expect(posture([firewall(policyWith({ mode: 'warn' }, { mode: 'advisory' }), off, admits)])).toBe(
      'compliant',
    );
  });
});
