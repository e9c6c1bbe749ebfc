import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, pass } from '../check.ts';
import { parameter } from '../parameter.ts';
import { agoWords, Hours, Tri } from '../value.ts';
import { count } from '../words.ts';

const restart = {
  darwin: {
    text: 'Is the machine on and online? The agent reports by itself; to see what holds it up:',
    command: 'sudo agent --doctor',
  },
  linux: {
    text: 'Is the machine on and online? The agent reports by itself; to see what holds it up:',
    command: 'sudo agent --doctor',
  },
  win32: {
    text: 'Is the machine on and online? The agent reports by itself; to see what holds it up, in an administrator terminal:',
    command: 'agent --doctor',
  },
};

/** Do we still hear from it, and can we believe what we hear? Answered by the collector. */
export const agentHealth = defineCheck({
  id: 'agent-health',
  answeredBy: 'collector',
  title: 'Agent',
  rationale: 'A machine nobody hears from proves nothing.',
  blindSpots: 'Why a laptop fell silent.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.16' },
    { standard: 'cis-controls-8.1', id: '1.1' },
    { standard: 'cis-controls-8.1', id: '8.11' },
    { standard: 'nist-800-171-3', id: '03.12.03' },
    { standard: 'nist-csf-2.0', id: 'DE.CM-09' },
    { standard: 'nist-csf-2.0', id: 'ID.IM-01' },
  ],
  points: {
    current: definePoint({
      title: 'Reports',
      mode: 'enforce',
      severity: 'medium',
      numberFrom: 'proposal',
      value: z.strictObject({
        /** Hours since the last accepted report; null = none has ever come. */
        checkInAgeHours: Hours.nullable(),
        /** Every report carries the hash of the one before it: yes = no gap and no edit. */
        chainWhole: Tri,
        /** The version of the agent still gets fixes. */
        versionSupported: Tri,
      }),
      params: z.strictObject({
        maxCheckInDays: parameter(z.int().min(1).max(365).default(7), {
          title: 'Silent after',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxCheckInDays }) =>
        `reported within ${count(maxCheckInDays, 'day')}, no report missing or changed, agent up to date`,
      judge({ checkInAgeHours, chainWhole, versionSupported }, { maxCheckInDays }) {
        if (checkInAgeHours === null) return fail('has never reported');
        const age = agoWords(checkInAgeHours);
        const bad = [
          ...(checkInAgeHours > maxCheckInDays * 24 ? [`last reported ${age}`] : []),
          ...(chainWhole === 'no' ? ['a report is missing or was changed'] : []),
          ...(versionSupported === 'no' ? ['the agent is too old'] : []),
        ];
        if (bad.length > 0) return fail(bad.join('; '));
        if (chainWhole === 'unknown')
          return cannotTell('missing', 'the chain of reports could not be checked');
        if (versionSupported === 'unknown')
          return cannotTell('missing', 'whether the agent is up to date is not known');
        return pass(`reported ${age}`);
      },
      remedies: restart,
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
