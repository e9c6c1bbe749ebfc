import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass, type Remedy } from '../check.ts';
import type { Machine } from '../machine.ts';
import { duration } from '../words.ts';

const Seconds = z.int().min(0).max(4_294_967_295);

const onLinux = (machine: Machine): Remedy => {
  switch (machine.desktop) {
    case 'kde':
      return {
        text: 'System Settings > Screen Locking: lock automatically after 5 minutes, ask for the password at once.',
      };
    case 'xfce':
      return {
        text: 'Settings > Screensaver: enable the screensaver and the lock screen, 5 minutes of inactivity.',
      };
    case 'cinnamon':
      return { text: 'System Settings > Screensaver: turn on the lock when inactive, 5 minutes, no delay.' };
    case 'mate':
      return { text: 'Control Center > Screensaver: activate when idle and lock the screen, 5 minutes.' };
    case 'sway':
      return {
        text: 'Start swayidle with a locker from ~/.config/sway/config.',
        command: "exec swayidle -w timeout 300 'swaylock -f' before-sleep 'swaylock -f'",
      };
    case 'hyprland':
      return {
        text: 'In ~/.config/hypr/hypridle.conf add a listener with timeout = 300 and on-timeout = hyprlock, and start hypridle.',
      };
    case 'i3':
      return {
        text: 'Start an idle locker with your session.',
        command: "xautolock -time 5 -locker 'i3lock -n'",
      };
    default:
      return {
        text: 'Settings > Privacy & Security > Screen Lock: turn on Automatic Screen Lock, blank screen after 5 minutes, no lock delay. GNOME can only lock when GDM is the login manager.',
      };
  }
};

/** Does the machine lock itself, and does it ask for a password when it does? */
export const screenLock = defineCheck({
  id: 'screen-lock',
  title: 'Screen lock',
  rationale: 'A laptop left alone for a moment must not be open to whoever walks by.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.10' },
    { standard: 'iso-27001-2022', id: 'A.7.7' },
    { standard: 'iso-27001-2022', id: 'A.8.1' },
    { standard: 'cis-controls-8.1', id: '4.3' },
    { standard: 'nist-800-171-3', id: '03.01.10' },
    { standard: 'nist-800-53-5', id: 'AC-11' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-03' },
  ],
  points: {
    idle: definePoint({
      title: 'Locks by itself',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'cis',
      /** The shortest path to a lock that asks for a password, on the power source that takes longest. */
      value: z.strictObject({
        /** Idle time plus grace; null = it never locks by itself. */
        seconds: Seconds.nullable(),
        power: z.enum(['any', 'battery', 'mains']).default('any'),
        /** What locks: saver, display off, sleep, or a limit set by policy. */
        by: z.enum(['saver', 'display', 'sleep', 'policy', 'locker']).optional(),
        /** Why it never locks, where the reason is known. */
        because: z
          .enum(['switched-off', 'no-password', 'no-locker', 'display-manager', 'forbidden'])
          .optional(),
        /** Paths that could not be read; one of them may lock sooner. */
        unread: z
          .array(z.enum(['saver', 'display']))
          .max(2)
          .optional(),
        /** Nobody chose a saver time, and the system documents none: it may lock sooner, about 20 minutes by report. */
        saverDefault: z.boolean().default(false),
      }),
      params: z.strictObject({ maxSeconds: z.int().min(30).max(86_400).default(900) }),
      expected: ({ maxSeconds }) => `locks after at most ${duration(maxSeconds)}`,
      judge(value, { maxSeconds }) {
        if (value.seconds === null || value.seconds > maxSeconds) {
          if (value.unread?.length) return cannotTell('missing', 'not every way it may lock could be read');
          // The undocumented default never makes a pass; it is long enough to fail a shorter limit.
          if (value.saverDefault && maxSeconds >= 1_200)
            return cannotTell('missing', 'no screen saver time is set, and the default is not documented');
        }
        const where =
          value.power === 'any' ? '' : value.power === 'battery' ? ' on battery' : ' on mains power';
        if (value.seconds === null) {
          const why = {
            'switched-off': 'the lock is switched off',
            'no-password': 'no password is asked',
            'no-locker': 'no program that locks is running',
            'display-manager': 'this login manager cannot lock GNOME',
            forbidden: 'locking is forbidden by a policy',
          };
          return fail(`never locks by itself${where}${value.because ? `: ${why[value.because]}` : ''}`);
        }
        const observed = `locks after ${duration(value.seconds)}${where}`;
        return value.seconds <= maxSeconds ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: (machine) =>
          Number.parseInt(machine.osVersion ?? '', 10) >= 13
            ? {
                text: 'System Settings > Lock Screen: start the screen saver and turn the display off after at most 5 minutes, on battery and on power adapter.',
                link: 'x-apple.systempreferences:com.apple.Lock-Screen-Settings.extension',
              }
            : {
                text: 'System Preferences > Desktop & Screen Saver and Battery: screen saver and display off after at most 5 minutes.',
              },
        linux: onLinux,
        win32: {
          text: 'Settings > Personalization > Lock screen > Screen saver: choose one, wait 5 minutes, tick "On resume, display logon screen".',
          link: 'ms-settings:lockscreen',
        },
      },
      privilege: { darwin: 'session', linux: 'session', win32: 'session' },
    }),
    grace: definePoint({
      title: 'Asks for the password at once',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'cis',
      /** Time between the dark screen or the saver and the password; null = none is asked. */
      value: z.strictObject({
        seconds: Seconds.nullable(),
        power: z.enum(['any', 'battery', 'mains']).default('any'),
      }),
      params: z.strictObject({ maxSeconds: z.int().min(0).max(3_600).default(5) }),
      expected: ({ maxSeconds }) => `asks for the password within ${duration(maxSeconds)}`,
      judge({ seconds }, { maxSeconds }) {
        if (seconds === null) return fail('no password is asked');
        const observed =
          seconds === 0
            ? 'asks for the password at once'
            : `asks for the password after ${duration(seconds)}`;
        return seconds <= maxSeconds ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: (machine) =>
          Number.parseInt(machine.osVersion ?? '', 10) >= 13
            ? {
                text: 'System Settings > Lock Screen: "Require password after screen saver begins or display is turned off": immediately.',
                link: 'x-apple.systempreferences:com.apple.Lock-Screen-Settings.extension',
              }
            : { text: 'System Preferences > Security & Privacy > General: require password immediately.' },
        linux: onLinux,
        win32: {
          text: 'Settings > Accounts > Sign-in options: "If you\'ve been away, when should Windows require you to sign in again?": every time.',
          link: 'ms-settings:signinoptions',
        },
      },
      privilege: { darwin: 'session', linux: 'session', win32: 'session' },
    }),
  },
});
