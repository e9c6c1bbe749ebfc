import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { Count, Day } from '../value.ts';
import { count } from '../words.ts';

const ask = {
  text: 'Ask your data protection officer for an approval, or state to them that no personal data is kept on this machine.',
};

/** The last day of what begins on a day and holds for so many months; a 31st becomes the month's last day. */
function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** May personal data be kept on it? Answered by the collector. */
export const deviceApproval = defineCheck({
  id: 'device-approval',
  answeredBy: 'collector',
  title: 'Approval for personal data',
  rationale: 'Personal data on a machine that can be carried away needs somebody’s yes.',
  blindSpots:
    'Which personal data is really on the device, and conditions that no check looks at, such as that nobody makes copies.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.5.9' },
    { standard: 'iso-27001-2022', id: 'A.8.1' },
    { standard: 'cis-controls-8.1', id: '1.1' },
    { standard: 'nist-800-171-3', id: '03.01.18' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-01' },
    { standard: 'cis-controls-8.1', id: '1.2' },
    { standard: 'nist-800-171-3', id: '03.04.10' },
  ],
  points: {
    approved: definePoint({
      title: 'Approved',
      mode: 'off',
      severity: 'high',
      value: z.strictObject({
        basis: z.enum(['approval', 'no-personal-data', 'none']),
        /** The day it was given. */
        since: Day.optional(),
        /** The last day it was given for. */
        until: Day.optional(),
        /** It was withdrawn. */
        withdrawn: z.boolean().default(false),
        /** Of the points that the policy or the approval itself requires: how many fail, and how many are unknown. */
        unmet: Count.default(0),
        undecided: Count.default(0),
      }),
      params: z.strictObject({
        maxMonths: parameter(z.int().min(1).max(120).default(12), {
          title: 'An approval lasts',
          unit: 'month',
          stricter: 'lower',
        }),
        /** Points that must pass for an approval to hold, as check/point. */
        requires: parameter(
          z
            .array(z.string().regex(/^[a-z-]+\/[a-z-]+$/))
            .max(50)
            .default([]),
          {
            title: 'Points that must pass',
            stricter: 'more',
            hint: 'As check/point, such as disk-encryption/system',
          },
        ),
      }),
      expected: ({ maxMonths }) =>
        `an approval, or the statement that no personal data is kept here, not older than ${count(maxMonths, 'month')}`,
      judge({ basis, since, until, withdrawn, unmet, undecided }, { maxMonths }, { now }) {
        if (basis === 'none') return fail('neither an approval nor a statement is on record');
        const what =
          basis === 'approval' ? 'the approval' : 'the statement that no personal data is kept here';
        if (withdrawn) return fail(`${what} was withdrawn`);
        if (since === undefined) return cannotTell('missing', `${what} has no date`);
        const today = now.toISOString().slice(0, 10);
        if (since > today) return fail(`${what} only begins on ${since}`);
        const longest = monthsLater(since, maxMonths);
        const last = until !== undefined && until < longest ? until : longest;
        if (last < today) return fail(`${what} ended on ${last}`);
        if (basis === 'approval') {
          if (unmet > 0) return fail(`${count(unmet, 'condition')} of the approval not met`);
          if (undecided > 0)
            return cannotTell(
              'missing',
              `${count(undecided, 'condition')} of the approval could not be told`,
            );
        }
        return pass(`${what} holds until ${last}`);
      },
      remedies: { darwin: ask, win32: ask, linux: ask },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
