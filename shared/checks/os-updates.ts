import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass, type Remedy } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import type { Machine } from '../machine.ts';
import { parameter } from '../parameter.ts';
import { isWindows10, onMac } from '../settings.ts';
import { agoWords, Count, Days, Hours, judgeParts, Switch } from '../value.ts';
import { count } from '../words.ts';

const partWords = {
  check: 'looking for updates',
  download: 'downloading them',
  install: 'installing system updates',
  security: 'installing security updates',
  definitions: 'installing security data',
  schedule: 'the timer that starts it',
  service: 'the update service',
} as const;

const linuxUpdate = (machine: Machine): Remedy => {
  const text = 'Install what is waiting, then restart if it asks for that:';
  switch (linuxFamily(machine.osName)) {
    case 'debian':
      return { text, command: 'sudo apt update && sudo apt upgrade' };
    case 'redhat':
      return { text, command: 'sudo dnf upgrade --refresh' };
    case 'suse':
      return machine.osName === 'opensuse-tumbleweed'
        ? { text, command: 'sudo zypper refresh && sudo zypper dup' }
        : { text, command: 'sudo zypper refresh && sudo zypper patch' };
    case 'arch':
      return { text, command: 'sudo pacman -Syu' };
    case 'other':
      return {
        text: 'Install what is waiting with the package manager of your distribution, then restart if it asks for that.',
      };
  }
};

const linuxAutomatic = (machine: Machine): Remedy => {
  switch (linuxFamily(machine.osName)) {
    case 'debian':
      return {
        text: 'Install unattended-upgrades and switch it on:',
        command: 'sudo apt install unattended-upgrades && sudo dpkg-reconfigure -plow unattended-upgrades',
      };
    case 'redhat': {
      // Fedora 41 and later have dnf5, whose timer has another name.
      const dnf5 = machine.osName === 'fedora' && Number(machine.osVersion) >= 41;
      return {
        text: 'Install the automatic updates, set apply_updates = yes in /etc/dnf/automatic.conf, and start the timer:',
        command: dnf5
          ? 'sudo dnf install dnf5-plugin-automatic && sudo systemctl enable --now dnf5-automatic.timer'
          : 'sudo dnf install dnf-automatic && sudo systemctl enable --now dnf-automatic-install.timer',
      };
    }
    case 'suse':
      return {
        text: 'Install os-update where your release has it, and start its timer; it installs updates each day and restarts where they need it. Without it, ask your IT contractor for a timer of their own, or for a waiver.',
        command: 'sudo zypper install os-update && sudo systemctl enable --now os-update.timer',
      };
    default:
      return {
        text: 'This distribution has no automatic updates of its own: ask your IT contractor for a timer that installs them, or for a waiver.',
      };
  }
};

/** The page of the settings where updates are, with what to do there. */
const onMacUpdates = (what: string) =>
  onMac(
    {
      text: `System Settings > General > Software Update: ${what}`,
      link: 'com.apple.Software-Update-Settings.extension',
    },
    `System Preferences > Software Update: ${what}`,
  );
const onWindowsUpdates =
  (what: string, link = 'ms-settings:windowsupdate') =>
  (machine: Machine) => ({
    text: `Settings > ${isWindows10(machine) ? 'Update & Security > ' : ''}Windows Update: ${what}`,
    link,
  });

