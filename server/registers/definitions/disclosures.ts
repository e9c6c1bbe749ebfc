import { endOf } from '../calendar.ts';
import { defineRegister } from '../register.ts';

export const disclosures = defineRegister({
  id: 'disclosures',
  prefix: 'DI',
  title: 'Disclosures',
  noun: 'disclosure',
  purpose:
    'What was given to the police, to courts or to auditors: who asked, by what power, how that was checked, and what they got.',
  whenEmpty:
    'When somebody official asks for data, write it down before anything is given: two people check that the request is genuine.',
  source: 'GDPR Art. 6(1)(c) and 23; UK DPA 2018 Schedule 2',
  owner: 'dpo',
  seesPersonal: 'privacy.manage',
  fields: {
    requester: {
      kind: 'text',
      section: 'The request',
      title: 'Who asks',
      hint: 'The body, not the officer.',
      required: true,
    },
    kind: {
      kind: 'choice',
      title: 'Kind',
      required: true,
      options: {
        'law-enforcement': 'Police or prosecutor',
        court: 'Court',
        regulator: 'Regulator',
        auditor: 'Auditor or vendor',
        other: 'Another',
      },
    },
    power: { kind: 'text', title: 'Power cited', hint: 'The statute, order or contract.', required: true },
    officer: { kind: 'text', title: 'Officer and how to reach them', personal: true },
    concerns: { kind: 'text', title: 'Whose data', personal: true },
    checks: {
      kind: 'choices',
      section: 'Checks',
      title: 'Checked that',
      options: {
        genuine: 'the request is genuine: called back by a number found elsewhere',
        power: 'the power covers what is asked',
        minimal: 'no more is given than is asked',
        adviser: 'a legal adviser or the business development manager agrees',
      },
    },
    adviser: { kind: 'text', title: 'Adviser', hint: 'A role rather than a name.' },
    given: { kind: 'paragraph', title: 'What was given', personal: true },
    refusal: { kind: 'paragraph', title: 'Why nothing was given' },
  },
  name: ({ requester }) => requester ?? '',
  states: {
    asked: {
      title: 'Being checked',
      tone: 'attention',
      hint: 'Nothing is given before a second person agrees.',
    },
    approved: { title: 'May be given', tone: 'attention', frozen: true },
    given: { title: 'Given', tone: 'compliant', closed: true },
    refused: { title: 'Refused', tone: 'none', closed: true },
  },
  start: 'asked',
  transitions: [
    {
      id: 'approve',
      title: 'Agree',
      from: ['asked'],
      to: 'approved',
      secondPerson: true,
      asks: ['checks', 'adviser'],
      needs: ({ values }) => ({
        ...((['genuine', 'power', 'minimal', 'adviser'] as const).some(
          (check) => values.checks?.includes(check) !== true,
        ) && { checks: 'All four have to be checked.' }),
        ...(values.adviser === undefined && { adviser: 'Fill this in.' }),
      }),
    },
    {
      id: 'give',
      title: 'It was given',
      from: ['approved'],
      to: 'given',
      asks: ['given'],
      needs: ({ values }) => (values.given === undefined ? { given: 'Say what.' } : {}),
    },
    {
      id: 'refuse',
      title: 'Refuse',
      from: ['asked', 'approved'],
      to: 'refused',
      asks: ['refusal'],
      needs: ({ values }) => (values.refusal === undefined ? { refusal: 'Say why.' } : {}),
    },
  ],
  clocks: [
    {
      id: 'decide',
      title: 'Decide',
      rule: 'Within ten days, unless the order names a day.',
      source: 'Our default',
      from: ({ createdAt }) => createdAt,
      due: (start) => endOf(start, { days: 10 }),
      met: (record) => (record.closed ? record.path.at(-1)?.at : undefined),
    },
  ],
  retention: {
    period: { years: 5 },
    reason: 'Shows that nothing was given without a ground.',
    source: 'Five years as for service documents',
  },
});
