import { expect, test } from 'vitest';
import { known } from '../../../shared/answer.ts';
import { type Case, judged, verdictOf } from './verdict.ts';

const rows: Case[] = [
  [{ product: 'macos', release: '27' }, 'pass'],
  [{ product: 'macos', release: '15' }, 'pass'],
  [{ product: 'macos', release: '14' }, 'fail'],
  [{ product: 'macos', release: '10.15' }, 'fail'],
  [{ product: 'macos', release: '28' }, 'unknown', /not in the list/],
  [{ product: 'windows', release: '26200', edition: 'consumer' }, 'pass', /2027-10-12/],
  [{ product: 'windows', release: '26100', edition: 'consumer' }, 'fail', /2026-10-13/],
  [{ product: 'windows', release: '26100', edition: 'enterprise' }, 'pass', /2027-10-12/],
  [{ product: 'windows', release: '26100', edition: 'ltsc' }, 'pass', /2029-10-09/],
  [{ product: 'windows', release: '26100', edition: 'unknown' }, 'unknown', /edition/],
  [{ product: 'windows', release: '26200', edition: 'unknown' }, 'pass'],
  [{ product: 'windows', release: '22631', edition: 'enterprise' }, 'fail', /2026-11-10/],
  [{ product: 'windows', release: '19045', edition: 'consumer', extended: 'yes' }, 'pass', /extended/],
  [{ product: 'windows', release: '19045', edition: 'consumer', extended: 'no' }, 'fail'],
  [{ product: 'windows', release: '19045', edition: 'consumer', extended: 'unknown' }, 'unknown'],
  [{ product: 'windows', release: '7601', edition: 'consumer' }, 'fail'],
  [{ product: 'windows', release: '99999', edition: 'consumer' }, 'unknown'],
  [{ product: 'windows', release: '22000', edition: 'ltsc' }, 'unknown'],
  [{ product: 'ubuntu', release: '24.04' }, 'pass'],
  [{ product: 'ubuntu', release: '26.10' }, 'pass'],
  [{ product: 'ubuntu', release: '25.10' }, 'fail'],
  [{ product: 'ubuntu', release: '20.04', extended: 'yes' }, 'pass', /extended/],
  [{ product: 'ubuntu', release: '20.04' }, 'fail'],
  [{ product: 'debian', release: '12' }, 'pass', /2028-06-30/],
  [{ product: 'debian', release: '11' }, 'fail'],
  [{ product: 'debian' }, 'pass'],
  [{ product: 'fedora', release: '43' }, 'pass'],
  [{ product: 'fedora', release: '42', supportEnd: '2030-01-01' }, 'fail'],
  [{ product: 'fedora', release: '45', supportEnd: '2027-12-01' }, 'pass'],
  [{ product: 'fedora', release: '45' }, 'unknown'],
  [{ product: 'almalinux', release: '9.6' }, 'pass'],
  [{ product: 'rhel', release: '10' }, 'pass'],
  [{ product: 'opensuse-leap', release: '15.6' }, 'fail'],
  [{ product: 'opensuse-tumbleweed', release: '20260101' }, 'pass', /rolling/],
  [{ product: 'arch' }, 'pass', /rolling/],
  [{ product: 'somethingelse', release: '1' }, 'unknown'],
];

test.each(rows.map((row) => [JSON.stringify(row[0]), row] as const))('%s', (_label, row) => {
  const result = verdictOf('os-support/supported', row);
  expect(result.status, result.observed).toBe(row[1]);
  if (row[2]) expect(result.observed).toMatch(row[2]);
});

test('the last day still has fixes, the day after has none', () => {
  const value = known({ product: 'fedora', release: '43' });
  expect(judged('os-support/supported', value, {}, { now: new Date('2026-12-09T23:59:59Z') }).status).toBe(
    'pass',
  );
  expect(judged('os-support/supported', value, {}, { now: new Date('2026-12-10T00:00:00Z') }).status).toBe(
    'fail',
  );
});

test('a list of more than a year ago no longer vouches for a system without an announced end', () => {
  const result = judged(
    'os-support/supported',
    known({ product: 'macos', release: '26' }),
    {},
    { now: new Date('2027-12-01T00:00:00Z') },
  );
  expect(result.status).toBe('unknown');
  expect(result.reason).toBe('stale');
});