/** Do security fixes arrive, and in time? */
export const osUpdates = defineCheck({
  id: 'os-updates',
  title: 'System updates',
  rationale: 'Most break-ins use a hole for which the fix has long been there.',
  blindSpots:
    'Firmware, what a company’s own update server holds back, and where updates have no date, how long one was out before the agent first saw it.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A6.4' },
    { standard: 'cyber-essentials-3.3', id: 'A6.4.1' },
    { standard: 'iso-27001-2022', id: 'A.8.8' },
    { standard: 'cis-controls-8.1', id: '7.3' },
    { standard: 'cis-controls-8.1', id: '7.7' },
    { standard: 'nist-800-171-3', id: '03.14.01' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-02' },
    { standard: 'nist-csf-2.0', id: 'ID.RA-01' },
  ],
  points: {
    automatic: definePoint({
      title: 'Updates by itself',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'cis',
      value: z.strictObject({
        /** Every step the system needs to update itself; a system that cannot do it at all reports `install` off. */
        parts: z
          .array(
            z.strictObject({
              part: z.enum(Object.keys(partWords) as [keyof typeof partWords]),
              state: Switch,
            }),
          )
          .min(1)
          .max(7),
        /** Updates are on hold at this moment. */
        paused: z.enum(['no', 'yes', 'unknown']).default('no'),
        /** It tells people about updates and leaves the rest to them. */
        notifyOnly: z.boolean().default(false),
        /** The company's own service (WSUS, device management) decides when. */
        managed: z.boolean().default(false),
      }),
      params: noParams,
      expected: () => 'security updates install by themselves and are not paused',
      judge({ parts, paused, notifyOnly, managed }) {
        if (notifyOnly) return fail('only tells you about updates, installs none by itself');
        if (paused === 'yes') return fail('updates are paused');
        return judgeParts(
          [
            ...parts.map(({ part, state }) => ({
              words: partWords[part],
              state:
                state === 'on'
                  ? ('good' as const)
                  : state === 'off'
                    ? ('bad' as const)
                    : ('unknown' as const),
            })),
            ...(paused === 'unknown'
              ? [{ words: 'whether updates are paused', state: 'unknown' as const }]
              : []),
          ],
          {
            good: managed
              ? 'updates by itself, when the company’s update service says so'
              : 'updates by itself',
            bad: (off) => `switched off: ${off}`,
          },
        );
      },
      remedies: {
        darwin: onMacUpdates(
          'click the (i) beside Automatic Updates (macOS 12: Advanced) and turn everything on.',
        ),
        win32: onWindowsUpdates(
          'choose Resume updates if they are paused. If updates are switched off, a policy or a tool did it: ask your IT contractor.',
        ),
        linux: linuxAutomatic,
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'user' },
    }),
    pending: definePoint({
      title: 'No fix left waiting',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'ce',
      value: z.strictObject({
        /** Security updates on offer and not installed. */
        waiting: Count,
        /** How long the oldest of those with a known age has waited. */
        oldestDays: Days.optional(),
        /** How many of them have no known age. */
        ageUnknown: Count.default(0),
        /** Installed, but only in force after a restart. */
        restartPending: z.boolean().default(false),
      }),
      params: z.strictObject({
        maxPendingDays: parameter(z.int().min(0).max(365).default(14), {
          title: 'A security update may wait for',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxPendingDays }) =>
        `no security update waits longer than ${count(maxPendingDays, 'day')}`,
      judge({ waiting, oldestDays, ageUnknown, restartPending }, { maxPendingDays }, { machine }) {
        const waits = count(waiting, 'security update');
        if (waiting > 0 && oldestDays !== undefined && oldestDays > maxPendingDays)
          return fail(`${waits} waiting, the oldest for ${count(oldestDays, 'day')}`);
        // On Linux the mark does not say whether the restart is for a security update, so it is only shown there.
        if (restartPending && machine.platform !== 'linux')
          return fail('an update is installed, but waits for a restart');
        const restart = restartPending ? '; a restart is waiting' : '';
        if (waiting === 0) return pass(`none waiting${restart}`);
        if (ageUnknown > 0 || oldestDays === undefined)
          return cannotTell('missing', `${waits} waiting, since when is not known${restart}`);
        return pass(`${waits} waiting, the oldest for ${count(oldestDays, 'day')}${restart}`);
      },
      remedies: {
        darwin: onMacUpdates('update now, and let the Mac restart.'),
        win32: onWindowsUpdates('install everything that is offered, and restart.'),
        linux: linuxUpdate,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'scan-age': definePoint({
      title: 'Looked for updates lately',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'ce',
      /** null = it never looked. */
      value: z.strictObject({ ageHours: Hours.nullable() }),
      params: z.strictObject({
        maxScanAgeDays: parameter(z.int().min(1).max(365).default(7), {
          title: 'Looks for updates at least every',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxScanAgeDays }) => `looked for updates within ${count(maxScanAgeDays, 'day')}`,
      judge({ ageHours }, { maxScanAgeDays }) {
        if (ageHours === null) return fail('never looked for updates');
        const observed = `last looked ${agoWords(ageHours)}`;
        return ageHours <= maxScanAgeDays * 24 ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: onMacUpdates('open it while online; it looks by itself.'),
        win32: onWindowsUpdates('Check for updates.', 'ms-settings:windowsupdate-action'),
        linux: linuxUpdate,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
