import { z } from 'zod';
import { defineCheck, definePoint, doesNotApply, fail, noParams, pass, type Remedy } from '../check.ts';
import type { Machine } from '../machine.ts';
import { parameter } from '../parameter.ts';
import { isWindows10, onMac } from '../settings.ts';
import { count } from '../words.ts';

const fileVault = onMac(
  {
    text: 'System Settings > Privacy & Security > FileVault: turn it on, hand the recovery key to your IT contractor, and let it finish; restart if it asks for that.',
    link: 'com.apple.settings.PrivacySecurity.extension?FileVault',
  },
  'System Preferences > Security & Privacy > FileVault: turn it on, hand the recovery key to your IT contractor, and let it finish.',
);
const bitLocker = (machine: Machine): Remedy =>
  isWindows10(machine)
    ? {
        text: 'Settings > Update & Security > Device encryption: turn it on. Where there is no such page: Control Panel > System and Security > BitLocker Drive Encryption. If protection is suspended: Resume protection.',
        link: 'ms-settings:deviceencryption',
      }
    : {
        text: 'Settings > Privacy & security > Device encryption: turn it on, and sign in where it asks for that. Where there is no such page: Control Panel > System and Security > BitLocker Drive Encryption. If protection is suspended: Resume protection.',
        link: 'ms-settings:deviceencryption',
      };
const luks = {
  text: 'Linux cannot encrypt a running system disk: back up, then reinstall and choose "Encrypt the disk" (LUKS). Ask your IT contractor first.',
};

/** Is everything that holds data encrypted at rest, and could it be recovered? */
export const diskEncryption = defineCheck({
  id: 'disk-encryption',
  title: 'Disk encryption',
  rationale: 'A lost or stolen laptop must not give its data away.',
  blindSpots:
    'How good the passphrase is, a laptop lost while it was asleep with its keys in memory, and drives that encrypt themselves without telling the system.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.1' },
    { standard: 'iso-27001-2022', id: 'A.8.24' },
    { standard: 'cis-controls-8.1', id: '3.6' },
    { standard: 'cis-controls-8.1', id: '3.11' },
    { standard: 'nist-800-171-3', id: '03.13.08' },
    { standard: 'nist-800-171-3', id: '03.13.10' },
    { standard: 'nist-800-53-5', id: 'SC-28' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-01' },
    { standard: 'gdpr', id: '32(1)(a)' },
  ],
  points: {
    system: definePoint({
      title: 'System disk',
      mode: 'enforce',
      severity: 'critical',
      numberFrom: 'cis',
      value: z.strictObject({
        state: z.enum([
          'encrypted',
          'not-encrypted',
          'encrypting',
          'decrypting',
          'suspended',
          'waiting-for-activation',
          'restart-pending',
          'home-only',
          'home-open',
          'no-real-cipher',
        ]),
      }),
      params: z.strictObject({
        /** What counts where a company's text names one system's product only: for its clause statement, not for judging. */
        equivalents: parameter(
          z
            .strictObject({
              macos: z.string().max(40).optional(),
              windows: z.string().max(40).optional(),
              linux: z.string().max(40).optional(),
            })
            .optional(),
          {
            title: 'What the company’s text calls it on each system',
            stricter: 'none',
            hint: 'For the statement about the clause; the verdict does not change',
          },
        ),
      }),
      expected: () => 'encrypted, protection active',
      judge({ state }) {
        const words = {
          encrypted: 'encrypted',
          'not-encrypted': 'not encrypted',
          encrypting: 'encryption has started but is not finished',
          decrypting: 'is being decrypted',
          suspended: 'encrypted, but protection is suspended',
          'waiting-for-activation': 'encrypted, but protection was never activated',
          'restart-pending': 'waiting for a restart or a log-out to finish',
          'home-only': 'only the home folder is encrypted, not the system',
          'home-open': 'the system is encrypted, but the home folders are not',
          'no-real-cipher': 'set up for encryption, but with a cipher that encrypts nothing',
        };
        return state === 'encrypted' ? pass(words[state]) : fail(words[state]);
      },
      remedies: { darwin: fileVault, win32: bitLocker, linux: luks },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'other-volumes': definePoint({
      title: 'Other disks and swap',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'cis',
      value: z.strictObject({
        /** Internal data volumes and swap areas that count, encrypted or not. */
        volumes: z.int().min(0).max(1_000),
        unencrypted: z.int().min(0).max(1_000),
        /** One of the unencrypted ones is swap. */
        swap: z.boolean().default(false),
      }),
      params: noParams,
      expected: () => 'all encrypted',
      judge({ volumes, unencrypted, swap }) {
        if (unencrypted > 0) {
          return fail(
            `${unencrypted} of ${count(volumes, 'volume')} not encrypted${swap ? ', swap among them' : ''}`,
          );
        }
        if (volumes === 0) return doesNotApply('none-present', 'there are no others');
        return pass(volumes === 1 ? 'encrypted' : `all ${volumes} encrypted`);
      },
      remedies: {
        darwin: {
          text: 'Finder: control-click the disk in the sidebar and choose Encrypt. A disk in another format than APFS has to be erased as "APFS (Encrypted)" in Disk Utility: copy what is on it first.',
        },
        win32: bitLocker,
        linux: {
          text: 'Put the partition or the swap area on LUKS, or replace swap by zram (package zram-generator or zram-tools). Ask your IT contractor first.',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'recovery-key': definePoint({
      title: 'Recovery key',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({
        present: z.boolean(),
        /** Only the person's own cloud account can unlock it. */
        cloudAccountOnly: z.boolean().default(false),
      }),
      params: noParams,
      expected: () => 'a recovery key exists',
      judge({ present, cloudAccountOnly }) {
        if (cloudAccountOnly) return fail('only a personal cloud account can recover it');
        return present ? pass('a recovery key exists') : fail('no recovery key exists');
      },
      remedies: {
        darwin: {
          text: 'Make a new personal recovery key and hand it to your IT contractor.',
          command: 'sudo fdesetup changerecovery -personal',
        },
        win32: {
          text: 'Add a recovery password in an administrator terminal and hand it to your IT contractor.',
          command: 'manage-bde -protectors -add C: -RecoveryPassword',
        },
        linux: {
          text: 'Add a recovery key and hand it to your IT contractor (put the encrypted partition in place of DEVICE; lsblk shows it as crypto_LUKS):',
          command: 'sudo systemd-cryptenroll --recovery-key DEVICE',
        },
      },
      privilege: { darwin: 'user', win32: 'root', linux: 'root' },
    }),
  },
});
