import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { isWindows10 } from '../settings.ts';
import { Count, judgeParts } from '../value.ts';
import { count } from '../words.ts';

const partWords = {
  sip: 'System Integrity Protection',
  'authenticated-root': 'authenticated root',
  'sealed-system': 'the seal on the system volume',
  'secure-boot': 'Secure Boot',
  tpm: 'the TPM',
  'secure-boot-or-lockdown': 'Secure Boot or kernel lockdown',
  'access-control': 'AppArmor or SELinux',
} as const;

/** Is the system itself still the one its maker shipped, and does it only take software from sources it can trust? */
export const platformIntegrity = defineCheck({
  id: 'platform-integrity',
  title: 'System integrity',
  rationale: 'Every other answer is only worth something on a system nobody has tampered with.',
  blindSpots: 'Firmware that lies, and software that is signed and harmful all the same.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A8.4' },
    { standard: 'cyber-essentials-3.3', id: 'A8.5' },
    { standard: 'iso-27001-2022', id: 'A.8.9' },
    { standard: 'iso-27001-2022', id: 'A.8.19' },
    { standard: 'cis-controls-8.1', id: '10.5' },
    { standard: 'cis-controls-8.1', id: '2.5' },
    { standard: 'nist-800-171-3', id: '03.04.05' },
    { standard: 'nist-800-171-3', id: '03.04.08' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-01' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-05' },
    { standard: 'nist-800-171-3', id: '03.13.04' },
    { standard: 'nist-800-171-3', id: '03.14.02' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-01' },
  ],
  points: {
    integrity: definePoint({
      title: 'Protects itself',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({
        /** custom: switched on with exceptions, or not enforcing; absent: this machine does not have it. */
        parts: z
          .array(
            z.strictObject({
              part: z.enum(Object.keys(partWords) as [keyof typeof partWords]),
              state: z.enum(['on', 'off', 'custom', 'absent', 'unknown']),
            }),
          )
          .min(1)
          .max(7),
      }),
      params: noParams,
      expected: () => 'the system’s own protection is on',
      judge({ parts }) {
        const suffix = {
          on: '',
          off: ' is off',
          custom: ' is only partly on',
          absent: ' is not there',
          unknown: '',
        };
        return judgeParts(
          parts.map(({ part, state }) => ({
            words: `${partWords[part]}${suffix[state]}`,
            state:
              state === 'on'
                ? ('good' as const)
                : state === 'unknown'
                  ? ('unknown' as const)
                  : ('bad' as const),
          })),
          { good: 'the system’s own protection is on', bad: (bad) => bad },
        );
      },
      remedies: {
        darwin: {
          text: 'Start the Mac in Recovery (Apple silicon: hold the power button; Intel: Command-R), open Terminal there, run this, and restart. A broken seal needs a reinstall of macOS.',
          command: 'csrutil enable && csrutil authenticated-root enable',
        },
        win32: (machine) => ({
          text: `Settings > ${isWindows10(machine) ? 'Update & Security' : 'System'} > Recovery > Advanced startup > UEFI Firmware Settings: turn on Secure Boot and the TPM (PTT, fTPM). Have the BitLocker recovery key at hand first, and ask your IT contractor.`,
          link: 'ms-settings:recovery',
        }),
        linux: {
          text: 'Turn on Secure Boot in the firmware set-up (and validation in shim: mokutil --enable-validation), and keep AppArmor or SELinux enforcing. Ask your IT contractor.',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'trusted-sources': definePoint({
      title: 'Software from trusted sources',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({
        enforced: z.boolean(),
        by: z.enum(['gatekeeper', 'smartscreen', 'store-only', 'signed-repositories']).optional(),
        /** Linux: sources that are taken without a signature. */
        unsignedSources: Count.default(0),
      }),
      params: noParams,
      expected: () => 'only signed or approved software sources',
      judge({ enforced, by, unsignedSources }) {
        if (unsignedSources > 0)
          return fail(`${count(unsignedSources, 'software source')} without a signature check`);
        const words = {
          gatekeeper: 'Gatekeeper',
          smartscreen: 'SmartScreen',
          'store-only': 'Only apps from the Microsoft Store',
          'signed-repositories': 'the signature check of software sources',
        };
        const name = by === undefined ? 'The check of software' : words[by];
        return enforced ? pass(`${name}: on`) : fail(`${name}: off`);
      },
      remedies: {
        darwin: (machine) =>
          Number.parseInt(machine.osVersion ?? '', 10) >= 15
            ? {
                text: 'System Settings > Privacy & Security > Security > Allow applications from: App Store & Known Developers.',
                link: 'x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?Security',
              }
            : { text: 'Switch Gatekeeper on:', command: 'sudo spctl --global-enable' },
        win32: {
          text: 'Windows Security > App & browser control > Reputation-based protection: turn on "Check apps and files".',
          link: 'windowsdefender://appbrowser',
        },
        linux: {
          text: 'Remove "trusted=yes" from /etc/apt/sources.list and the files in sources.list.d, or set gpgcheck=1 in the .repo files, and import the signing keys.',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
