import { momentOf } from '../calendar.ts';
import { defineRegister } from '../register.ts';

export const actions = defineRegister({
  id: 'actions',
  prefix: 'AC',
  title: 'Actions',
  noun: 'action',
  purpose:
    'What somebody has to put right, by when; out of an incident, a review or a finding. What a “no” to a statement asks for is under Statements.',
  whenEmpty:
    'What an incident, a breach or a review leaves to do is written down here, with a day. What a “no” to a statement asks for stands with that statement, and is put right there.',
  source: 'ISO/IEC 27001 clause 10.2',
  owner: 'contractor',
  seesPersonal: 'registers.write',
  fields: {
    what: {
      kind: 'text',
      section: 'The action',
      title: 'What is to be done',
      hint: 'No names.',
      required: true,
    },
    owner: { kind: 'text', title: 'Who does it', hint: 'A role rather than a name.', required: true },
    dueOn: { kind: 'date', title: 'Until', required: true },
    origin: { kind: 'text', title: 'What it came out of', hint: 'A finding, a clause, a talk.' },
    incidents: { kind: 'records', register: 'incidents', title: 'Incident' },
    breaches: { kind: 'records', register: 'breaches', title: 'Breach' },
    reviews: { kind: 'records', register: 'reviews', title: 'Review' },
    detail: { kind: 'paragraph', title: 'More about it', personal: true },
    result: { kind: 'paragraph', title: 'What was done' },
  },
  name: ({ what }) => what ?? '',
  states: {
    open: { title: 'To be done', tone: 'attention' },
    done: { title: 'Done', tone: 'compliant', closed: true },
    dropped: { title: 'Dropped', tone: 'none', closed: true },
  },
  start: 'open',
  transitions: [
    {
      id: 'done',
      title: 'Done',
      from: ['open'],
      to: 'done',
      asks: ['result'],
      needs: ({ values }) => (values.result === undefined ? { result: 'Say what was done.' } : {}),
    },
    {
      id: 'drop',
      title: 'Drop it',
      from: ['open'],
      to: 'dropped',
      asks: ['result'],
      needs: ({ values }) => (values.result === undefined ? { result: 'Say why.' } : {}),
    },
    { id: 'reopen', title: 'Open again', from: ['done', 'dropped'], to: 'open' },
  ],
  clocks: [
    {
      id: 'do',
      title: 'Do it',
      rule: 'Until the end of the day that was agreed.',
      source: 'Named in the action',
      from: ({ createdAt }) => createdAt,
      due: (start, { values }) => new Date((momentOf(values.dueOn) ?? start).getTime() + 86_400_000 - 1),
      met: (record) => (record.closed ? record.path.at(-1)?.at : undefined),
    },
  ],
  retention: {
    period: { years: 3 },
    reason: 'Shows that what was found was put right.',
    source: 'CNIL 2021-122: internal control up to three years',
  },
});
