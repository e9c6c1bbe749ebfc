import { endOf, momentOf } from '../calendar.ts';
import { defineRegister } from '../register.ts';

export const reviews = defineRegister({
  id: 'reviews',
  prefix: 'RV',
  title: 'Review calendar',
  noun: 'review',
  purpose:
    'What has to be looked at again and again: access rights, restore tests, retention, practice, the office of the data protection officer.',
  whenEmpty:
    'Write down each review the policy asks for, with how often. Whoever holds it presses “Done today”; what is late shows on Today.',
  source: 'GDPR Art. 24(1) and 32(1)(d)',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    what: { kind: 'text', section: 'The review', title: 'What is looked at', required: true },
    everyMonths: { kind: 'number', title: 'Every how many months', required: true, minimum: 1, maximum: 60 },
    interval: {
      kind: 'text',
      title: 'Who says so',
      hint: 'The clause, standard or default the number comes from.',
      required: true,
    },
    owner: { kind: 'text', title: 'Who holds it', hint: 'A role rather than a name.', required: true },
    lastDoneOn: { kind: 'date', title: 'Last done on' },
    found: { kind: 'paragraph', title: 'What was found the last time' },
  },
  name: ({ what }) => what ?? '',
  states: {
    active: { title: 'Comes round', tone: 'compliant' },
    ended: { title: 'Ended', tone: 'none', closed: true },
  },
  start: 'active',
  transitions: [
    {
      id: 'done',
      title: 'Done today',
      from: ['active'],
      to: 'active',
      asks: ['found'],
      needs: ({ values }) =>
        values.found === undefined ? { found: 'Say what was found, even if nothing.' } : {},
      sets: (_record, at) => ({ lastDoneOn: at.toISOString().slice(0, 10) }),
    },
    { id: 'end', title: 'No longer needed', from: ['active'], to: 'ended' },
    { id: 'restore', title: 'Needed again', from: ['ended'], to: 'active' },
  ],
  clocks: [
    {
      id: 'review',
      title: 'Review',
      rule: 'As often as the entry says.',
      source: 'Named in the entry',
      from: ({ values, createdAt }) => momentOf(values.lastDoneOn) ?? createdAt,
      due: (start, { values }) => endOf(start, { months: values.everyMonths ?? 12 }),
      met: () => undefined,
    },
  ],
  retention: {
    period: { years: 3 },
    reason: 'Shows that reviews were held.',
    source: 'CNIL 2021-122: internal control up to three years',
  },
});
