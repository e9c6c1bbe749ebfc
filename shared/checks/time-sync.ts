import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { onMac } from '../settings.ts';
import { duration } from '../words.ts';

/** Is the clock right? */
export const timeSync = defineCheck({
  id: 'time-sync',
  title: 'Clock',
  rationale: 'With a wrong clock logs prove nothing and certificates fail.',
  blindSpots: 'How far the clock is off: the collector measures that when a report comes in.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.17' },
    { standard: 'cis-controls-8.1', id: '8.4' },
    { standard: 'nist-800-171-3', id: '03.03.07' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-04' },
  ],
  points: {
    synchronized: definePoint({
      title: 'Set from the network',
      mode: 'enforce',
      severity: 'low',
      numberFrom: 'cis',
      value: z.strictObject({
        /** Network time is switched on and its service runs. */
        service: z.enum(['on', 'off']),
        /** Left out where the system does not tell (macOS). */
        synchronized: z.enum(['yes', 'no', 'unknown']).optional(),
      }),
      params: z.strictObject({
        maxSkewSeconds: parameter(z.int().min(1).max(86_400).default(60), {
          title: 'The clock may be off by',
          unit: 'second',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxSkewSeconds }) => `set from the network, off by at most ${duration(maxSkewSeconds)}`,
      judge({ service, synchronized }, { maxSkewSeconds }, { clockSkewSeconds }) {
        if (clockSkewSeconds !== undefined && Math.abs(clockSkewSeconds) > maxSkewSeconds)
          return fail(`off by ${duration(Math.round(Math.abs(clockSkewSeconds)))}`);
        if (service === 'off') return fail('network time is off');
        if (synchronized === 'no') return fail('network time is on, but the clock is not synchronized');
        if (synchronized === 'unknown')
          return cannotTell('missing', 'network time is on; whether it works could not be read');
        return pass(synchronized === 'yes' ? 'synchronized' : 'set from the network');
      },
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Date & Time: turn on "Set time and date automatically".',
            link: 'com.apple.Date-Time-Settings.extension',
            command: 'sudo systemsetup -setusingnetworktime on',
          },
          'System Preferences > Date & Time: turn on "Set time and date automatically".',
        ),
        win32: {
          text: 'Settings > Time & language > Date & time: turn on "Set time automatically", then "Sync now". If the time service is stopped, in an administrator PowerShell:',
          link: 'ms-settings:dateandtime',
          command: 'Set-Service W32Time -StartupType Automatic -Status Running',
        },
        linux: { text: 'Switch network time on:', command: 'sudo timedatectl set-ntp true' },
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'user' },
    }),
  },
});
