import { z } from 'zod';
import { defineCheck, definePoint, noParams } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import { judgeParts, Switch } from '../value.ts';

const versionWords = { 'tls-1.0': 'TLS 1.0', 'tls-1.1': 'TLS 1.1' } as const;

/** Would the system still speak encryption that can be broken? */
export const legacyTls = defineCheck({
  id: 'legacy-tls',
  title: 'Outdated encryption',
  rationale: 'TLS 1.0 and 1.1 can be broken; nothing should fall back to them.',
  blindSpots: 'Programs that bring their own encryption.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.24' },
    { standard: 'iso-27001-2022', id: 'A.5.14' },
    { standard: 'cis-controls-8.1', id: '3.10' },
    { standard: 'nist-800-171-3', id: '03.13.08' },
    { standard: 'nist-800-171-3', id: '03.13.11' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-02' },
  ],
  points: {
    off: definePoint({
      title: 'TLS 1.0 and 1.1',
      mode: 'off',
      severity: 'low',
      value: z.strictObject({
        /** Whether programs that use the system's own TLS may still speak it as clients. */
        versions: z
          .array(z.strictObject({ version: z.enum(['tls-1.0', 'tls-1.1']), state: Switch }))
          .min(1)
          .max(2),
      }),
      params: noParams,
      expected: () => 'TLS 1.0 and 1.1 are off',
      judge: ({ versions }) =>
        judgeParts(
          versions.map(({ version, state }) => ({
            words: versionWords[version],
            state:
              state === 'off' ? ('good' as const) : state === 'on' ? ('bad' as const) : ('unknown' as const),
          })),
          { good: 'off', bad: (on) => `still allowed: ${on}` },
        ),
      remedies: {
        win32: {
          text: 'In an administrator terminal, the same again with TLS 1.1, then restart:',
          command:
            'reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.0\\Client" /v Enabled /t REG_DWORD /d 0 /f',
        },
        linux: (machine) =>
          linuxFamily(machine.osName) === 'redhat'
            ? {
                text: 'Use a system-wide policy without them:',
                command: 'sudo update-crypto-policies --set DEFAULT',
              }
            : {
                text: 'Set MinProtocol = TLSv1.2 in the section [system_default_sect] of /etc/ssl/openssl.cnf.',
              },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
