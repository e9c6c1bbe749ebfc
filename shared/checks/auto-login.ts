import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { onMac } from '../settings.ts';

/** Does the machine ask who is there when it starts? */
export const autoLogin = defineCheck({
  id: 'auto-login',
  title: 'Automatic login',
  rationale: 'A laptop that signs in by itself is open to whoever switches it on.',
  blindSpots: 'A laptop that is never switched off and never locked.',
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
        darwin: onMac(
          {
            text: 'System Settings > Users & Groups > Automatically log in as: Off.',
            link: 'com.apple.Users-Groups-Settings.extension',
            command: 'sudo sysadminctl -autologin off',
          },
          'System Preferences > Users & Groups > Login Options > Automatic login: Off.',
        ),
        win32: {
          text: 'Run netplwiz and tick "Users must enter a user name and password", or in an administrator terminal:',
          command:
            'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon" /v AutoAdminLogon /t REG_SZ /d 0 /f',
        },
        linux: (machine) => {
          switch (machine.desktop) {
            case 'kde':
              return {
                text: 'System Settings > Colors & Themes > Login Screen (SDDM) > Behavior (Plasma 5: Startup and Shutdown > Login Screen): untick "Automatically log in".',
              };
            case 'gnome':
              return {
                text: 'Settings > System > Users (before GNOME 46: Settings > Users): Unlock, and turn "Automatic Login" off.',
              };
            case 'cinnamon':
            case 'mate':
            case 'xfce':
              return {
                text: 'Login Window settings: empty the automatic login user. Or remove autologin-user from /etc/lightdm/lightdm.conf and the files in lightdm.conf.d.',
              };
            default:
              return {
                text: 'Remove the automatic login from the settings of the login manager (GDM, SDDM, LightDM, greetd), or --autologin from the getty on tty1.',
              };
          }
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
