import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { linuxFamily } from '../linux-family.ts';
import { parameter } from '../parameter.ts';
import { count, duration } from '../words.ts';

/** `net accounts /minpwlen` takes 0 to 14 and refuses more; beyond that Windows has a setting of its own (Windows 10 2004 and later). */
const longestOfNetAccounts = 14;
const readable = { darwin: 'root', win32: 'user', linux: 'user' } as const;

/** What the system itself enforces for the passwords of the people who sign in here. */
export const passwordPolicy = defineCheck({
  id: 'password-policy',
  title: 'Password rules',
  rationale: 'A weak or endlessly guessable password undoes every other protection.',
  blindSpots:
    'How good a password really is, whether it is used elsewhere too, and rules that a directory or a cloud account sets.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A5.10' },
    { standard: 'cyber-essentials-3.3', id: 'A7.10' },
    { standard: 'cyber-essentials-3.3', id: 'A7.11' },
    { standard: 'iso-27001-2022', id: 'A.5.17' },
    { standard: 'iso-27001-2022', id: 'A.8.5' },
    { standard: 'cis-controls-8.1', id: '4.10' },
    { standard: 'cis-controls-8.1', id: '5.2' },
    { standard: 'nist-800-171-3', id: '03.01.08' },
    { standard: 'nist-800-171-3', id: '03.05.07' },
    { standard: 'nist-800-171-3', id: '03.05.11' },
    { standard: 'nist-800-171-3', id: '03.05.12' },
    { standard: 'nist-800-53-5', id: 'IA-5(1)' },
    { standard: 'nist-800-53-5', id: 'AC-7' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-01' },
    { standard: 'nist-csf-2.0', id: 'PR.AA-03' },
  ],
  points: {
    'min-length': definePoint({
      title: 'Minimum length',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'ce',
      value: z.strictObject({ characters: z.int().min(0).max(1_024) }),
      params: z.strictObject({
        min: parameter(z.int().min(1).max(128).default(12), {
          title: 'Shortest password',
          unit: 'character',
          stricter: 'higher',
        }),
      }),
      expected: ({ min }) => `at least ${count(min, 'character')}`,
      judge({ characters }, { min }) {
        const observed =
          characters === 0 ? 'no minimum length' : `at least ${count(characters, 'character')}`;
        return characters >= min ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: (_machine, { min }) => ({
          text: `Your IT contractor sets a rule for all accounts, best with a passcode profile (minLength ${min}); without device management from a file that says policyAttributePassword matches '.{${min},}':`,
          command: 'sudo pwpolicy setaccountpolicies FILE',
        }),
        win32: (_machine, { min }) =>
          min <= longestOfNetAccounts
            ? { text: 'In an administrator terminal:', command: `net accounts /minpwlen:${min}` }
            : {
                text: `Local Security Policy > Account Policies > Password Policy: switch on "Relax minimum password length limits", then set the minimum password length to ${min}. Where there is no Local Security Policy (Windows Home), ask your IT contractor.`,
              },
        linux: (machine, { min }) => ({
          text: `Install the pwquality module where it is missing, and set minlen = ${min} in /etc/security/pwquality.conf (a credit above 0 takes characters off again).`,
          ...(linuxFamily(machine.osName) === 'debian' && { command: 'sudo apt install libpam-pwquality' }),
        }),
      },
      privilege: readable,
    }),
    complexity: definePoint({
      title: 'Kinds of characters',
      mode: 'off',
      severity: 'medium',
      numberFrom: 'nist',
      value: z.strictObject({ classes: z.int().min(0).max(4) }),
      params: z.strictObject({
        classes: parameter(z.int().min(1).max(4).default(3), {
          title: 'Kinds of characters',
          unit: 'kind',
          stricter: 'higher',
          hint: 'Lower case, upper case, digits, others',
        }),
      }),
      expected: ({ classes }) => `at least ${count(classes, 'kind')} of characters`,
      judge({ classes: enforced }, { classes }) {
        const observed = enforced === 0 ? 'no rule' : `at least ${count(enforced, 'kind')} of characters`;
        return enforced >= classes ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: {
          text: 'Your IT contractor sets a rule for all accounts: a passcode profile from device management, or pwpolicy.',
        },
        win32: {
          text: 'Local Security Policy > Account Policies > Password Policy: password must meet complexity requirements.',
        },
        linux: (_machine, { classes }) => ({
          text: `Set minclass = ${classes} in /etc/security/pwquality.conf; the pwquality module must be in the password stack.`,
        }),
      },
      privilege: { darwin: 'root', win32: 'root', linux: 'user' },
    }),
    'max-age': definePoint({
      title: 'Passwords expire',
      mode: 'off',
      severity: 'low',
      numberFrom: 'nist',
      value: z.strictObject({ days: z.int().min(0).max(100_000).nullable() }),
      params: z.strictObject({
        maxDays: parameter(z.int().min(1).max(3_650).default(365), {
          title: 'Expires within',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxDays }) => `expire within ${count(maxDays, 'day')}`,
      judge({ days }, { maxDays }) {
        if (days === null) return fail('never expire');
        const observed = `expire after ${count(days, 'day')}`;
        return days <= maxDays ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: {
          text: 'Your IT contractor sets a rule for all accounts: a passcode profile from device management, or pwpolicy.',
        },
        win32: (_machine, { maxDays }) => ({
          text: 'In an administrator terminal:',
          command: `net accounts /maxpwage:${Math.min(maxDays, 999)}`,
        }),
        linux: (_machine, { maxDays }) => ({
          text: 'For every account (its name in place of ACCOUNT); for new ones set PASS_MAX_DAYS in /etc/login.defs:',
          command: `sudo chage -M ${maxDays} ACCOUNT`,
        }),
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'root' },
    }),
    history: definePoint({
      title: 'Old passwords refused',
      mode: 'off',
      severity: 'low',
      numberFrom: 'nist',
      value: z.strictObject({ remembered: z.int().min(0).max(10_000) }),
      params: z.strictObject({
        min: parameter(z.int().min(1).max(400).default(24), {
          title: 'Earlier passwords refused',
          unit: 'password',
          stricter: 'higher',
        }),
      }),
      expected: ({ min }) => `the last ${min} are refused`,
      judge({ remembered }, { min }) {
        const observed = remembered === 0 ? 'none is refused' : `the last ${remembered} are refused`;
        return remembered >= min ? pass(observed) : fail(observed);
      },
      remedies: {
        darwin: {
          text: 'Your IT contractor sets a rule for all accounts: a passcode profile from device management, or pwpolicy.',
        },
        win32: (_machine, { min }) => ({
          text: 'In an administrator terminal:',
          command: `net accounts /uniquepw:${Math.min(min, 24)}`,
        }),
        linux: (machine, { min }) =>
          linuxFamily(machine.osName) === 'redhat'
            ? {
                text: `Switch the password history on, and set remember = ${min} in /etc/security/pwhistory.conf:`,
                command: 'sudo authselect enable-feature with-pwhistory',
              }
            : {
                text: `Add pam_pwhistory.so with remember=${min} to the password stack (/etc/pam.d/common-password).`,
              },
      },
      privilege: readable,
    }),
    lockout: definePoint({
      title: 'Wrong tries are limited',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'ce',
      value: z.strictObject({
        /** Wrong tries before a lock or a delay; null = no limit. */
        attempts: z.int().min(1).max(100_000).nullable(),
        /** How long it then stays locked; null = until an administrator unlocks it. */
        lockSeconds: z.int().min(0).max(4_294_967_295).nullable().optional(),
      }),
      params: z.strictObject({
        maxAttempts: parameter(z.int().min(1).max(100).default(10), {
          title: 'Wrong tries before it locks',
          unit: 'try',
          stricter: 'lower',
        }),
        minLockSeconds: parameter(z.int().min(0).max(86_400).default(0), {
          title: 'Locked for at least',
          unit: 'second',
          stricter: 'higher',
        }),
      }),
      expected: ({ maxAttempts, minLockSeconds }) =>
        `locked after at most ${count(maxAttempts, 'wrong try', 'wrong tries')}${minLockSeconds ? `, for at least ${duration(minLockSeconds)}` : ''}`,
      judge({ attempts, lockSeconds }, { maxAttempts, minLockSeconds }) {
        if (attempts === null) return fail('no limit on wrong tries');
        const forHowLong =
          lockSeconds === undefined
            ? ''
            : lockSeconds === null
              ? ' until an administrator unlocks it'
              : ` for ${duration(lockSeconds)}`;
        const observed = `locked after ${count(attempts, 'wrong try', 'wrong tries')}${forHowLong}`;
        if (attempts > maxAttempts) return fail(observed);
        if (minLockSeconds > 0 && lockSeconds === undefined)
          return cannotTell('missing', `${observed}; for how long could not be read`);
        return lockSeconds != null && lockSeconds < minLockSeconds ? fail(observed) : pass(observed);
      },
      remedies: {
        darwin: {
          text: 'Your IT contractor sets a rule for all accounts: a passcode profile with maxFailedAttempts, or pwpolicy with policyAttributeMaximumFailedAuthentications.',
        },
        win32: (_machine, { maxAttempts }) => ({
          text: 'In an administrator terminal:',
          command: `net accounts /lockoutthreshold:${maxAttempts}`,
        }),
        linux: (machine, { maxAttempts }) =>
          linuxFamily(machine.osName) === 'redhat'
            ? {
                text: `Switch the lockout on, and set deny = ${maxAttempts} in /etc/security/faillock.conf:`,
                command: 'sudo authselect enable-feature with-faillock',
              }
            : {
                text: `Add pam_faillock.so (preauth and authfail in /etc/pam.d/common-auth, and to common-account), and deny = ${maxAttempts} in /etc/security/faillock.conf. A mistake there locks everybody out: ask your IT contractor.`,
              },
      },
      privilege: readable,
    }),
    hints: definePoint({
      title: 'No password hints',
      mode: 'enforce',
      severity: 'low',
      numberFrom: 'nist',
      value: z.strictObject({ shown: z.boolean() }),
      params: noParams,
      expected: () => 'hints are off',
      judge: ({ shown }) => (shown ? fail('a password hint can be shown') : pass('hints are off')),
      remedies: {
        darwin: {
          text: 'Switch hints off:',
          command: 'sudo defaults write /Library/Preferences/com.apple.loginwindow RetriesUntilHint -int 0',
        },
      },
      privilege: { darwin: 'root', win32: 'user', linux: 'user' },
    }),
  },
});
