import type { Case } from '../verdict.ts';

const day = 24;

/** Accounts, malware, updates and the system itself. */
export const systemCases: Record<string, readonly Case[]> = {
  'accounts/password-required': [
    [{ blank: 'none' }, 'pass', /every account/],
    [{ blank: 'rule-forbids' }, 'pass', /would not be seen/],
    [{ blank: 'allowed', accounts: 2 }, 'fail', /^2 accounts may/],
    [{ blank: 'present' }, 'fail', /without a password/],
  ],
  'accounts/guest': [
    [{ enabled: false }, 'pass'],
    [{ enabled: true }, 'fail'],
  ],
  'accounts/unexpected': [
    [{ accounts: 2 }, 'pass', /2 local accounts/],
    [{ accounts: 3 }, 'fail'],
    [{ accounts: 1 }, 'fail', /1 local account$/, { max: 0 }],
  ],
  'accounts/shared-name': [
    [{ generic: false }, 'pass'],
    [{ generic: true }, 'fail'],
  ],
  'auto-login/off': [
    [{ state: 'off' }, 'pass'],
    [{ state: 'on' }, 'fail'],
    [{ state: 'on-without-effect' }, 'pass', /FileVault/],
  ],
  'admin-rights/not-admin': [
    [{ administrator: false }, 'pass'],
    [{ administrator: true }, 'fail'],
  ],
  'admin-rights/elevation': [
    [{ asks: 'asks' }, 'pass'],
    [{ asks: 'silent' }, 'fail', /without asking/],
    [{ asks: 'off' }, 'fail', /switched off/],
  ],
  'malware-protection/active': [
    [{ products: [{ product: 'defender', state: 'active' }] }, 'pass', /Microsoft Defender is active/],
    [{ products: [] }, 'fail', /no malware protection/],
    [{ products: [{ product: 'defender', state: 'passive' }] }, 'fail', /passive/],
    [{ products: [{ product: 'defender', state: 'unknown' }] }, 'unknown'],
    [{ products: [{ product: 'avast', state: 'active' }] }, 'fail', /not on the approved list/],
    [{ products: [{ product: 'avast', state: 'active' }] }, 'pass', /Avast/, { approved: ['avast'] }],
    [
      {
        products: [
          { product: 'avast', state: 'active' },
          { product: 'defender', state: 'unknown' },
        ],
      },
      'unknown',
    ],
    [
      {
        products: [
          { product: 'avast', state: 'unknown' },
          { product: 'defender', state: 'active' },
        ],
      },
      'pass',
    ],
    [{ products: [{ product: 'unidentified', state: 'active' }] }, 'unknown'],
    [
      { products: [{ product: 'xprotect', state: 'active' }] },
      'pass',
      undefined,
      { approved: ['os-builtin'] },
    ],
    [{ products: [{ product: 'defender', state: 'active' }] }, 'fail', undefined, { approved: ['<config>'] }],
    [{ products: [{ product: 'clamav', state: 'on-demand' }] }, 'fail', undefined, { approved: ['clamav'] }],
    [
      { products: [{ product: 'clamav', state: 'on-demand' }] },
      'pass',
      undefined,
      { approved: ['clamav'], realtime: false },
    ],
    [{ products: [] }, 'not-applicable', undefined, {}, { platform: 'linux' }],
    [{ products: [] }, 'fail', undefined, { linux: 'required' }, { platform: 'linux' }],
  ],
  'malware-protection/definitions': [
    [{ ageHours: 3 * day }, 'pass', /3 days ago/],
    [{ ageHours: 3 * day + 1 }, 'fail'],
    [{ ageHours: 5 }, 'pass', /within the last day/],
    [{ ageHours: 45 * day, builtIn: true }, 'pass'],
    [{ ageHours: 45 * day + 1, builtIn: true }, 'fail'],
    [{ ageHours: null }, 'fail', /no definitions/],
    [{ current: true }, 'pass'],
    [{ current: false }, 'fail'],
  ],
  'malware-protection/web-protection': [
    [{ on: true }, 'pass'],
    [{ on: false }, 'fail'],
  ],
  'os-updates/automatic': [
    [
      {
        parts: [
          { part: 'check', state: 'on' },
          { part: 'security', state: 'on' },
        ],
      },
      'pass',
    ],
    [
      {
        parts: [
          { part: 'check', state: 'on' },
          { part: 'install', state: 'unknown' },
        ],
      },
      'unknown',
      /installing system updates/,
    ],
    [
      {
        parts: [
          { part: 'check', state: 'off' },
          { part: 'install', state: 'unknown' },
        ],
      },
      'fail',
      /looking for updates/,
    ],
    [{ parts: [{ part: 'install', state: 'on' }], paused: 'yes' }, 'fail', /paused/],
    [{ parts: [{ part: 'install', state: 'on' }], paused: 'unknown' }, 'unknown', /paused/],
    [{ parts: [{ part: 'install', state: 'on' }], notifyOnly: true }, 'fail', /only tells you/],
    [{ parts: [{ part: 'service', state: 'on' }], managed: true }, 'pass', /company/],
  ],
  'os-updates/pending': [
    [{ waiting: 0 }, 'pass', /none waiting/],
    [{ waiting: 1, oldestDays: 14 }, 'pass'],
    [{ waiting: 1, oldestDays: 15 }, 'fail', /15 days/],
    [{ waiting: 3, oldestDays: 2, ageUnknown: 1 }, 'unknown'],
    [{ waiting: 3, oldestDays: 20, ageUnknown: 1 }, 'fail'],
    [{ waiting: 2 }, 'unknown', /since when is not known/],
    [{ waiting: 0, restartPending: true }, 'fail', /restart/, {}, { platform: 'win32' }],
    [{ waiting: 0, restartPending: true }, 'pass', /restart/, {}, { platform: 'linux' }],
  ],
  'os-updates/scan-age': [
    [{ ageHours: 7 * day }, 'pass'],
    [{ ageHours: 7 * day + 1 }, 'fail'],
    [{ ageHours: null }, 'fail', /never/],
  ],
  'platform-integrity/integrity': [
    [
      {
        parts: [
          { part: 'sip', state: 'on' },
          { part: 'sealed-system', state: 'on' },
        ],
      },
      'pass',
    ],
    [
      {
        parts: [
          { part: 'sip', state: 'custom' },
          { part: 'sealed-system', state: 'unknown' },
        ],
      },
      'fail',
      /only partly on/,
    ],
    [
      {
        parts: [
          { part: 'sip', state: 'on' },
          { part: 'sealed-system', state: 'unknown' },
        ],
      },
      'unknown',
      /seal/,
    ],
    [{ parts: [{ part: 'secure-boot', state: 'absent' }] }, 'fail', /is not there/],
  ],
  'platform-integrity/trusted-sources': [
    [{ enforced: true, by: 'gatekeeper' }, 'pass', /Gatekeeper: on/],
    [{ enforced: false, by: 'smartscreen' }, 'fail'],
    [{ enforced: true, unsignedSources: 1 }, 'fail', /1 software source /],
  ],
};
