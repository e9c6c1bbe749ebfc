import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import type { Machine } from '../machine.ts';
import { Count, Days, Hours, judgeParts, Switch } from '../value.ts';
import { count, duration } from '../words.ts';

const partWords = {
  check: 'looking for updates',
  download: 'downloading them',
  install: 'installing system updates',
  security: 'installing security updates',
  definitions: 'installing security data',
  schedule: 'the timer that starts it',
  service: 'the update service',
} as const;

const linuxUpdate = (machine: Machine): { text: string; command: string } => {
  if (/^(fedora|rhel|centos|almalinux|rocky)/.test(machine.osName))
    return { text: 'Install what is waiting:', command: 'sudo dnf upgrade --refresh' };
  if (/^(opensuse|sles|sled)/.test(machine.osName))
    return {
      text: 'Install what is waiting:',
      command:
        machine.osName === 'opensuse-tumbleweed'
          ? 'sudo zypper refresh && sudo zypper dup'
          : 'sudo zypper refresh && sudo zypper patch',
    };
  if (/^(arch|manjaro|endeavouros|cachyos)/.test(machine.osName))
    return { text: 'Install what is waiting:', command: 'sudo pacman -Syu' };
  return { text: 'Install what is waiting:', command: 'sudo apt update && sudo apt upgrade' };
};

const macSoftwareUpdate = 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension';

/** Do security fixes arrive, and in time? */
export const osUpdates = defineCheck({
  id: 'os-updates',
  title: 'System updates',
  rationale: 'Most break-ins use a hole for which the fix has long been there.',
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
        darwin: {
          text: 'System Settings > General > Software Update > (i) beside Automatic Updates: turn everything on.',
          link: macSoftwareUpdate,
        },
        win32: {
          text: 'Settings > Windows Update: Resume updates if they are paused. If updates are switched off, ask your IT contractor: a policy or a tool did it.',
          link: 'ms-settings:windowsupdate',
        },
        linux: (machine) => {
          if (/^(fedora|rhel|centos|almalinux|rocky)/.test(machine.osName))
            return {
              text: 'Install dnf-automatic, set apply_updates = yes in its automatic.conf and start its timer:',
              command:
                'sudo dnf install dnf-automatic && sudo systemctl enable --now dnf-automatic-install.timer',
            };
          if (/^(arch|manjaro|endeavouros|cachyos|opensuse|sles|sled)/.test(machine.osName))
            return {
              text: 'This distribution has no automatic updates of its own: ask your IT contractor for a timer, or for a waiver.',
            };
          return {
            text: 'Install unattended-upgrades and switch it on:',
            command:
              'sudo apt install unattended-upgrades && sudo dpkg-reconfigure -plow unattended-upgrades',
          };
        },
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
      params: z.strictObject({ maxPendingDays: z.int().min(0).max(365).default(14) }),
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
        darwin: {
          text: 'System Settings > General > Software Update: update now, and let the Mac restart.',
          link: macSoftwareUpdate,
        },
        win32: {
          text: 'Settings > Windows Update: install all, and restart.',
          link: 'ms-settings:windowsupdate',
        },
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
      params: z.strictObject({ maxScanAgeDays: z.int().min(1).max(365).default(7) }),
      expected: ({ maxScanAgeDays }) => `looked for updates within ${count(maxScanAgeDays, 'day')}`,
      judge({ ageHours }, { maxScanAgeDays }) {
        if (ageHours === null) return fail('never looked for updates');
        const observed =
          ageHours < 24
            ? 'looked within the last day'
            : `last looked ${duration(Math.floor(ageHours / 24) * 86_400)} ago`;
        return ageHours <= maxScanAgeDays * 24 ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: {
          text: 'System Settings > General > Software Update: open it while online; it looks by itself.',
          link: macSoftwareUpdate,
        },
        win32: {
          text: 'Settings > Windows Update > Check for updates.',
          link: 'ms-settings:windowsupdate-action',
        },
        linux: linuxUpdate,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
