import { describe, expect, test } from 'vitest';
import { assess, type CollectorKnowledge } from '../../../server/review/assess.ts';
import { basePolicy } from '../../../shared/policy.ts';
import type { DeviceWaiver } from '../../../shared/waiver.ts';
import { sampleFacts, sampleMachine } from '../sample-device.ts';

const hour = 3_600_000;
const day = 24 * hour;
const received = new Date('2026-11-01T10:00:00Z');
const later = (ms: number) => new Date(received.getTime() + ms);
const policy = basePolicy();
const { maxCheckInDays } = policy.checks['agent-health']['current']?.params ?? {};
const days = Number(maxCheckInDays);

const assessed = (now: Date, change: Partial<CollectorKnowledge> = {}) =>
  assess(
    sampleFacts('off'),
    {
      machine: sampleMachine,
      agent: '0.1.0',
      owner: 'company',
      receivedAt: received,
      diverged: false,
      clockSkewSeconds: 0,
      leaveUntil: null,
      waivers: [],
      ...change,
    },
    policy,
    now,
  );

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

  test('is not said to lack an approval that nobody looked for: that is unknown, and says so', () => {
    const approval = assessed(received).findings.find(({ check }) => check === 'device-approval');
    expect(approval).toMatchObject({ status: 'unknown', reason: 'unsupported' });
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
