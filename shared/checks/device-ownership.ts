import { z } from 'zod';
import { defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { list } from '../words.ts';

const owners = ['company', 'contractor', 'personal'] as const;
const ownerWords = {
  company: 'a company device',
  contractor: 'a contractor’s device',
  personal: 'a personal device',
} as const;
const ask = {
  text: 'Your IT contractor records whose machine this is, and the agreement where it is a contractor’s: ask there.',
};

/** Whose machine is it? Answered by the collector. */
export const deviceOwnership = defineCheck({
  id: 'device-ownership',
  answeredBy: 'collector',
  title: 'Whose machine it is',
  rationale:
    'The company may only rule over machines that are its own, or that somebody agreed to put under its rules.',
  blindSpots: 'Whether the declaration is true.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.5.9' },
    { standard: 'iso-27001-2022', id: 'A.8.1' },
    { standard: 'cis-controls-8.1', id: '1.1' },
    { standard: 'nist-800-171-3', id: '03.04.10' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-01' },
    { standard: 'cis-controls-8.1', id: '1.2' },
    { standard: 'nist-800-171-3', id: '03.01.18' },
  ],
  points: {
    declared: definePoint({
      title: 'Declared',
      mode: 'enforce',
      severity: 'high',
      numberFrom: 'proposal',
      value: z.strictObject({
        owner: z.enum([...owners, 'not-declared']),
        /** An agreement with the contractor is on record. */
        agreement: z.boolean().default(false),
      }),
      params: z.strictObject({
        allow: parameter(z.array(z.enum(owners)).min(1).max(3).default(['company', 'contractor']), {
          title: 'Whose machines are allowed',
          stricter: 'fewer',
          values: ownerWords,
        }),
        /** What a contractor's device needs on record. */
        contractorNeeds: parameter(z.enum(['agreementId', 'nothing']).default('agreementId'), {
          title: 'A contractor’s machine needs',
          stricter: ['agreementId', 'nothing'],
          values: { agreementId: 'an agreement on record', nothing: 'nothing more' },
        }),
      }),
      expected: ({ allow, contractorNeeds }) =>
        list(
          allow.map((owner) =>
            owner === 'contractor' && contractorNeeds === 'agreementId'
              ? 'a contractor’s device with an agreement'
              : ownerWords[owner],
          ),
          'or',
        ),
      judge({ owner, agreement }, { allow, contractorNeeds }) {
        if (owner === 'not-declared') return fail('nobody has said whose machine it is');
        if (!allow.includes(owner)) return fail(`${ownerWords[owner]}, which is not allowed`);
        if (owner === 'contractor' && contractorNeeds === 'agreementId' && !agreement)
          return fail('a contractor’s device without an agreement on record');
        return pass(
          owner === 'contractor' && agreement ? 'a contractor’s device with an agreement' : ownerWords[owner],
        );
      },
      remedies: { darwin: ask, win32: ask, linux: ask },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
