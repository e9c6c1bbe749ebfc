import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { fingerprint } from '../fingerprint.ts';
import { parameter } from '../parameter.ts';
import { Names } from '../value.ts';

/** Is there a place for passwords that is not a note? */
export const passwordManager = defineCheck({
  id: 'password-manager',
  title: 'Password manager',
  rationale: 'Nobody can remember a different strong password for everything; a program can.',
  blindSpots: 'Whether it is used, and managers that live in a browser or on a phone.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A7.12' },
    { standard: 'iso-27001-2022', id: 'A.5.17' },
    { standard: 'cis-controls-8.1', id: '5.2' },
    { standard: 'cis-controls-8.1', id: '14.3' },
    { standard: 'nist-800-171-3', id: '03.05.12' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-01' },
  ],
  points: {
    present: definePoint({
      title: 'Installed',
      mode: 'warn',
      severity: 'low',
      numberFrom: 'ce',
      value: z.strictObject({
        /** catalogue: a product of our own list; named: one the policy adds. Which one is never reported. */
        found: z.enum(['catalogue', 'named', 'none']),
        /** `fingerprint` of the names the policy added when this was read. */
        asked: z.int().min(0).max(4_294_967_295),
      }),
      params: z.strictObject({
        /** Further products the organization accepts, by the name their installer shows. */
        also: parameter(Names.default([]), {
          title: 'Further products that count',
          stricter: 'fewer',
          hint: 'By the name their installer shows',
        }),
      }),
      expected: () => 'a password manager is installed',
      judge({ found, asked }, { also }) {
        if (found === 'catalogue') return pass('a password manager is installed');
        const sameList = asked === fingerprint(also);
        if (found === 'named' && sameList) return pass('a password manager is installed');
        if (sameList || (found === 'none' && also.length === 0)) return fail('no password manager found');
        return cannotTell('stale', 'the list of accepted products has changed since this was read');
      },
      remedies: {
        darwin: { text: 'Install the password manager your company uses. Ask your IT contractor which.' },
        win32: { text: 'Install the password manager your company uses. Ask your IT contractor which.' },
        linux: {
          text: 'Install the password manager your company uses (KeePassXC is in every distribution). Ask your IT contractor which.',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
