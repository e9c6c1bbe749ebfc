import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import { onMac, otherUsers } from '../settings.ts';

/** Does daily work run with rights to change everything? */
export const adminRights = defineCheck({
  id: 'admin-rights',
  title: 'Administrator rights',
  rationale: 'What a person opens runs with that person’s rights; daily work needs few.',
  blindSpots:
    'Rights that come by other ways: a second account, a program that runs as administrator, a rule of a single service.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A7.6' },
    { standard: 'cyber-essentials-3.3', id: 'A7.7' },
    { standard: 'iso-27001-2022', id: 'A.8.2' },
    { standard: 'cis-controls-8.1', id: '5.4' },
    { standard: 'nist-800-171-3', id: '03.01.05' },
    { standard: 'nist-800-171-3', id: '03.01.06' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-05' },
  ],
  points: {
    'not-admin': definePoint({
      title: 'Daily account',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'ce',
      /** The person at the screen, also through nested groups; of several signed in, the one with most rights. */
      value: z.strictObject({ administrator: z.boolean() }),
      params: noParams,
      expected: () => 'the daily account is not an administrator',
      judge: ({ administrator }) =>
        administrator
          ? fail('the account in use is an administrator')
          : pass('the account in use is a standard account'),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups: make a second account that is an administrator, then turn off "Allow this user to administer this computer" for the daily one.',
            link: 'com.apple.Users-Groups-Settings.extension',
          },
          'System Preferences > Users & Groups: make a second account that is an administrator, then turn off "Allow this user to administer this computer" for the daily one.',
        ),
        win32: (machine) => ({
          text: `${otherUsers(machine)}: make a second account that is an administrator, then change the daily one to "Standard User".`,
          link: 'ms-settings:otherusers',
        }),
        linux: (machine) => ({
          text: 'Make a second account for administration and try it, then take the daily one (its name in place of ACCOUNT) out of the administrators:',
          command: `sudo gpasswd -d ACCOUNT ${linuxFamily(machine.osName) === 'debian' ? 'sudo' : 'wheel'}`,
        }),
      },
      privilege: { darwin: 'session', win32: 'session', linux: 'session' },
    }),
    elevation: definePoint({
      title: 'Asks before administering',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'cis',
      /** silent: administrator rights come without a question (UAC never notifies, NOPASSWD for everything). off: UAC is off. */
      value: z.strictObject({ asks: z.enum(['asks', 'silent', 'off']) }),
      params: noParams,
      expected: () => 'becoming administrator asks for it',
      judge({ asks }) {
        if (asks === 'asks') return pass('asks before anything runs as administrator');
        return fail(
          asks === 'silent'
            ? 'administrator rights are given without asking'
            : 'the question before administering is switched off',
        );
      },
      remedies: {
        darwin: { text: 'Remove rules with "NOPASSWD: ALL" or "!authenticate":', command: 'sudo visudo' },
        win32: {
          text: 'Start menu > "Change User Account Control settings": move the slider to "Always notify", then restart.',
          command: 'UserAccountControlSettings.exe',
        },
        linux: {
          text: 'Remove rules with "NOPASSWD: ALL" or "!authenticate", also from the files in /etc/sudoers.d:',
          command: 'sudo visudo',
        },
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'root' },
    }),
  },
});
