import { expect, test } from 'vitest';
import { countedStatus, counts, judge, posture } from '../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import { policyDocument, policyFrom } from '../../shared/policy-document.ts';
import {
  approvedMedia,
  covers,
  type DeviceWaiver,
  maxWaiverDays,
  nextWaiverChange,
  Waiver,
  waiverFor,
  withWaivers,
} from '../../shared/waiver.ts';
import { WaiverRequest } from '../../shared/waiver-request.ts';
import { sampleFacts, sampleMachine } from '../server/sample-device.ts';

const device = '0199f3c0-0000-7000-8000-000000000001';
const waiver: DeviceWaiver = {
  id: '0199f3c0-0000-7000-8000-0000000000aa',
  check: 'firewall',
  point: null,
  reason: 'The lab network filters in front of it until the move.',
  startsAt: '2026-11-01T00:00:00Z',
  expiresAt: '2026-12-01T00:00:00Z',
};
const during = new Date('2026-11-21T10:00:00Z');
const after = new Date('2026-12-01T00:00:00Z');

/** A machine of which only the firewall counts, judged. */
function judged(firewall: 'on' | 'off' | 'unknown') {
  const policy = basePolicy();
  const { 'disk-encryption': _disk, 'password-policy': _passwords, ...facts } = sampleFacts(firewall);
  return judge(facts, policy, { now: during, machine: sampleMachine });
}

test('a waiver excuses its check or its point while it runs, and nothing else', () => {
  expect(waiverFor([waiver], 'firewall', 'enabled', during)).toBe(waiver);
  expect(waiverFor([waiver], 'screen-lock', 'idle', during)).toBeUndefined();
  const onePoint = { ...waiver, point: 'enabled' };
  expect(waiverFor([onePoint], 'firewall', 'enabled', during)).toBe(onePoint);
  expect(waiverFor([onePoint], 'firewall', 'inbound-default', during)).toBeUndefined();
});

test('it begins and ends to the second', () => {
  const at = (moment: string) => waiverFor([waiver], 'firewall', 'enabled', new Date(moment));
  expect(at('2026-10-31T23:59:59Z')).toBeUndefined();
  expect(at('2026-11-01T00:00:00Z')).toBe(waiver);
  expect(at('2026-11-30T23:59:59Z')).toBe(waiver);
  expect(at('2026-12-01T00:00:00Z')).toBeUndefined();
});

test('of two, the one that lasts longest is named', () => {
  const longer = { ...waiver, id: '0199f3c0-0000-7000-8000-0000000000bb', expiresAt: '2027-01-01T00:00:00Z' };
  expect(waiverFor([waiver, longer], 'firewall', 'enabled', during)).toBe(longer);
});

test('a scope names one device, a kind of machine, or everything', () => {
  const laptop = { id: device, platform: 'linux', owner: 'personal' } as const;
  expect(covers({ kind: 'device', device }, laptop)).toBe(true);
  expect(covers({ kind: 'device', device: waiver.id }, laptop)).toBe(false);
  expect(covers({ kind: 'platform', platform: 'linux' }, laptop)).toBe(true);
  expect(covers({ kind: 'platform', platform: 'win32' }, laptop)).toBe(false);
  expect(covers({ kind: 'owner', owner: 'personal' }, laptop)).toBe(true);
  expect(covers({ kind: 'owner', owner: 'company' }, { ...laptop, owner: 'not-declared' })).toBe(false);
  expect(covers({ kind: 'organization' }, laptop)).toBe(true);
});

test('a waived point keeps its status, and does not count until the waiver ends', () => {
  const failing = judged('off');
  expect(posture(failing)).toBe('not-compliant');
  const findings = withWaivers(failing, [waiver], during);
  const [firewall] = findings;
  expect(firewall?.status).toBe('fail');
  expect(firewall?.points[0]).toMatchObject({
    status: 'fail',
    waiver: { id: waiver.id, until: waiver.expiresAt, reason: waiver.reason },
  });
  expect(firewall && countedStatus(firewall)).toBe('pass');
  expect(posture(findings)).toBe('compliant');
  expect(posture(withWaivers(failing, [waiver], after))).toBe('not-compliant');
});

