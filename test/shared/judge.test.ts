import { expect, test } from 'vitest';
import type { Answer, Platform } from '../../shared/answer.ts';
import type { Check } from '../../shared/check.ts';
import { checkIds, checks } from '../../shared/checks/index.ts';
import { judgeCheck } from '../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';

/** What the age of the definitions comes to, on a machine whose policy asks for malware protection on Linux, or does not. */
function definitions(
  linux: 'required' | 'not-required',
  answer: Answer<unknown>,
  platform: Platform = 'linux',
) {
  const policy = extendPolicy(
    basePolicy(),
    AuthoredPolicy.parse({
      policy: 'acme',
      version: 2,
      checks: { 'malware-protection': { active: { linux } } },
    }),
  );
  const osName = { darwin: 'macos', linux: 'arch', win32: 'windows' } as const;
  const { points } = judgeCheck('malware-protection', { definitions: answer }, policy, {
    now: new Date('2026-11-21T10:00:00Z'),
    machine: { platform, osName: osName[platform] },
  });
  return points.find(({ point }) => point === 'definitions');
}

test('what could not be told is not asked for where the point it hangs on is not', () => {
  const dark: Answer<unknown> = { unknown: 'missing' };
  expect(definitions('not-required', dark)).toMatchObject({
    status: 'not-applicable',
    reason: 'not-required',
    observed: 'the policy does not ask for it here',
  });
  expect(definitions('required', dark)).toMatchObject({ status: 'unknown', reason: 'missing' });
  expect(definitions('not-required', dark, 'darwin')?.status).toBe('unknown');
  expect(definitions('not-required', dark, 'win32')?.status).toBe('unknown');
});

test('what was read is judged all the same: it excuses no failure and makes no pass', () => {
  expect(definitions('not-required', { value: { ageHours: 2_400 } })?.status).toBe('fail');
  expect(definitions('not-required', { value: { current: false } })?.status).toBe('fail');
  expect(definitions('not-required', { value: { ageHours: 5 } })?.status).toBe('pass');
});

test('a point hangs on another one of its check that a policy can leave out', () => {
  for (const id of checkIds) {
    const { points } = checks[id] as unknown as Check;
    for (const { hangsOn } of Object.values(points)) {
      if (hangsOn !== undefined) expect(points[hangsOn]?.notRequired, `${id}/${hangsOn}`).toBeDefined();
    }
  }
});
