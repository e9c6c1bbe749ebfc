import type { Case } from '../verdict.ts';

const day = 24;

/** What reaches the machine and what leaves it. */
export const networkCases: Record<string, readonly Case[]> = {
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
};
