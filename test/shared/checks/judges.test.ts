import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../../shared/fingerprint.ts';
import { type Case, verdictOf } from './verdict.ts';

const day = 24;
const pdf = ['PDF Signer'];

/** Boundaries and unknown parts of every judge that has any. */
const cases: Record<string, readonly Case[]> = {
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
  'remote-access/off': [
    [
      {
        services: [
          { service: 'ssh', state: 'local-only' },
          { service: 'vnc', state: 'off' },
        ],
      },
      'pass',
    ],
    [
      {
        services: [
          { service: 'ssh', state: 'on' },
          { service: 'vnc', state: 'unknown' },
        ],
      },
      'fail',
      /SSH/,
    ],
    [
      {
        services: [
          { service: 'ssh', state: 'off' },
          { service: 'vnc', state: 'unknown' },
        ],
      },
      'unknown',
      /VNC/,
    ],
  ],
  'file-sharing/off': [
    [{ kinds: [{ kind: 'files', state: 'off' }] }, 'pass'],
    [
      {
        kinds: [
          { kind: 'files', state: 'unknown' },
          { kind: 'printers', state: 'on' },
        ],
      },
      'fail',
      /printer/,
    ],
    [{ kinds: [{ kind: 'files', state: 'unknown' }] }, 'unknown'],
  ],
  'wifi-security/security': [
    [{ security: 'wpa2-aes', vpn: 'unknown' }, 'pass'],
    [{ security: 'owe', vpn: 'no' }, 'pass'],
    [{ security: 'owe', vpn: 'no' }, 'fail', undefined, { min: 'wpa3' }],
    [{ security: 'wpa2-aes', vpn: 'no' }, 'fail', undefined, { min: 'wpa3' }],
    [{ security: 'mixed', vpn: 'no' }, 'fail', /TKIP/],
    [{ security: 'open', vpn: 'yes' }, 'pass', /VPN/],
    [{ security: 'open', vpn: 'yes' }, 'fail', undefined, { vpnSatisfies: false }],
    [{ security: 'wep', vpn: 'unknown' }, 'unknown'],
    [{ security: 'wep', vpn: 'unknown' }, 'fail', undefined, { vpnSatisfies: false }],
    [{ security: 'unknown', vpn: 'yes' }, 'pass'],
    [{ security: 'unknown', vpn: 'no' }, 'unknown'],
    [{ security: 'open', allSaved: true, vpn: 'no' }, 'unknown', /which one is in use/],
    [{ security: 'wpa3', allSaved: true, vpn: 'no' }, 'pass'],
  ],
  'wifi-security/vpn-untrusted': [
    [{ openNetwork: 'no', vpn: 'unknown' }, 'pass'],
    [{ openNetwork: 'yes', vpn: 'yes' }, 'pass'],
    [{ openNetwork: 'yes', vpn: 'no' }, 'fail'],
    [{ openNetwork: 'unknown', vpn: 'no' }, 'unknown'],
    [{ openNetwork: 'yes', vpn: 'unknown' }, 'unknown'],
  ],
  'wired-preferred/wired': [
    [{ wifiUp: true, wiredUp: true }, 'fail'],
    [{ wifiUp: true, wiredUp: false }, 'pass'],
    [{ wifiUp: false, wiredUp: true }, 'pass'],
  ],
  'legacy-tls/off': [
    [
      {
        versions: [
          { version: 'tls-1.0', state: 'off' },
          { version: 'tls-1.1', state: 'off' },
        ],
      },
      'pass',
    ],
    [
      {
        versions: [
          { version: 'tls-1.0', state: 'unknown' },
          { version: 'tls-1.1', state: 'on' },
        ],
      },
      'fail',
      /TLS 1\.1/,
    ],
    [{ versions: [{ version: 'tls-1.0', state: 'unknown' }] }, 'unknown'],
  ],
  'cloud-sync/approved': [
    [{ clients: [] }, 'pass', /no sync client/],
    [{ clients: [], incomplete: true }, 'unknown'],
    [{ clients: ['dropbox'], incomplete: true }, 'fail', /Dropbox/],
    [{ clients: ['dropbox'] }, 'pass', undefined, { approved: ['dropbox'] }],
    [{ clients: ['onedrive-personal'] }, 'fail', undefined, { approved: ['onedrive-business'] }],
    [{ clients: ['onedrive-business'] }, 'pass', undefined, { approved: ['onedrive'] }],
    [{ clients: ['onedrive'] }, 'unknown', /which kind/, { approved: ['onedrive-business'] }],
    [{ clients: ['box'] }, 'fail', undefined, { approved: ['<from F-suppliers>'] }],
    [{ clients: ['other'] }, 'fail', undefined, { approved: ['dropbox'] }],
  ],
  'cloud-sync/desktop-sync': [
    [{ clients: [] }, 'pass'],
    [{ clients: ['icloud-drive'] }, 'fail', /iCloud/],
    [{ clients: ['onedrive-business'] }, 'pass', undefined, { allow: 'company-tenant' }],
    [{ clients: ['onedrive-personal'] }, 'fail', undefined, { allow: 'company-tenant' }],
    [{ clients: [], incomplete: true }, 'unknown'],
  ],
  'backup/recent': [
    [{ ageHours: 7 * day, product: 'time-machine' }, 'pass', /Time Machine/],
    [{ ageHours: 7 * day + 1 }, 'fail'],
    [{ ageHours: null, because: 'snapshots-only' }, 'fail', /snapshots/],
    [{ ageHours: null }, 'fail', /there is no backup/],
  ],
  'backup/encrypted': [
    [{ encrypted: true }, 'pass'],
    [{ encrypted: false }, 'fail'],
  ],
  'backup/cloud-destination': [
    [{ target: 'disk', product: 'time-machine' }, 'fail', /a disk/],
    [{ target: 'cloud', product: 'backblaze' }, 'fail', /not approved/],
    [{ target: 'cloud', product: 'backblaze' }, 'pass', undefined, { approved: ['backblaze'] }],
    [{ target: 'cloud' }, 'fail', undefined, { approved: ['backblaze'] }],
  ],
  'password-manager/present': [
    [{ found: 'catalogue', asked: 1 }, 'pass'],
    [{ found: 'none', asked: fingerprint([]) }, 'fail'],
    [{ found: 'named', asked: fingerprint(['Own Vault']) }, 'pass', undefined, { also: ['Own Vault'] }],
    [
      { found: 'named', asked: fingerprint(['Old Vault']) },
      'unknown',
      /has changed/,
      { also: ['Own Vault'] },
    ],
    [{ found: 'none', asked: fingerprint([]) }, 'unknown', undefined, { also: ['Own Vault'] }],
  ],
  'ssh-keys/protected': [
    [{ protected: 0, plain: 0 }, 'pass', /no private keys/],
    [{ protected: 2, plain: 0 }, 'pass', /2 keys/],
    [{ protected: 2, plain: 1 }, 'fail', /1 key without/],
    [{ protected: 2, plain: 1 }, 'pass', undefined, { max: 1 }],
    [{ protected: 2, plain: 0, unknown: 1 }, 'unknown'],
    [{ protected: 0, plain: 1, unknown: 1 }, 'fail'],
  ],
  'trash-cleanup/automatic': [
    [{ parts: [{ part: 'trash', state: 'on', days: 30 }] }, 'pass'],
    [{ parts: [{ part: 'trash', state: 'on', days: 31 }] }, 'fail', /31 days/],
    [{ parts: [{ part: 'trash', state: 'on' }] }, 'unknown'],
    [
      {
        parts: [
          { part: 'trash', state: 'off' },
          { part: 'temporary', state: 'unknown' },
        ],
      },
      'fail',
      /never/,
    ],
    [
      {
        parts: [
          { part: 'trash', state: 'on', days: 7 },
          { part: 'temporary', state: 'unknown' },
        ],
      },
      'unknown',
    ],
  ],
  'time-sync/synchronized': [
    [{ service: 'on', synchronized: 'yes' }, 'pass'],
    [{ service: 'on' }, 'pass'],
    [{ service: 'off' }, 'fail'],
    [{ service: 'on', synchronized: 'no' }, 'fail'],
    [{ service: 'on', synchronized: 'unknown' }, 'unknown'],
    [{ service: 'on', synchronized: 'yes' }, 'pass', undefined, {}, { clockSkewSeconds: -60 }],
    [{ service: 'on', synchronized: 'yes' }, 'fail', /off by 61 seconds/, {}, { clockSkewSeconds: -61 }],
  ],
  'security-log/retained': [
    [{ days: 90, basis: 'promised' }, 'pass'],
    [{ days: 89, basis: 'promised' }, 'fail'],
    [{ days: null, basis: 'off' }, 'fail'],
    [{ days: null, basis: 'no-promise' }, 'fail'],
    [{ days: 120, basis: 'oldest-record' }, 'pass'],
    [{ days: 12, basis: 'oldest-record' }, 'unknown'],
    [{ days: 12, basis: 'oldest-record', full: true }, 'fail'],
  ],
  'required-apps/present': [
    [{ wanted: 0, missing: 0, asked: fingerprint([]) }, 'pass', /nothing is required/],
    [{ wanted: 1, missing: 0, asked: fingerprint(pdf) }, 'pass', /installed/, { names: pdf }],
    [{ wanted: 1, missing: 1, asked: fingerprint(pdf) }, 'fail', /1 of 1 missing/, { names: pdf }],
    [{ wanted: 1, missing: 0, unknown: 1, asked: fingerprint(pdf) }, 'unknown', undefined, { names: pdf }],
    [{ wanted: 1, missing: 0, asked: fingerprint(['Other']) }, 'unknown', /has changed/, { names: pdf }],
    [{ wanted: 1, missing: 0, asked: fingerprint(['a', 'b']) }, 'unknown', undefined, { names: ['b', 'a'] }],
  ],
  'device-management/managed': [
    [{ enrolled: true }, 'pass'],
    [{ enrolled: false }, 'fail'],
  ],
  'device-management/lost-mode': [
    [{ capable: true }, 'pass'],
    [{ capable: false }, 'fail'],
  ],
  'agent-health/current': [
    [{ checkInAgeHours: 7 * day, chainWhole: 'yes', versionSupported: 'yes' }, 'pass'],
    [{ checkInAgeHours: 7 * day + 1, chainWhole: 'yes', versionSupported: 'yes' }, 'fail'],
    [{ checkInAgeHours: 1, chainWhole: 'no', versionSupported: 'unknown' }, 'fail', /missing or was changed/],
    [{ checkInAgeHours: 1, chainWhole: 'unknown', versionSupported: 'yes' }, 'unknown'],
    [{ checkInAgeHours: 1, chainWhole: 'yes', versionSupported: 'no' }, 'fail', /too old/],
    [{ checkInAgeHours: null, chainWhole: 'unknown', versionSupported: 'unknown' }, 'fail', /never reported/],
  ],
  'device-ownership/declared': [
    [{ owner: 'company' }, 'pass'],
    [{ owner: 'contractor', agreement: true }, 'pass', /agreement/],
    [{ owner: 'contractor' }, 'fail', /without an agreement/],
    [{ owner: 'contractor' }, 'pass', undefined, { contractorNeeds: 'nothing' }],
    [{ owner: 'personal' }, 'fail', /not allowed/],
    [{ owner: 'not-declared' }, 'fail'],
  ],
  'device-approval/approved': [
    [{ basis: 'none' }, 'fail'],
    [{ basis: 'approval', since: '2025-11-21' }, 'pass', /holds until 2026-11-21/],
    [{ basis: 'approval', since: '2025-11-20' }, 'fail', /ended on 2026-11-20/],
    [{ basis: 'no-personal-data', since: '2026-11-01' }, 'pass'],
    [{ basis: 'approval', since: '2026-11-22' }, 'fail', /only begins/],
    [{ basis: 'approval', since: '2026-11-01', withdrawn: true }, 'fail', /withdrawn/],
    [{ basis: 'approval' }, 'unknown', /no date/],
    [{ basis: 'approval', since: '2026-10-31', unmet: 1 }, 'pass'],
    [
      { basis: 'approval', since: '2026-10-31', unmet: 1 },
      'fail',
      /1 condition/,
      { requires: ['disk-encryption/system'] },
    ],
    [
      { basis: 'approval', since: '2026-10-31', undecided: 1 },
      'unknown',
      undefined,
      { requires: ['disk-encryption/system'] },
    ],
    [{ basis: 'approval', since: '2026-08-31' }, 'pass', /until 2027-02-28/, { maxMonths: 6 }],
  ],
};

describe.each(Object.entries(cases))('%s', (id, rows) => {
  test.each(rows.map((row) => [JSON.stringify(row[0]), row] as const))('%s', (_label, row) => {
    const result = verdictOf(id, row);
    expect(result.status, result.observed).toBe(row[1]);
    if (row[2]) expect(result.observed).toMatch(row[2]);
  });
});
