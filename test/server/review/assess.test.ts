import { describe, expect, test } from 'vitest';
import { assess, assessCheck, type CollectorKnowledge, type Judging } from '../../../server/review/assess.ts';
import type { DeviceApproval } from '../../../server/review/device-approval.ts';
import { judgeCheck } from '../../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../../shared/policy.ts';
import type { DeviceWaiver } from '../../../shared/waiver.ts';
import { sampleFacts, sampleMachine } from '../sample-device.ts';

const hour = 3_600_000;
const day = 24 * hour;
const received = new Date('2026-11-01T10:00:00Z');
const later = (ms: number) => new Date(received.getTime() + ms);
const policy = basePolicy();
const { maxCheckInDays } = policy.checks['agent-health']['current']?.params ?? {};
const days = Number(maxCheckInDays);

const knowledge: CollectorKnowledge = {
  machine: sampleMachine,
  agent: '0.1.0',
  owner: 'company',
  receivedAt: received,
  diverged: false,
  clockSkewSeconds: 0,
  leaveUntil: null,
  agreement: false,
  approval: null,
  waivers: [],
};
const assessed = (now: Date, change: Partial<CollectorKnowledge> = {}) =>
  assess(sampleFacts('off'), { ...knowledge, ...change }, policy, now);

const health = (now: Date, agent = '0.1.0') =>
  assessed(now, { agent }).findings.find(({ check }) => check === 'agent-health');

