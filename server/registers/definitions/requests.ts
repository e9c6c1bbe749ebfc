import { earliest, endOf, momentOf } from '../calendar.ts';
import { enteredAt } from '../clock.ts';
import type { ValuesOf } from '../field.ts';
import { jurisdictions } from '../jurisdictions.ts';
import { defineRegister, type Occurrence } from '../register.ts';

const kinds = {
  access: 'Access: a copy of what is held (Art. 15)',
  rectification: 'Rectification: something is wrong (Art. 16)',
  erasure: 'Erasure (Art. 17)',
  restriction: 'Restriction: stop using the data (Art. 18)',
  portability: 'Portability: take the data elsewhere (Art. 20)',
  objection: 'Objection to a use (Art. 21)',
  withdrawal: 'Consent is withdrawn (Art. 7(3))',
} as const;

const shortNames: Readonly<Record<keyof typeof kinds, string>> = {
  access: 'Access',
  rectification: 'Rectification',
  erasure: 'Erasure',
  restriction: 'Restriction',
  portability: 'Portability',
  objection: 'Objection',
  withdrawal: 'Withdrawal of consent',
};

const fields = {
  kind: {
    kind: 'choice',
    section: 'The request',
    title: 'What is asked for',
    required: true,
    options: kinds,
  },
  receivedOn: {
    kind: 'date',
    title: 'Received on',
    hint: 'The day it reached anybody in the company, by whatever way. The month runs from here.',
    required: true,
  },
  channel: {
    kind: 'choice',
    title: 'How it came',
    hint: 'A request counts whichever way it comes, spoken ones too.',
    required: true,
    options: {
      mail: 'E-mail',
      letter: 'Letter',
      spoken: 'Spoken or by telephone',
      page: 'The person’s own page',
      other: 'Another way',
    },
  },
  jurisdiction: { kind: 'choice', title: 'Law that applies', options: jurisdictions },
  about: { kind: 'text', later: true, title: 'About what', hint: 'No names: a field, a result, a system.' },
  laptop: { kind: 'text', later: true, title: 'Laptop', hint: 'Its pseudonym, where they asked from it.' },
  person: { kind: 'text', section: 'The person', title: 'Who asks', required: true, personal: true },
  reach: { kind: 'text', title: 'How to reach them', personal: true },
  subject: {
    kind: 'text',
    title: 'Their key',
    hint: 'Of the person in this collector, where they are known here.',
    personal: true,
  },
  words: { kind: 'paragraph', title: 'What they ask, in their words', personal: true },
  identity: {
    kind: 'choice',
    section: 'Identity',
    title: 'How it was made sure that it is them',
    hint: 'Keep no copy of a passport or card: that it was seen is enough.',
    options: {
      known: 'Known in person',
      account: 'Signed in to their own account or device',
      document: 'A document was seen and not kept',
      'not-needed': 'Nothing is handed out',
      failed: 'It could not be made sure',
    },
  },
  extendedOn: { kind: 'date', section: 'Time', title: 'Told on that it takes longer' },
  extensionReason: {
    kind: 'paragraph',
    title: 'Why it takes longer',
    hint: 'Two more months are possible where it is complex or there are many; the person is told within the first month (Art. 12(3)).',
  },
  pauseReason: {
    kind: 'choice',
    title: 'What the person was asked for',
    options: {
      identity: 'To show who they are',
      clarification: 'To say what they mean',
      fee: 'A fee for what is excessive',
    },
  },
  assignee: {
    kind: 'text',
    later: true,
    section: 'Answer',
    title: 'Who answers',
    hint: 'A role; the data protection officer unless you say otherwise.',
  },
  feeReason: {
    kind: 'text',
    later: true,
    title: 'Fee and why',
    hint: 'Free of charge; a fee only for what is unfounded or excessive (Art. 12(5)).',
  },
  ground: {
    kind: 'choice',
    later: true,
    title: 'Ground for erasure',
    options: {
      'no-longer-needed': 'No longer needed',
      'consent-withdrawn': 'Consent was withdrawn',
      'objection-upheld': 'An objection was upheld',
      unlawful: 'The use was unlawful',
      'legal-obligation': 'The law says so',
    },
  },
  before: { kind: 'text', later: true, title: 'Value before', hint: 'For a rectification.', personal: true },
  after: {
    kind: 'text',
    later: true,
    title: 'Value afterwards',
    hint: 'For a rectification.',
    personal: true,
  },
  balancing: {
    kind: 'paragraph',
    later: true,
    title: 'Weighing of interests',
    hint: 'For an objection: whose interests weigh more, and why.',
    personal: true,
  },
  recipients: {
    kind: 'records',
    later: true,
    register: 'suppliers',
    title: 'Recipients who have to be told',
    hint: 'Of a rectification, an erasure or a restriction (Art. 19).',
  },
  recipientsTold: { kind: 'yes-no', title: 'They were told, or it is impossible and the outcome says why' },
  outcome: { kind: 'paragraph', title: 'What was done', personal: true },
  refusal: {
    kind: 'choice',
    title: 'Ground for refusing',
    options: {
      identity: 'It could not be made sure who asks (Art. 12(6))',
      unfounded: 'Manifestly unfounded or excessive (Art. 12(5))',
      'legal-duty': 'The law says that the data are kept (Art. 17(3)(b))',
      claims: 'Needed for legal claims (Art. 17(3)(e))',
      'others-rights': 'It would harm others (Art. 15(4))',
      overriding: 'Compelling grounds weigh more (Art. 21(1))',
      'no-basis': 'The right does not apply to this use',
    },
  },
  answeredOn: { kind: 'date', title: 'Answered on' },
} as const;

