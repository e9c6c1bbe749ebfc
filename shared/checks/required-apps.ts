import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { fingerprint } from '../fingerprint.ts';
import { parameter } from '../parameter.ts';
import { Count, Names } from '../value.ts';
import { list } from '../words.ts';

const install = (_machine: unknown, { names }: { readonly names: readonly string[] }) => ({
  text:
    names.length === 0
      ? 'Nothing is required.'
      : `Install what is missing of ${list(names)}. Ask your IT contractor for it.`,
});

/** Is everything there that the company's rules need? */
export const requiredApps = defineCheck({
  id: 'required-apps',
  title: 'Required programs',
  rationale: 'Some rules can only be followed with a certain tool.',
  blindSpots: 'Whether the programs are set up and used.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.19' },
    { standard: 'cis-controls-8.1', id: '2.1' },
    { standard: 'nist-800-171-3', id: '03.04.02' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-01' },
  ],
  points: {
    present: definePoint({
      title: 'Installed',
      mode: 'off',
      severity: 'medium',
      value: z.strictObject({
        /** How many of the names in the policy were looked for; never which. */
        wanted: Count,
        missing: Count,
        /** Could not be told. */
        unknown: Count.default(0),
        /** `fingerprint` of the names the policy had when this was read. */
        asked: z.int().min(0).max(4_294_967_295),
      }),
      params: z.strictObject({
        names: parameter(Names.default([]), {
          title: 'Programs that must be installed',
          stricter: 'more',
          hint: 'By the name their installer shows',
        }),
      }),
      expected: ({ names }) => (names.length === 0 ? 'nothing is required' : `installed: ${list(names)}`),
      judge({ wanted, missing, unknown, asked }, { names }) {
        if (asked !== fingerprint(names))
          return cannotTell('stale', 'the list of required programs has changed since this was read');
        if (missing > 0) return fail(`${missing} of ${wanted} missing`);
        if (unknown > 0 || wanted !== names.length)
          return cannotTell('missing', `${unknown} of ${wanted} could not be told`);
        return pass(
          wanted === 0 ? 'nothing is required' : wanted === 1 ? 'installed' : `all ${wanted} installed`,
        );
      },
      remedies: { darwin: install, win32: install, linux: install },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
