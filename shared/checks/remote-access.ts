import { z } from 'zod';
import { defineCheck, definePoint, noParams } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import { onMac } from '../settings.ts';
import { judgeParts } from '../value.ts';

const serviceWords = {
  ssh: 'SSH (remote login)',
  rdp: 'Remote Desktop',
  vnc: 'screen sharing (VNC)',
  'remote-management': 'remote management',
  'remote-events': 'remote Apple events',
  winrm: 'Windows Remote Management',
  other: 'another remote access program',
} as const;

/** Can somebody come in over the network? */
export const remoteAccess = defineCheck({
  id: 'remote-access',
  title: 'Remote access',
  rationale: 'A door nobody uses is a door nobody watches.',
  blindSpots: 'Programs for remote help that only call out, and doors opened between two checks.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.1' },
    { standard: 'iso-27001-2022', id: 'A.8.9' },
    { standard: 'iso-27001-2022', id: 'A.8.20' },
    { standard: 'cis-controls-8.1', id: '4.8' },
    { standard: 'nist-800-171-3', id: '03.01.12' },
    { standard: 'nist-800-171-3', id: '03.04.06' },
    { standard: 'nist-csf-2.0', id: 'PR.IR-01' },
    { standard: 'nist-800-171-3', id: '03.01.02' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-01' },
  ],
  points: {
    off: definePoint({
      title: 'Closed from outside',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({
        /** Every service looked at. local-only: reachable from this machine alone. */
        services: z
          .array(
            z.strictObject({
              service: z.enum(Object.keys(serviceWords) as [keyof typeof serviceWords]),
              state: z.enum(['off', 'local-only', 'on', 'unknown']),
            }),
          )
          .min(1)
          .max(10),
      }),
      params: noParams,
      expected: () => 'no remote access from the network',
      judge: ({ services }) =>
        judgeParts(
          services.map(({ service, state }) => ({
            words: serviceWords[service],
            state:
              state === 'on'
                ? ('bad' as const)
                : state === 'unknown'
                  ? ('unknown' as const)
                  : ('good' as const),
          })),
          { good: 'off, or reachable from this machine only', bad: (on) => `on: ${on}` },
        ),
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Sharing: turn off Remote Login, Screen Sharing, Remote Management and Remote Apple Events.',
            link: 'com.apple.Sharing-Settings.extension',
          },
          'System Preferences > Sharing: turn off Remote Login, Screen Sharing, Remote Management and Remote Apple Events.',
        ),
        win32: {
          text: 'Settings > System > Remote Desktop: off. For SSH (sshd), Windows Remote Management (WinRM) and VNC servers stop the service and disable it, in an administrator PowerShell (put its name in place of sshd):',
          command: 'Stop-Service sshd; Set-Service sshd -StartupType Disabled',
          link: 'ms-settings:remotedesktop',
        },
        linux: (machine) => ({
          text: 'Switch off what answers: Remote Desktop and Secure Shell in the settings of your desktop, or the service itself. For SSH:',
          command: `sudo systemctl disable --now ${linuxFamily(machine.osName) === 'debian' ? 'ssh.socket ssh.service' : 'sshd.service'}`,
        }),
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'user' },
    }),
  },
});
