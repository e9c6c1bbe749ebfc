import { expect, test } from 'vitest';
import { known } from '../../../shared/answer.ts';
import { type ReferenceData, shippedData } from '../../../shared/data/index.ts';
import { judgeCheck } from '../../../shared/judge.ts';
import { basePolicy } from '../../../shared/policy.ts';
import { now } from './verdict.ts';

const data: ReferenceData = {
  ...shippedData,
  appVersions: {
    date: '2026-11-20',
    sources: ['made up for the test'],
    entries: [
      {
        app: 'firefox',
        complete: true,
        releases: [
          { version: '157.0', date: '2026-11-10' },
          { version: '156.0', date: '2026-10-13' },
        ],
      },
      {
        app: 'firefox',
        track: '153',
        complete: true,
        releases: [{ version: '153.4.0', date: '2026-11-10' }],
      },
      { app: 'chrome', complete: false, releases: [{ version: '155', date: '2026-10-20' }] },
      {
        app: 'edge',
        platform: 'win32',
        complete: true,
        releases: [{ version: '155.0.1', date: '2026-11-19' }],
      },
    ],
  },
  watchList: {
    date: '2026-11-20',
    sources: ['made up for the test'],
    entries: [
      { product: 'office', release: '2021', ends: '2026-10-13' },
      { product: 'office', release: '2024', ends: '2029-10-09' },
      { product: 'flash-player', release: '*', ends: '2020-12-31' },
    ],
  },
};

function statusOf(
  point: 'pending' | 'unsupported',
  value: unknown,
  table = data,
  platform: 'darwin' | 'win32' = 'darwin',
) {
  const finding = judgeCheck('app-updates', { [point]: known(value) }, basePolicy(), {
    now,
    machine: { platform, osName: platform === 'darwin' ? 'macos' : 'windows' },
    data: table,
  });
  return finding.points.find((result) => result.point === point)?.status;
}
const apps = (...found: unknown[]) => ({ apps: found });

test.each([
  ['the newest', apps({ app: 'firefox', version: '157.0' }), 'pass'],
  ['eleven days behind', apps({ app: 'firefox', version: '156.0' }), 'pass'],
  ['five weeks behind', apps({ app: 'firefox', version: '155.0.1' }), 'fail'],
  ['its own track', apps({ app: 'firefox', version: '153.4.0' }), 'pass'],
  ['a version newer than the table', apps({ app: 'firefox', version: '158.0' }), 'pass'],
  ['a table that does not list every fix proves late', apps({ app: 'chrome', version: '154.0.1' }), 'fail'],
  ['but not current', apps({ app: 'chrome', version: '155.0.7' }), 'unknown'],
  ['a table for another system', apps({ app: 'edge', version: '155.0.1' }), 'unknown'],
  ['no table', apps({ app: 'opera', version: '1.0' }), 'unknown'],
  ['no version', apps({ app: 'firefox' }), 'unknown'],
  [
    'one late, one unknown',
    apps({ app: 'opera', version: '1.0' }, { app: 'firefox', version: '150.0' }),
    'fail',
  ],
  ['the package manager has nothing', apps({ app: 'thunderbird', offer: 'none' }), 'pass'],
  [
    'the package manager offers something new',
    apps({ app: 'thunderbird', offer: 'waiting', offeredDays: 14 }),
    'pass',
  ],
  [
    'the package manager offers something old',
    apps({ app: 'thunderbird', offer: 'waiting', offeredDays: 15 }),
    'fail',
  ],
  [
    'the package manager offers something since an unknown day',
    apps({ app: 'thunderbird', offer: 'waiting' }),
    'unknown',
  ],
  ['none installed', apps(), 'not-applicable'],
  ['only Safari', apps({ app: 'safari', version: '26.1' }), 'not-applicable'],
  [
    'Safari beside another',
    apps({ app: 'safari', version: '26.1' }, { app: 'firefox', version: '157.0' }),
    'pass',
  ],
])('pending: %s', (_label, value, status) => {
  expect(statusOf('pending', value)).toBe(status);
});

test('a table older than the limit proves nobody up to date', () => {
  const old = { ...data, appVersions: { ...data.appVersions, date: '2026-11-01' } };
  expect(statusOf('pending', apps({ app: 'firefox', version: '157.0' }), old)).toBe('unknown');
  expect(statusOf('pending', apps({ app: 'firefox', version: '150.0' }), old)).toBe('fail');
});

test('a table for one system counts there', () => {
  expect(statusOf('pending', apps({ app: 'edge', version: '155.0.1' }), data, 'win32')).toBe('pass');
});

test.each([
  ['ended', { products: [{ product: 'office', release: '2021' }] }, 'fail'],
  ['not ended', { products: [{ product: 'office', release: '2024' }] }, 'pass'],
  ['every release ended', { products: [{ product: 'flash-player', release: '32' }] }, 'fail'],
  ['not in the table', { products: [{ product: 'python', release: '3.99' }] }, 'unknown'],
  [
    'not in the table, and one ended',
    {
      products: [
        { product: 'python', release: '3.99' },
        { product: 'office', release: '2021' },
      ],
    },
    'fail',
  ],
  ['none', { products: [] }, 'pass'],
  ['none, but not all was read', { products: [], incomplete: true }, 'unknown'],
])('unsupported: %s', (_label, value, status) => {
  expect(statusOf('unsupported', value)).toBe(status);
});
