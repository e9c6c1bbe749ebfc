import { endOf, momentOf } from '../calendar.ts';
import { defineRegister } from '../register.ts';

export const complaints = defineRegister({
  id: 'complaints',
  prefix: 'CO',
  title: 'Complaints',
  noun: 'complaint',
  purpose: 'What people say is wrong with how their data are used, and what came of it.',
  whenEmpty:
    'Nobody has complained. Whoever hears a complaint writes it down on the same day: it has to be acknowledged within 30 days.',
  source: 'UK Data (Use and Access) Act 2025 s. 103, in force since 19 June 2026; GDPR Art. 77',
  owner: 'dpo',
  seesPersonal: 'privacy.manage',
  fields: {
    subject: {
      kind: 'text',
      section: 'The complaint',
      title: 'What it is about',
      hint: 'No names.',
      required: true,
    },
    receivedOn: { kind: 'date', title: 'Received on', required: true },
    person: { kind: 'text', title: 'Who complains', required: true, personal: true },
    reach: { kind: 'text', title: 'How to reach them', personal: true },
    words: { kind: 'paragraph', title: 'In their words', personal: true },
    acknowledgedOn: { kind: 'date', section: 'Answer', title: 'Acknowledged on' },
    inquiry: { kind: 'paragraph', later: true, title: 'What was looked into', personal: true },
    outcome: {
      kind: 'choice',
      title: 'Outcome',
      options: {
        upheld: 'It was right',
        partly: 'It was partly right',
        rejected: 'It was not right',
        withdrawn: 'Withdrawn',
      },
    },
    answer: { kind: 'paragraph', title: 'What they were told', personal: true },
    requests: { kind: 'records', register: 'requests', later: true, title: 'Request it came out of' },
  },
  name: ({ subject }) => subject ?? '',
  states: {
    received: { title: 'Received', tone: 'attention' },
    acknowledged: { title: 'Acknowledged', tone: 'attention' },
    answered: { title: 'Answered', tone: 'compliant', closed: true },
  },
  start: 'received',
  transitions: [
    {
      id: 'acknowledge',
      title: 'Acknowledged',
      from: ['received'],
      to: 'acknowledged',
      asks: ['acknowledgedOn'],
      needs: ({ values }) => (values.acknowledgedOn === undefined ? { acknowledgedOn: 'Fill this in.' } : {}),
    },
    {
      id: 'answer',
      title: 'Answered',
      from: ['acknowledged'],
      to: 'answered',
      asks: ['outcome', 'answer'],
      needs: ({ values }) => ({
        ...(values.outcome === undefined && { outcome: 'Choose one.' }),
        ...(values.answer === undefined && { answer: 'Fill this in.' }),
      }),
    },
    { id: 'reopen', title: 'Open again', from: ['answered'], to: 'acknowledged' },
  ],
  clocks: [
    {
      id: 'acknowledge',
      title: 'Acknowledge',
      rule: 'Within 30 days of receipt.',
      source: 'UK Data (Use and Access) Act 2025 s. 103',
      from: ({ values }) => momentOf(values.receivedOn),
      due: (start) => endOf(start, { days: 30 }),
      met: ({ values }) => momentOf(values.acknowledgedOn),
    },
    {
      id: 'answer',
      title: 'Answer',
      rule: 'Without undue delay; three months are our own limit.',
      source: 'Our default',
      from: ({ values }) => momentOf(values.receivedOn),
      due: (start) => endOf(start, { months: 3 }),
      met: (record) => (record.closed ? record.path.at(-1)?.at : undefined),
    },
  ],
  retention: {
    period: { years: 3 },
    reason: 'The person may go on to the authority or to a court.',
    source: 'Limitation of claims, our default',
  },
});
