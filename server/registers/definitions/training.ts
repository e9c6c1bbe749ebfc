import { endOf, momentOf } from '../calendar.ts';
import { defineRegister } from '../register.ts';

export const training = defineRegister({
  id: 'training',
  prefix: 'TN',
  title: 'Training',
  noun: 'training',
  purpose:
    'Who learned how to handle personal data, when, and when it is due again. Passed or not passed; never a mark.',
  whenEmpty: 'Everybody who handles personal data: within 30 days of starting, then once a year.',
  source: 'GDPR Art. 39(1)(b); CIS Controls 14.1',
  owner: 'dpo',
  seesPersonal: 'registers.write',
  fields: {
    module: { kind: 'text', section: 'The training', title: 'Module', required: true },
    person: { kind: 'text', title: 'Who', required: true, personal: true },
    startedOn: { kind: 'date', title: 'Began work on', required: true },
    doneOn: { kind: 'date', later: true, title: 'Last done on' },
    result: {
      kind: 'choice',
      later: true,
      title: 'Result',
      options: { passed: 'Passed', failed: 'Not passed' },
    },
  },
  name: ({ module }) => module ?? '',
  states: {
    due: { title: 'To be done', tone: 'attention' },
    done: { title: 'Done', tone: 'compliant' },
    left: { title: 'Person has left', tone: 'none', closed: true },
  },
  start: 'due',
  transitions: [
    {
      id: 'pass',
      title: 'Passed today',
      from: ['due', 'done'],
      to: 'done',
      sets: (_record, at) => ({ doneOn: at.toISOString().slice(0, 10), result: 'passed' as const }),
    },
    {
      id: 'fail',
      title: 'Not passed',
      from: ['due', 'done'],
      to: 'due',
      sets: () => ({ result: 'failed' as const }),
    },
    { id: 'leave', title: 'The person has left', from: ['due', 'done'], to: 'left' },
  ],
  clocks: [
    {
      id: 'train',
      title: 'Train',
      rule: 'Within 30 days of beginning work, then once a year.',
      source: 'CIS Controls 14.1; no number in the policies',
      from: ({ values, createdAt, closed }) =>
        closed ? undefined : (momentOf(values.doneOn) ?? momentOf(values.startedOn) ?? createdAt),
      due: (start, { values }) => endOf(start, values.doneOn === undefined ? { days: 30 } : { years: 1 }),
      met: () => undefined,
    },
  ],
  retention: {
    period: { years: 1 },
    reason: 'Shows that people were trained while they handled data.',
    source: 'Our default',
  },
});
