import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';

/** Does the machine ask who is there when it starts? */
export const autoLogin = defineCheck({
  id: 'auto-login',
  title: 'Automatic login',
  rationale: 'A laptop that signs in by itself is open to whoever switches it on.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A7.2' },
    { standard: 'iso-27001-2022', id: 'A.8.5' },
    { standard: 'cis-controls-8.1', id: '4.7' },
    { standard: 'nist-800-171-3', id: '03.05.01' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-03' },
  ],
  points: {
    off: definePoint({
      title: 'Asks who is there',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'cis',
      /** on-without-effect: set, but FileVault asks for the password at start all the same. */
      value: z.strictObject({ state: z.enum(['off', 'on', 'on-without-effect']) }),
      params: noParams,
      expected: () => 'no automatic login',
      judge({ state }) {
        if (state === 'on') return fail('signs in by itself at start');
        return pass(
          state === 'off'
            ? 'asks for the password at start'
            : 'set, but without effect: FileVault asks for the password',
        );
      },
      remedies: {
        darwin: (machine) =>
          Number.parseInt(machine.osVersion ?? '', 10) >= 13
            ? {
                text: 'System Settings > Users & Groups > Automatically log in as: Off.',
                link: 'x-apple.systempreferences:com.apple.Users-Groups-Settings.extension',
                command: 'sudo sysadminctl -autologin off',
              }
            : { text: 'System Preferences > Users & Groups > Login Options > Automatic login: Off.' },
        win32: {
          text: 'Run netplwiz and tick "Users must enter a user name and password", or in an administrator terminal:',
          command:
            'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon" /v AutoAdminLogon /t REG_SZ /d 0 /f',
        },
        linux: (machine) =>
          machine.desktop === 'kde'
            ? { text: 'System Settings > Login Screen (SDDM) > Behavior: untick "Automatically log in".' }
            : { text: 'Settings > System > Users (GNOME: Unlock first): turn "Automatic Login" off.' },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