test('what could not be told is excused too; what passes carries no waiver', () => {
  const findings = withWaivers(judged('unknown'), [waiver], during);
  expect(findings[0]?.points.map((point) => [point.status, counts(point)])).toEqual([
    ['unknown', false],
    ['pass', true],
  ]);
  const fine = judged('on');
  expect(withWaivers(fine, [waiver], during)[0]).toBe(fine[0]);
});

test('the next change is the nearest beginning or end that is still to come', () => {
  const later = { ...waiver, startsAt: '2026-11-25T00:00:00Z' };
  expect(nextWaiverChange([waiver, later], during)).toEqual(new Date(later.startsAt));
  expect(nextWaiverChange([waiver], during)).toEqual(after);
  expect(nextWaiverChange([waiver], after)).toBeUndefined();
});

test('a waiver without a reason or an end is none', () => {
  const whole = { ...waiver, scope: { kind: 'organization' }, requestedBy: 'user:a', approvedBy: 'user:b' };
  expect(Waiver.safeParse(whole).success).toBe(true);
  expect(Waiver.safeParse({ ...whole, reason: 'because' }).success).toBe(false);
  expect(Waiver.safeParse({ ...whole, expiresAt: undefined }).success).toBe(false);
});

test('a policy says how long a waiver may last; 90 days where it does not', () => {
  expect(maxWaiverDays(basePolicy())).toBe(90);
  const authored = { policy: 'acme', version: 2, waivers: { maxDays: 30 }, checks: {} };
  const strict = extendPolicy(basePolicy(), AuthoredPolicy.parse(authored));
  expect(maxWaiverDays(policyFrom(policyDocument(strict, during)))).toBe(30);
  expect(AuthoredPolicy.safeParse({ ...authored, waivers: { maxDays: 0 } }).success).toBe(false);
  expect(AuthoredPolicy.safeParse({ ...authored, waivers: { days: 30 } }).success).toBe(false);
});

test('a waiver of one medium approves it while it runs, and excuses nothing', () => {
  const medium = 'm3fa2b1c8d4e5';
  const approval: DeviceWaiver = { ...waiver, check: 'removable-media', point: 'approved', medium };
  expect(approvedMedia([waiver, approval], during)).toEqual([{ id: medium, until: waiver.expiresAt }]);
  expect(approvedMedia([approval], after)).toEqual([]);
  const longer = { ...approval, expiresAt: '2027-01-01T00:00:00Z' };
  expect(approvedMedia([longer, approval], during)).toEqual([{ id: medium, until: longer.expiresAt }]);
  expect(waiverFor([approval], 'removable-media', 'approved', during)).toBeUndefined();
  const { medium: _, ...wholePoint } = approval;
  expect(approvedMedia([wholePoint], during)).toEqual([]);
  expect(waiverFor([wholePoint], 'removable-media', 'approved', during)).toBe(wholePoint);
});

test('a medium is asked for at its point only, by its number only', () => {
  const asked = {
    id: waiver.id,
    check: 'removable-media',
    point: 'approved',
    reason: 'Photos for the brochure.',
  };
  const isRequest = (change: object) => WaiverRequest.safeParse({ ...asked, ...change }).success;
  expect(isRequest({})).toBe(true);
  expect(isRequest({ medium: 'm3fa2b1c8d4e5' })).toBe(true);
  expect(isRequest({ medium: 'm3fa2b1c8d4e5', point: 'unencrypted' })).toBe(false);
  expect(isRequest({ medium: 'm3fa2b1c8d4e5', point: null })).toBe(false);
  for (const medium of ['3fa2b1c8d4e5', 'm3fa2b1c8d4e', 'KINGSTON'])
    expect(isRequest({ medium })).toBe(false);
});
