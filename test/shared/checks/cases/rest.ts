import { fingerprint } from '../../../../shared/fingerprint.ts';
import type { Case } from '../verdict.ts';

const day = 24;
const pdf = ['PDF Signer'];

/** The others, and those the collector answers. */
export const otherCases: Record<string, readonly Case[]> = {
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
    [{ basis: 'approval', since: '2026-10-31', until: '2026-11-20' }, 'fail', /ended on 2026-11-20/],
    [{ basis: 'approval', since: '2026-10-31', until: '2026-11-21' }, 'pass', /holds until 2026-11-21/],
    [{ basis: 'no-personal-data', since: '2026-10-31', unmet: 1 }, 'pass'],
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
