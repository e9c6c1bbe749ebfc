import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { onMac, otherUsers } from '../settings.ts';
import { Count } from '../value.ts';
import { count } from '../words.ts';

/** Who can sign in at all, and as whom? */
export const accounts = defineCheck({
  id: 'accounts',
  title: 'Accounts',
  rationale:
    'Only people the company knows should be able to sign in, each as themselves and with a password.',
  blindSpots: 'Who an account belongs to, and accounts of a directory or a cloud.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.2' },
    { standard: 'cyber-essentials-3.3', id: 'A7.2' },
    { standard: 'cyber-essentials-3.3', id: 'A7.3' },
    { standard: 'iso-27001-2022', id: 'A.5.16' },
    { standard: 'iso-27001-2022', id: 'A.5.17' },
    { standard: 'iso-27001-2022', id: 'A.5.18' },
    { standard: 'cis-controls-8.1', id: '5.1' },
    { standard: 'cis-controls-8.1', id: '5.2' },
    { standard: 'cis-controls-8.1', id: '5.3' },
    { standard: 'cis-controls-8.1', id: '4.7' },
    { standard: 'nist-800-171-3', id: '03.01.01' },
    { standard: 'nist-800-171-3', id: '03.05.01' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-01' },
    { standard: 'iso-27001-2022', id: 'A.8.5' },
    { standard: 'nist-800-171-3', id: '03.05.07' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-03' },
  ],
  points: {
    'password-required': definePoint({
      title: 'Every account needs a password',
      mode: 'enforce',
      severity: 'critical',
      numberFrom: 'cis',
      value: z.strictObject({
        /**
         * none: no enabled interactive account may be blank. rule-forbids: a rule refuses blank passwords, older ones
         * would not be seen (macOS). allowed: a flag or rule lets an account be blank. present: an account is blank.
         */
        blank: z.enum(['none', 'rule-forbids', 'allowed', 'present']),
        /** How many accounts may be or are blank, where that can be counted. */
        accounts: Count.optional(),
      }),
      params: noParams,
      expected: () => 'no account may have a blank password',
      judge({ blank, accounts: affected }) {
        const who = affected === undefined ? 'an account' : count(affected, 'account');
        switch (blank) {
          case 'none':
            return pass('every account needs a password');
          case 'rule-forbids':
            return pass('a rule refuses blank passwords (one set before the rule would not be seen)');
          case 'allowed':
            return fail(`${who} may have a blank password`);
          case 'present':
            return fail(`${who} without a password`);
        }
      },
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups: give every account a password.',
            link: 'com.apple.Users-Groups-Settings.extension',
          },
          'System Preferences > Users & Groups: give every account a password.',
        ),
        win32: {
          text: 'Give every account a password, then forbid blank ones in an administrator terminal (put the account name in place of ACCOUNT):',
          command: 'net user ACCOUNT /passwordreq:yes',
        },
        linux: {
          text: 'Give every account a password (put the account name in place of ACCOUNT):',
          command: 'sudo passwd ACCOUNT',
        },
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'root' },
    }),
    guest: definePoint({
      title: 'Guest account',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({ enabled: z.boolean() }),
      params: noParams,
      expected: () => 'the guest account is off',
      judge: ({ enabled }) => (enabled ? fail('the guest account is on') : pass('the guest account is off')),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups > Guest User: turn it off.',
            link: 'com.apple.Users-Groups-Settings.extension',
            command: 'sudo sysadminctl -guestAccount off',
          },
          'System Preferences > Users & Groups > Guest User: turn it off.',
        ),
        win32: {
          text: 'In an administrator PowerShell (501 is the guest account, whatever its name):',
          command: "Get-LocalUser | Where-Object SID -like '*-501' | Disable-LocalUser",
        },
        linux: {
          text: 'Switch guest sessions of LightDM off:',
          command:
            "printf '[Seat:*]\\nallow-guest=false\\n' | sudo tee /etc/lightdm/lightdm.conf.d/50-no-guest.conf",
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    unexpected: definePoint({
      title: 'Number of accounts',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'ce',
      /** Enabled local accounts a person can sign in with. */
      value: z.strictObject({ accounts: Count }),
      params: z.strictObject({
        max: parameter(z.int().min(0).max(1_000).default(2), {
          title: 'Accounts allowed beside the system’s own',
          stricter: 'lower',
        }),
      }),
      expected: ({ max }) => `at most ${count(max, 'local account')}`,
      judge({ accounts: enabled }, { max }) {
        const observed = count(enabled, 'local account');
        return enabled <= max ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups: delete accounts nobody needs.',
            link: 'com.apple.Users-Groups-Settings.extension',
          },
          'System Preferences > Users & Groups: delete accounts nobody needs.',
        ),
        win32: (machine) => ({
          text: `${otherUsers(machine)}: remove accounts nobody needs.`,
          link: 'ms-settings:otherusers',
        }),
        linux: {
          text: 'Settings > Users: remove accounts nobody needs, or lock one:',
          command: 'sudo usermod --lock --expiredate 1 ACCOUNT',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'shared-name': definePoint({
      title: 'A personal account',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'ce',
      /** Compared on the device with a list of names like "office" or "admin"; the name itself never leaves it. */
      value: z.strictObject({ generic: z.boolean() }),
      params: noParams,
      expected: () => 'the account belongs to one person',
      judge: ({ generic }) =>
        generic
          ? fail('the account in use has a name that several people could share')
          : pass('a personal account is in use'),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups: add an account for each person and sign in with it.',
            link: 'com.apple.Users-Groups-Settings.extension',
          },
          'System Preferences > Users & Groups: add an account for each person and sign in with it.',
        ),
        win32: (machine) => ({
          text: `${otherUsers(machine)}: add an account for each person and sign in with it.`,
          link: 'ms-settings:otherusers',
        }),
        linux: { text: 'Settings > Users: add an account for each person and sign in with it.' },
      },
      privilege: { darwin: 'session', win32: 'session', linux: 'session' },
    }),
  },
});
