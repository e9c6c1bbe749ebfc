import { expect, test } from 'vitest';
import { Waiver, waiverFor } from '../../shared/waiver.ts';

const device = '0199f3c0-0000-7000-8000-000000000001';
const other = '0199f3c0-0000-7000-8000-000000000002';
const waiver = Waiver.parse({
  id: '0199f3c0-0000-7000-8000-0000000000aa',
  device,
  check: 'firewall',
  point: null,
  reason: 'The lab network filters in front of it until the move.',
  requestedBy: 'asks@example.org',
  approvedBy: 'decides@example.org',
  startsAt: '2026-11-01T00:00:00Z',
  expiresAt: '2026-12-01T00:00:00Z',
});
const during = new Date('2026-11-21T10:00:00Z');
const at = (id: string, check: 'firewall' | 'screen-lock', point: string, now = during) =>
  waiverFor([waiver], id, { check }, { point }, now);

test('a waiver excuses its check on its device while it runs, and nothing else', () => {
  expect(at(device, 'firewall', 'enabled')).toBe(waiver);
  expect(at(other, 'firewall', 'enabled')).toBeUndefined();
  expect(at(device, 'screen-lock', 'idle')).toBeUndefined();
});

test('it begins and ends to the second', () => {
  expect(at(device, 'firewall', 'enabled', new Date('2026-10-31T23:59:59Z'))).toBeUndefined();
  expect(at(device, 'firewall', 'enabled', new Date('2026-11-01T00:00:00Z'))).toBe(waiver);
  expect(at(device, 'firewall', 'enabled', new Date('2026-12-01T00:00:00Z'))).toBeUndefined();
});

test('a point or every device can be named', () => {
  const onePoint = { ...waiver, device: null, point: 'enabled' };
  expect(waiverFor([onePoint], other, { check: 'firewall' }, { point: 'enabled' }, during)).toBe(onePoint);
  expect(
    waiverFor([onePoint], other, { check: 'firewall' }, { point: 'inbound-default' }, during),
  ).toBeUndefined();
});

test('a waiver without a reason or an end is none', () => {
  expect(Waiver.safeParse({ ...waiver, reason: 'because' }).success).toBe(false);
  expect(Waiver.safeParse({ ...waiver, expiresAt: undefined }).success).toBe(false);
});
