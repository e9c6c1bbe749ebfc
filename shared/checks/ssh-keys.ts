import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { Count } from '../value.ts';
import { count } from '../words.ts';

/** Would a copied key file be enough to get in elsewhere? */
export const sshKeys = defineCheck({
  id: 'ssh-keys',
  title: 'SSH keys',
  rationale: 'A key without a passphrase opens other machines for whoever copies one small file.',
  blindSpots: 'How good a passphrase is, and keys that lie elsewhere or are held by an agent.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A7.10' },
    { standard: 'iso-27001-2022', id: 'A.5.17' },
    { standard: 'iso-27001-2022', id: 'A.8.24' },
    { standard: 'cis-controls-8.1', id: '5.2' },
    { standard: 'nist-800-171-3', id: '03.05.12' },
    { standard: 'nist-800-171-3', id: '03.13.10' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-01' },
  ],
  points: {
    protected: definePoint({
      title: 'Protected by a passphrase',
      mode: 'warn',
      severity: 'medium',
      numberFrom: 'proposal',
      /** Counts of private key files; never their names, and never the keys. */
      value: z.strictObject({ protected: Count, plain: Count, unknown: Count.default(0) }),
      params: z.strictObject({
        max: parameter(z.int().min(0).max(1_000).default(0), {
          title: 'Keys without a passphrase allowed',
          stricter: 'lower',
        }),
      }),
      expected: ({ max }) =>
        max === 0 ? 'no key without a passphrase' : `at most ${max} without a passphrase`,
      judge({ protected: safe, plain, unknown }, { max }) {
        const observed = `${count(plain, 'key')} without a passphrase`;
        if (plain > max) return fail(observed);
        if (plain + unknown > max) return cannotTell('missing', `${count(unknown, 'key')} could not be read`);
        if (plain > 0) return pass(observed);
        return pass(safe === 0 ? 'no private keys' : `${count(safe, 'key')}, each with a passphrase`);
      },
      remedies: {
        darwin: {
          text: 'Give each key a passphrase (repeat for every key file in place of KEY):',
          command: 'ssh-keygen -p -f ~/.ssh/KEY',
        },
        win32: {
          text: 'Give each key a passphrase (repeat for every key file in place of KEY):',
          command: 'ssh-keygen -p -f %USERPROFILE%\\.ssh\\KEY',
        },
        linux: {
          text: 'Give each key a passphrase (repeat for every key file in place of KEY):',
          command: 'ssh-keygen -p -f ~/.ssh/KEY',
        },
      },
      privilege: { darwin: 'session', win32: 'session', linux: 'session' },
    }),
  },
});
