import { expect, test } from 'vitest';
import { inWords, type OrganizationStatus } from '../../../server/commands/status.ts';

const none = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
const status: OrganizationStatus = {
  organization: 'River &\u001b Stone',
  policy: { id: 'base', version: 3 },
  counts: { failing: 2, unknown: 0, silent: 0, compliant: 1, 'on-leave': 1 },
  checks: [
    { check: 'backup', title: 'Backup', counts: { ...none, fail: 2, pass: 1 }, counted: true },
    {
      check: 'password-manager',
      title: 'Password manager',
      counts: { ...none, fail: 3 },
      counted: false,
    },
    { check: 'firewall', title: 'Firewall', counts: { ...none, pass: 3 }, counted: true },
  ],
  requests: [],
  devices: [
    {
      device: 'D-9FN3ZHR7',
      id: '1',
      state: 'failing',
      system: 'Fedora 43',
      lastReportAt: '2026-11-20T09:53:12.000Z',
      failing: ['screen-lock', 'password-policy', 'firewall', 'admin-rights', 'accounts', 'backup'],
      unknown: ['disk-encryption'],
    },
    {
      device: 'D-0YM9722G',
      id: '2',
      state: 'on-leave',
      system: 'Windows 11 (26200)',
      lastReportAt: null,
      failing: [],
      unknown: [],
    },
  ],
};

test('a laptop on leave is not one of those counted, and what only reminds is marked', () => {
  const words = inWords(status, Number.MAX_SAFE_INTEGER);
  expect(words).toMatch(/^River & Stone, policy base 3: /);
  expect(words).toContain('3 devices (2 failing, 0 unknown, 0 silent, 1 compliant), and 1 on leave');
  expect(words).toMatch(/Backup +2 fail +0 unknown\n/);
  expect(words).toMatch(/Password manager +3 fail +0 unknown +not counted\n/);
  expect(words).not.toContain('Firewall');
  expect(words).toContain('  and 2 more;');
});

test('fits a terminal of 80 columns; for a program a laptop stays on one line', () => {
  const narrow = inWords(status, 80);
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(narrow.replaceAll(/\s+/g, ' ')).toContain(
    'fails screen-lock, password-policy, firewall, admin-rights, accounts, backup unknown disk-encryption',
  );
  expect(inWords(status, Number.MAX_SAFE_INTEGER)).toMatch(
    /D-9FN3ZHR7 .*; fails screen-lock, .*, backup; unknown disk-encryption\n/,
  );
});
