import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';

const ask = { text: 'Enrolling a machine is done by your IT contractor: ask there.' };

/** Can the company still reach the machine when it is gone? */
export const deviceManagement = defineCheck({
  id: 'device-management',
  title: 'Device management',
  rationale: 'A lost machine can only be locked or wiped if it was enrolled before.',
  blindSpots: 'What the management enforces, and products that leave no trace on the machine.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.5.9' },
    { standard: 'iso-27001-2022', id: 'A.7.9' },
    { standard: 'iso-27001-2022', id: 'A.8.1' },
    { standard: 'cis-controls-8.1', id: '1.1' },
    { standard: 'cis-controls-8.1', id: '4.11' },
    { standard: 'nist-800-171-3', id: '03.01.18' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-01' },
    { standard: 'cis-controls-8.1', id: '1.2' },
    { standard: 'nist-800-171-3', id: '03.04.10' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-01' },
  ],
  points: {
    managed: definePoint({
      title: 'Enrolled',
      mode: 'off',
      severity: 'low',
      value: z.strictObject({ enrolled: z.boolean() }),
      params: noParams,
      expected: () => 'enrolled in device management',
      judge: ({ enrolled }) => (enrolled ? pass('enrolled') : fail('not enrolled')),
      remedies: {
        darwin: { ...ask, link: 'x-apple.systempreferences:com.apple.Profiles-Settings.extension' },
        win32: { ...ask, link: 'ms-settings:workplace' },
        linux: ask,
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    'lost-mode': definePoint({
      title: 'Can be locked when lost',
      mode: 'off',
      severity: 'medium',
      /** Whether it could be done; a location is never read. */
      value: z.strictObject({ capable: z.boolean() }),
      params: noParams,
      expected: () => 'device management can lock or wipe it',
      judge: ({ capable }) =>
        capable
          ? pass('device management can lock or wipe it')
          : fail('nobody can lock or wipe it from afar'),
      remedies: { darwin: ask, win32: ask, linux: ask },
      privilege: { darwin: 'root', win32: 'user', linux: 'user' },
    }),
  },
});
