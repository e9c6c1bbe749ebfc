import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';

/** Does the machine ask strangers where a name is? */
export const localNameLookup = defineCheck({
  id: 'local-name-lookup',
  title: 'Names asked of neighbors',
  rationale: 'Whoever is on the same network can answer, and collect the password that follows.',
  blindSpots: 'Programs that ask the network by themselves.',
  references: [
    { standard: 'cis-controls-8.1', id: '4.8' },
    { standard: 'nist-800-171-3', id: '03.04.06' },
  ],
  points: {
    llmnr: definePoint({
      title: 'Asks no neighbors (LLMNR)',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'cis',
      value: z.strictObject({ on: z.boolean() }),
      params: noParams,
      expected: () => 'no neighbor is asked for a name',
      judge: ({ on }) => (on ? fail('neighbors are asked for names') : pass('no neighbor is asked')),
      remedies: {
        win32: {
          text: 'Turn off multicast name resolution, in an administrator terminal:',
          command:
            'reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient" /v EnableMulticast /t REG_DWORD /d 0 /f',
        },
        linux: {
          text: 'Set LLMNR=no in /etc/systemd/resolved.conf, and restart the resolver:',
          command: 'sudo systemctl restart systemd-resolved',
        },
      },
      privilege: { darwin: 'user', linux: 'user', win32: 'user' },
    }),
  },
});