describe('a laptop', () => {
  test('is silent from the moment on at which its last report is too old, not before', () => {
    const { silentAt } = assessed(later(hour));
    expect(silentAt.getTime()).toBe(received.getTime() + days * day + 1);
    expect(assessed(new Date(silentAt.getTime() - 1)).state).toBe('failing');
    expect(assessed(silentAt).state).toBe('silent');
    expect(assessed(received, { receivedAt: null }).state).toBe('silent');
  });

  test('never looks younger than it is: the age of its report is rounded up', () => {
    const facts = (now: Date) => health(now)?.facts['current'];
    expect(facts(later(1))).toMatchObject({ value: { checkInAgeHours: 1 } });
    expect(facts(later(hour))).toMatchObject({ value: { checkInAgeHours: 1 } });
    expect(facts(later(hour + 1))).toMatchObject({ value: { checkInAgeHours: 2 } });
    expect(facts(later(-hour))).toMatchObject({ value: { checkInAgeHours: 0 } });
  });

  describe('approved for personal data', () => {
    const written = (requires: readonly string[]) =>
      extendPolicy(
        policy,
        AuthoredPolicy.parse({
          policy: 'acme',
          version: 2,
          checks: { 'device-approval': { approved: { maxMonths: 12, requires } } },
        }),
      );
    const given: DeviceApproval = {
      basis: 'approval',
      since: '2026-06-01',
      until: null,
      withdrawn: false,
      conditions: [],
    };
    const judged = (approval: DeviceApproval | null, requires: readonly string[] = []) =>
      assess(sampleFacts('off'), { ...knowledge, approval }, written(requires), received).findings.find(
        ({ check }) => check === 'device-approval',
      )?.points[0];

    test.each([
      ['nothing on record', null, 'fail', /neither an approval nor a statement/],
      ['an approval in force', given, 'pass', /the approval holds until 2027-06-01/],
      ['one that ends sooner', { ...given, until: '2026-12-31' }, 'pass', /holds until 2026-12-31/],
      ['one that has ended', { ...given, until: '2026-10-31' }, 'fail', /ended on 2026-10-31/],
      ['one that lasts too long', { ...given, until: '2028-01-01' }, 'pass', /holds until 2027-06-01/],
      ['one taken back', { ...given, withdrawn: true }, 'fail', /was withdrawn/],
      [
        'a statement that there is none',
        { ...given, basis: 'no-personal-data' as const, conditions: ['encrypted'] },
        'pass',
        /no personal data is kept here holds until/,
      ],
      ['a condition a person answers for', { ...given, conditions: ['no-copies'] }, 'pass', /holds/],
      ['a name only objects have', { ...given, conditions: ['constructor'] }, 'pass', /holds/],
    ] as const)('%s', (_what, approval, status, observed) => {
      expect(judged(approval)).toMatchObject({ status, observed: expect.stringMatching(observed) });
    });

    test('on conditions holds only while the laptop meets them, whoever set them', () => {
      // The firewall of the sample is off; of what is not reported nothing is known.
      const unmet = { status: 'fail', observed: '1 condition of the approval not met' };
      const undecided = {
        status: 'unknown',
        observed: expect.stringMatching(/1 condition .* could not be told/),
      };
      expect(judged(given, ['firewall/enabled'])).toMatchObject(unmet);
      expect(judged(given, ['screen-lock/idle'])).toMatchObject(undecided);
      expect(judged({ ...given, conditions: ['updated'] })).toMatchObject(undecided);
      expect(judged(given, ['firewall/enabled', 'screen-lock/idle'])).toMatchObject(unmet);
      expect(judged(given, ['device-ownership/declared', 'device-approval/approved'])?.status).toBe('pass');
    });

    test('is judged alike where the check stands alone', () => {
      const policy = written(['firewall/enabled']);
      const known = { ...knowledge, approval: given };
      const judging: Judging = (by, context) => (id, said) => judgeCheck(id, said, by, context);
      const alone = assessCheck('device-approval', sampleFacts('off'), known, policy, received, judging);
      expect(alone).toEqual(
        assess(sampleFacts('off'), known, policy, received).findings.find(
          ({ check }) => check === 'device-approval',
        ),
      );
      expect(alone?.status).toBe('fail');
    });
  });

  test('of a contractor is allowed with an agreement on record', () => {
    const owned = (agreement: boolean) =>
      assessed(received, { owner: 'contractor', agreement }).findings.find(
        ({ check }) => check === 'device-ownership',
      )?.status;
    expect(owned(false)).toBe('fail');
    expect(owned(true)).toBe('pass');
  });

  test('is on leave until the moment somebody named, and counts from that moment on', () => {
    const leaveUntil = later(2 * day);
    const before = assessed(later(day), { leaveUntil });
    expect(before).toMatchObject({ state: 'on-leave', judgeAt: later(2 * day) });
    expect(assessed(leaveUntil, { leaveUntil }).state).toBe('failing');
  });

  test('whose agent is the oldest that gets fixes is supported, an older or unreadable one is not', () => {
    const supported = (agent: string) => health(later(hour), agent)?.facts['current'];
    expect(supported('0.1.0')).toMatchObject({ value: { versionSupported: 'yes' } });
    expect(supported('0.0.9')).toMatchObject({ value: { versionSupported: 'no' } });
    expect(supported('dev')).toMatchObject({ value: { versionSupported: 'unknown' } });
  });
});

describe('it is judged again', () => {
  const now = later(hour);
  const waiver: DeviceWaiver = {
    id: '0199f3c0-0000-7000-8000-0000000000aa',
    check: 'firewall',
    point: null,
    reason: 'The lab network filters in front of it.',
    startsAt: later(-day).toISOString(),
    expiresAt: later(3 * hour).toISOString(),
  };

  test('within a day, and when a waiver of it begins or ends before', () => {
    expect(assessed(now).judgeAt).toEqual(later(hour + day));
    expect(assessed(now, { waivers: [waiver] }).judgeAt).toEqual(later(3 * hour));
    const longer = { ...waiver, expiresAt: later(9 * day).toISOString() };
    expect(assessed(now, { waivers: [longer] }).judgeAt).toEqual(later(hour + day));
  });

  test('when it falls silent, where that is sooner', () => {
    const { silentAt } = assessed(now);
    expect(assessed(new Date(silentAt.getTime() - hour)).judgeAt).toEqual(silentAt);
  });
});
