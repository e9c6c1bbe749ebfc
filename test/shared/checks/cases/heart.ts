import type { Case } from '../verdict.ts';

const stick = 'm3fa2b1c8d4e5';

/** The five checks the product is about. */
export const heartCases: Record<string, readonly Case[]> = {
  'screen-lock/idle': [
    [{ seconds: 900 }, 'pass', /15 minutes/],
    [{ seconds: 901 }, 'fail'],
    [{ seconds: 300, power: 'battery' }, 'pass', /on battery/],
    [{ seconds: null, because: 'no-locker' }, 'fail', /never locks by itself: no program/],
    [{ seconds: 301 }, 'fail', undefined, { maxSeconds: 300 }],
  ],
  'screen-lock/grace': [
    [{ seconds: 0 }, 'pass', /at once/],
    [{ seconds: 5 }, 'pass'],
    [{ seconds: 6 }, 'fail'],
    [{ seconds: null }, 'fail', /no password/],
  ],
  'disk-encryption/system': [
    [{ state: 'encrypted' }, 'pass'],
    ...(
      [
        'not-encrypted',
        'encrypting',
        'decrypting',
        'suspended',
        'waiting-for-activation',
        'restart-pending',
        'home-only',
        'home-open',
        'no-real-cipher',
      ] as const
    ).map((state): Case => [{ state }, 'fail']),
  ],
  'disk-encryption/other-volumes': [
    [{ volumes: 2, unencrypted: 0 }, 'pass', /all 2/],
    [{ volumes: 2, unencrypted: 1, swap: true }, 'fail', /1 of 2 volumes not encrypted, swap/],
    [{ volumes: 0, unencrypted: 0 }, 'not-applicable'],
  ],
  'disk-encryption/recovery-key': [
    [{ present: true }, 'pass'],
    [{ present: false }, 'fail'],
    [{ present: true, cloudAccountOnly: true }, 'fail', /personal cloud account/],
  ],
  'password-policy/min-length': [
    [{ characters: 12 }, 'pass'],
    [{ characters: 11 }, 'fail'],
    [{ characters: 0 }, 'fail', /no minimum/],
  ],
  'password-policy/complexity': [
    [{ classes: 3 }, 'pass'],
    [{ classes: 3 }, 'fail', undefined, { classes: 4 }],
    [{ classes: 0 }, 'fail', /no rule/],
  ],
  'password-policy/max-age': [
    [{ days: 365 }, 'pass'],
    [{ days: 366 }, 'fail'],
    [{ days: null }, 'fail', /never expire/],
  ],
  'password-policy/history': [
    [{ remembered: 24 }, 'pass'],
    [{ remembered: 23 }, 'fail'],
    [{ remembered: 0 }, 'fail', /none is refused/],
  ],
  'password-policy/lockout': [
    [{ attempts: 10 }, 'pass'],
    [{ attempts: 11, lockSeconds: 600 }, 'fail'],
    [{ attempts: null }, 'fail', /no limit/],
    [{ attempts: 5, lockSeconds: 900 }, 'pass', /for 15 minutes/, { minLockSeconds: 900 }],
    [{ attempts: 5, lockSeconds: 899 }, 'fail', undefined, { minLockSeconds: 900 }],
    [{ attempts: 5, lockSeconds: null }, 'pass', /until an administrator/, { minLockSeconds: 900 }],
    [{ attempts: 5 }, 'unknown', /could not be read/, { minLockSeconds: 900 }],
    [{ attempts: 11 }, 'fail', undefined, { minLockSeconds: 900 }],
  ],
  'password-policy/hints': [
    [{ shown: false }, 'pass'],
    [{ shown: true }, 'fail'],
  ],
  'firewall/enabled': [
    [
      {
        scopes: [
          { scope: 'ipv4', state: 'on' },
          { scope: 'ipv6', state: 'on' },
        ],
      },
      'pass',
    ],
    [
      {
        scopes: [
          { scope: 'ipv4', state: 'on' },
          { scope: 'ipv6', state: 'off' },
        ],
      },
      'fail',
      /off for IPv6/,
    ],
    [
      {
        scopes: [
          { scope: 'public', state: 'off' },
          { scope: 'domain', state: 'unknown' },
        ],
      },
      'fail',
      /public/,
    ],
    [
      {
        scopes: [
          { scope: 'public', state: 'on' },
          { scope: 'domain', state: 'unknown' },
        ],
      },
      'unknown',
      /company/,
    ],
    [{ scopes: [{ scope: 'machine', state: 'off' }] }, 'fail', /^off$/],
    [{ scopes: [{ scope: 'machine', state: 'on' }], thirdParty: true }, 'pass', /third-party/],
    [{ scopes: [{ scope: 'machine', state: 'on' }], configuredOnly: true }, 'unknown', /was not seen/],
  ],
  'firewall/inbound-default': [
    [{ scopes: [{ scope: 'machine', inbound: 'refused' }] }, 'pass'],
    [
      {
        scopes: [
          { scope: 'public', inbound: 'open' },
          { scope: 'domain', inbound: 'unknown' },
        ],
      },
      'fail',
      /public/,
    ],
    [{ scopes: [{ scope: 'machine', inbound: 'partly-open' }] }, 'fail', /some/],
    [
      {
        scopes: [
          { scope: 'public', inbound: 'refused' },
          { scope: 'domain', inbound: 'unknown' },
        ],
      },
      'unknown',
    ],
  ],
  'removable-media/unencrypted': [
    [{ now: 0 }, 'pass'],
    [{ now: 1 }, 'fail'],
    [{ now: 0, days: 2 }, 'fail', /2 days/],
    [{ now: 0, days: 0 }, 'pass'],
    [{ now: 1 }, 'pass', undefined, { max: 1 }],
  ],
  'removable-media/approved': [
    [{ unapproved: 0, unknown: 0, approved: [] }, 'pass', /^none mounted$/],
    [{ unapproved: 1, unknown: 0, approved: [] }, 'fail', /^1 unapproved medium mounted now$/],
    [{ unapproved: 2, unknown: 1, approved: [stick] }, 'fail', /^2 unapproved media/, { media: [stick] }],
    [{ unapproved: 0, unknown: 0, approved: [], days: 3 }, 'fail', /on 3 days since the last report/],
    [{ unapproved: 0, unknown: 1, approved: [] }, 'unknown', /^1 removable medium of which/],
    [{ unapproved: 0, unknown: 1, approved: [stick] }, 'unknown', undefined, { media: [stick] }],
    [{ unapproved: 0, unknown: 0, approved: [stick] }, 'pass', /approved by the policy/, { media: [stick] }],
    [
      { unapproved: 0, unknown: 0, approved: [stick] },
      'pass',
      /^1 approved medium mounted now: m3fa2b1c8d4e5 approved until 2027-01-31 by waiver$/,
      {},
      { approvedMedia: [{ id: stick, until: '2027-02-01T00:00:00.000Z' }] },
    ],
    // It was approved when it was seen; nothing says so any more.
    [{ unapproved: 0, unknown: 0, approved: [stick] }, 'fail', /^1 unapproved medium/],
    [{ unapproved: 0, unknown: 0, approved: [stick] }, 'fail', undefined, { media: ['m000000000000'] }],
  ],
  'removable-media/write-policy': [
    [{ enforced: 'encrypted-only' }, 'pass'],
    [{ enforced: 'deny' }, 'pass'],
    [{ enforced: 'any' }, 'fail'],
    [{ enforced: 'any', ineffectiveSetting: true }, 'fail', /no effect/],
    [{ enforced: 'any' }, 'pass', undefined, { allow: 'any' }],
    [{ enforced: 'encrypted-only' }, 'fail', undefined, { allow: 'read-only' }],
  ],
  'removable-media/autorun': [
    [{ opens: false }, 'pass'],
    [{ opens: true }, 'fail'],
  ],
};
