import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { Days } from '../value.ts';
import { count } from '../words.ts';

/** After an incident, does the machine still remember? */
export const securityLog = defineCheck({
  id: 'security-log',
  title: 'Security log',
  rationale: 'Break-ins are found late; without the log nobody can tell what happened.',
  blindSpots: 'Whether anybody reads it, and where the system promises a size only, how long that lasts.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.15' },
    { standard: 'cis-controls-8.1', id: '8.2' },
    { standard: 'cis-controls-8.1', id: '8.3' },
    { standard: 'cis-controls-8.1', id: '8.10' },
    { standard: 'nist-800-171-3', id: '03.03.01' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-04' },
    { standard: 'nist-800-171-3', id: '03.03.08' },
  ],
  points: {
    retained: definePoint({
      title: 'Kept long enough',
      mode: 'off',
      severity: 'low',
      value: z.strictObject({
        /** How far back it goes or is promised to go; null = no log, or no promise. */
        days: Days.nullable(),
        /** promised: a setting says so; oldest-record: the age of the oldest entry that is still there. */
        basis: z.enum(['promised', 'oldest-record', 'off', 'no-promise']),
        /** The log is full and drops its oldest entries. Goes with `oldest-record`. */
        full: z.boolean().optional(),
      }),
      params: z.strictObject({
        minDays: parameter(z.int().min(1).max(3_650).default(90), {
          title: 'Kept for at least',
          unit: 'day',
          stricter: 'higher',
        }),
      }),
      expected: ({ minDays }) => `kept for at least ${count(minDays, 'day')}`,
      judge({ days, basis, full }, { minDays }) {
        if (basis === 'off') return fail('no security log is kept');
        if (basis === 'no-promise' || days === null) return fail('kept, but no time is promised');
        if (basis === 'promised') {
          const observed = `kept for ${count(days, 'day')}`;
          return days >= minDays ? pass(observed) : fail(observed);
        }
        const observed = `goes back ${count(days, 'day')}`;
        if (days >= minDays) return pass(observed);
        return full === true
          ? fail(observed)
          : cannotTell('missing', `${observed}; how long it will keep is not known`);
      },
      remedies: {
        darwin: {
          text: 'macOS keeps no security log for a fixed time by itself; your IT contractor can collect it elsewhere, or set expire-after in /etc/security/audit_control where auditing is on.',
        },
        win32: {
          text: 'Make the log larger in an administrator terminal (here 1 GB):',
          command: 'wevtutil sl Security /ms:1073741824',
        },
        linux: (_machine, { minDays }) => ({
          text: `In /etc/systemd/journald.conf set Storage=persistent and MaxRetentionSec=${minDays}day, and give it room with SystemMaxUse, then:`,
          command: 'sudo systemctl restart systemd-journald',
        }),
      },
      privilege: { darwin: 'root', win32: 'root', linux: 'user' },
    }),
  },
});
