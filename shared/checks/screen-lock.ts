import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass, type Remedy } from '../check.ts';
import type { Machine } from '../machine.ts';
import { parameter } from '../parameter.ts';
import { onMac } from '../settings.ts';
import { count, duration } from '../words.ts';

const Seconds = z.int().min(0).max(4_294_967_295);

/** The longest whole number of minutes a policy allows, for settings that count in minutes; one where it allows less. */
const minutesWithin = (maxSeconds: number) => Math.max(1, Math.floor(maxSeconds / 60));

const onLinux = (machine: Machine, maxSeconds: number): Remedy => {
  const minutes = minutesWithin(maxSeconds);
  const soon = count(minutes, 'minute');
  const seconds = Math.min(maxSeconds, minutes * 60);
  switch (machine.desktop) {
    case 'kde':
      return {
        text: `System Settings > Screen Locking: lock automatically after ${soon}, ask for the password at once (no delay), and lock after waking up.`,
      };
    case 'xfce':
      return {
        text: `Settings > Screensaver (package xfce4-screensaver): enable the screensaver and the lock screen, regard the computer as idle after ${soon}, lock with the screensaver after 0 minutes.`,
      };
    case 'cinnamon':
      return {
        text: `System Settings > Screensaver: turn on the lock when inactive, delay ${soon}, no further delay.`,
      };
    case 'mate':
      return {
        text: `Control Center > Screensaver: regard the computer as idle after ${soon}, activate when idle and lock the screen.`,
      };
    case 'sway':
      return {
        text: 'Install swayidle and swaylock, and start them from ~/.config/sway/config:',
        command: `exec swayidle -w timeout ${seconds} 'swaylock -f' before-sleep 'swaylock -f'`,
      };
    case 'hyprland':
      return {
        text: `Start hypridle with your session, and add to ~/.config/hypr/hypridle.conf: listener { timeout = ${seconds}, on-timeout = hyprlock }`,
      };
    case 'i3':
      return {
        text: 'Install xautolock and i3lock, and start them with your session:',
        command: `xautolock -time ${minutes} -locker 'i3lock -n'`,
      };
    case 'gnome':
      return {
        text: `Settings > Privacy & Security > Screen Lock: blank screen after ${soon} at most, automatic screen lock on, delay "Screen Turns Off". GNOME only locks where GDM is the login manager.`,
        command: `gsettings set org.gnome.desktop.session idle-delay ${seconds} && gsettings set org.gnome.desktop.screensaver lock-enabled true && gsettings set org.gnome.desktop.screensaver lock-delay 0`,
      };
    default:
      return {
        text: `In the settings of your desktop: lock the screen after at most ${soon} without input, and ask for the password at once.`,
      };
  }
};

/** Does the machine lock itself, and does it ask for a password when it does? */
export const screenLock = defineCheck({
  id: 'screen-lock',
  title: 'Screen lock',
  rationale: 'A laptop left alone for a moment must not be open to whoever walks by.',
  blindSpots: 'A program that holds the lock off for the moment, such as a film or a presentation.',
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
      params: z.strictObject({
        maxSeconds: parameter(z.int().min(30).max(86_400).default(900), {
          title: 'Locks after at most',
          unit: 'second',
          stricter: 'lower',
        }),
      }),
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
        darwin: (machine, { maxSeconds }) => {
          const soon = count(minutesWithin(maxSeconds), 'minute');
          return onMac(
            {
              text: `System Settings > Lock Screen: turn the display off after at most ${soon}, on battery and on power adapter, and start the screen saver after at most ${soon}.`,
              link: 'com.apple.Lock-Screen-Settings.extension',
            },
            `System Preferences > Battery, and Desktop & Screen Saver: display off and screen saver after at most ${soon}.`,
          )(machine);
        },
        linux: (machine, { maxSeconds }) => onLinux(machine, maxSeconds),
        // Windows asks for the password five seconds after the saver starts; they count, too.
        win32: (_machine, { maxSeconds }) => ({
          text: `Settings > Personalization > Lock screen > Screen saver: choose one, wait ${count(minutesWithin(maxSeconds - 5), 'minute')} at most, tick "On resume, display logon screen". For everybody on this machine, in an administrator terminal:`,
          link: 'ms-settings:lockscreen',
          command: `reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System /v InactivityTimeoutSecs /t REG_DWORD /d ${maxSeconds} /f`,
        }),
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
      params: z.strictObject({
        maxSeconds: parameter(z.int().min(0).max(3_600).default(5), {
          title: 'Asks for the password within',
          unit: 'second',
          stricter: 'lower',
        }),
      }),
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
        darwin: onMac(
          {
            text: 'System Settings > Lock Screen: "Require password after screen saver begins or display is turned off": Immediately.',
            link: 'com.apple.Lock-Screen-Settings.extension',
          },
          'System Preferences > Security & Privacy > General: require password immediately after sleep or screen saver begins.',
        ),
        linux: (machine) => onLinux(machine, 300),
        win32: {
          text: 'Settings > Accounts > Sign-in options: "If you\'ve been away, when should Windows require you to sign in again?": Every time, or When PC wakes up from sleep.',
          link: 'ms-settings:signinoptions',
        },
      },
      privilege: { darwin: 'session', linux: 'session', win32: 'session' },
    }),
  },
});