type Request = Occurrence<ValuesOf<typeof fields>>;

const mustPropagate = ({ values }: Request) =>
  values.kind === 'rectification' || values.kind === 'erasure' || values.kind === 'restriction';

const today = (at: Date) => at.toISOString().slice(0, 10);

/** One calendar month; 30 days where that is earlier. Three months once it was extended in time. */
function answerBy(received: Date, { values }: Request): Date {
  const month = earliest(endOf(received, { months: 1 }), endOf(received, { days: 30 }));
  const extended = momentOf(values.extendedOn);
  return extended !== undefined && extended <= month ? endOf(received, { months: 3 }) : month;
}

export const requests = defineRegister({
  id: 'requests',
  prefix: 'RQ',
  title: 'Requests of people',
  noun: 'request',
  purpose:
    'What people ask about their own data, by whatever way it reached the company: who asked, until when they are answered, and what came of it.',
  whenEmpty:
    'Nobody has asked yet. Whoever in the company hears “what do you hold about me?” writes it down here on the day they hear it: the month has begun.',
  source: 'GDPR and UK GDPR Art. 12 and 15 to 22; POPIA s. 23 and 24',
  owner: 'dpo',
  seesPersonal: 'privacy.manage',
  fields,
  name: ({ kind }) => (kind === undefined ? '' : shortNames[kind]),
  states: {
    received: {
      title: 'Received',
      tone: 'attention',
      hint: 'Make sure who asks, unless nothing is handed out.',
    },
    working: { title: 'Being answered', tone: 'attention' },
    waiting: {
      title: 'Waiting for the person',
      tone: 'silent',
      hint: 'The clock stands still while the person has been asked who they are or what they mean.',
    },
    answered: { title: 'Answered', tone: 'compliant', closed: true },
    refused: { title: 'Refused', tone: 'none', closed: true },
    withdrawn: { title: 'Withdrawn', tone: 'none', closed: true },
  },
  start: 'received',
  transitions: [
    {
      id: 'identify',
      title: 'It is them',
      from: ['received', 'waiting'],
      to: 'working',
      asks: ['identity'],
      needs: ({ values }) =>
        values.identity === undefined || values.identity === 'failed'
          ? { identity: 'Choose how it was made sure.' }
          : {},
    },
    {
      id: 'pause',
      title: 'Ask the person',
      from: ['received', 'working'],
      to: 'waiting',
      asks: ['pauseReason'],
      needs: ({ values }) => (values.pauseReason === undefined ? { pauseReason: 'Choose one.' } : {}),
    },
    { id: 'resume', title: 'They have answered', from: ['waiting'], to: 'received' },
    {
      id: 'extend',
      title: 'It takes longer',
      from: ['received', 'working'],
      to: 'working',
      asks: ['extensionReason', 'extendedOn'],
      needs: ({ values }) => {
        const received = momentOf(values.receivedOn);
        const extended = momentOf(values.extendedOn);
        return {
          ...(values.extensionReason === undefined && { extensionReason: 'Say why.' }),
          ...(extended === undefined && { extendedOn: 'The day the person was told.' }),
          ...(received !== undefined &&
            extended !== undefined &&
            extended > endOf(received, { months: 1 }) && {
              extendedOn: 'The person must be told within the first month; it is too late for this.',
            }),
        };
      },
    },
    {
      id: 'answer',
      title: 'Answered',
      from: ['working'],
      to: 'answered',
      asks: ['outcome', 'answeredOn', 'recipientsTold'],
      needs: (request) => ({
        ...(request.values.outcome === undefined && { outcome: 'Say what was done.' }),
        ...(request.values.answeredOn === undefined && { answeredOn: 'Fill this in.' }),
        ...(request.values.kind === 'erasure' &&
          request.values.ground === undefined && { ground: 'An erasure needs its ground.' }),
        ...(mustPropagate(request) &&
          (request.values.recipients?.length ?? 0) > 0 &&
          request.values.recipientsTold !== true && {
            recipientsTold: 'Recipients have to be told first (Art. 19).',
          }),
      }),
    },
    {
      id: 'refuse',
      title: 'Refuse',
      from: ['received', 'working', 'waiting'],
      to: 'refused',
      asks: ['refusal', 'outcome', 'answeredOn'],
      needs: ({ values }) => ({
        ...(values.refusal === undefined && { refusal: 'A refusal needs its ground.' }),
        ...(values.answeredOn === undefined && {
          answeredOn: 'The day the person was told, with the right to complain.',
        }),
      }),
    },
    {
      id: 'withdraw',
      title: 'The person withdrew it',
      from: ['received', 'working', 'waiting'],
      to: 'withdrawn',
      sets: (_request, at) => ({ answeredOn: today(at) }),
    },
    { id: 'reopen', title: 'Open again', from: ['answered', 'refused', 'withdrawn'], to: 'working' },
  ],
  clocks: [
    {
      id: 'take-up',
      title: 'Take it up',
      rule: 'Within one working day, so three days with a weekend in between: make sure who asks, and who answers.',
      source: 'No number in the policies (KEL-13-2): our default',
      from: ({ createdAt }) => createdAt,
      due: (start) => endOf(start, { days: 3 }),
      met: ({ path }) => path[1]?.at,
    },
    {
      id: 'answer',
      title: 'Answer',
      rule: 'Within one month of receipt, or 30 days where that is earlier; two more months where the person was told why within the first. It stands still while the person has been asked something.',
      source: 'GDPR Art. 12(3) and (6); UK Data (Use and Access) Act 2025; 30 days as a policy promises them',
      from: ({ values }) => momentOf(values.receivedOn),
      due: answerBy,
      met: (request) =>
        request.closed
          ? (momentOf(request.values.answeredOn) ?? enteredAt(request, request.state))
          : undefined,
      pausedIn: ['waiting'],
    },
  ],
  check: ({ receivedOn, answeredOn, extendedOn }) => ({
    ...(receivedOn !== undefined &&
      answeredOn !== undefined &&
      answeredOn < receivedOn && { answeredOn: 'This lies before the request was received.' }),
    ...(receivedOn !== undefined &&
      extendedOn !== undefined &&
      extendedOn < receivedOn && { extendedOn: 'This lies before the request was received.' }),
  }),
  retention: {
    period: { years: 3 },
    reason: 'Shows that the person was answered, for as long as they may complain or claim.',
    source: 'GDPR Art. 5(2); limitation of claims, our default',
  },
});
