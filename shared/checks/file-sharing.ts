import { z } from 'zod';
import { defineCheck, definePoint, noParams } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import { isWindows10, onMac } from '../settings.ts';
import { judgeParts } from '../value.ts';

const kindWords = {
  files: 'file sharing',
  printers: 'printer sharing',
  media: 'media sharing',
  internet: 'internet sharing',
  airdrop: 'AirDrop for everyone',
  bluetooth: 'Bluetooth sharing',
  smb1: 'the old file sharing protocol (SMB 1)',
} as const;

/** Does the machine offer anything of its own to the network? */
export const fileSharing = defineCheck({
  id: 'file-sharing',
  title: 'Sharing',
  rationale: 'What a laptop shares at the office it also shares in the café.',
  blindSpots: 'What a program shares by itself, such as a web server, and shares opened between two checks.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.1' },
    { standard: 'iso-27001-2022', id: 'A.8.9' },
    { standard: 'cis-controls-8.1', id: '4.8' },
    { standard: 'nist-800-171-3', id: '03.04.06' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-01' },
  ],
  points: {
    off: definePoint({
      title: 'Shares nothing',
      mode: 'enforce',
      severity: 'low',
      numberFrom: 'cis',
      value: z.strictObject({
        kinds: z
          .array(
            z.strictObject({
              kind: z.enum(Object.keys(kindWords) as [keyof typeof kindWords]),
              state: z.enum(['off', 'on', 'unknown']),
            }),
          )
          .min(1)
          .max(7),
      }),
      params: noParams,
      expected: () => 'no file, printer, media or internet sharing',
      judge: ({ kinds }) =>
        judgeParts(
          kinds.map(({ kind, state }) => ({
            words: kindWords[kind],
            state:
              state === 'on'
                ? ('bad' as const)
                : state === 'unknown'
                  ? ('unknown' as const)
                  : ('good' as const),
          })),
          { good: 'shares nothing', bad: (on) => `on: ${on}` },
        ),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Sharing: turn everything off. General > AirDrop & Handoff: Contacts Only or No One.',
            link: 'com.apple.Sharing-Settings.extension',
          },
          'System Preferences > Sharing: turn everything off. General > AirDrop & Handoff: Contacts Only or No One.',
        ),
        win32: (machine) => ({
          text: `${isWindows10(machine) ? 'Control Panel > Network and Internet > Network and Sharing Center' : 'Settings > Network & internet > Advanced network settings'} > Advanced sharing settings: turn off file and printer sharing and public folders; stop sharing folders you shared yourself. SMB 1: Start menu > "Turn Windows features on or off": untick SMB 1.0/CIFS. Mobile hotspot: off.`,
          link: isWindows10(machine) ? 'ms-settings:network-status' : 'ms-settings:network-advancedsettings',
        }),
        linux: (machine) => ({
          text: 'Switch off the service that shares (files: smbd or smb, nfs-server, vsftpd; media: minidlna; printers: cups-browsed, and Browsing in /etc/cups/cupsd.conf). For Samba:',
          command: `sudo systemctl disable --now ${linuxFamily(machine.osName) === 'debian' ? 'smbd nmbd' : 'smb nmb'}`,
        }),
      },
      privilege: { darwin: 'session', win32: 'user', linux: 'user' },
    }),
  },
});
