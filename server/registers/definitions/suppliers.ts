import { reviewClock } from '../clock.ts';
import { defineRegister } from '../register.ts';

export const suppliers = defineRegister({
  id: 'suppliers',
  prefix: 'SUP',
  title: 'Suppliers and cloud services',
  noun: 'supplier',
  purpose:
    'Who stores or processes data for the company, what they are given, where it is, and when somebody last looked at whether that is still right. Only what is approved here may be used.',
  whenEmpty:
    'Begin with the services staff use every day: mail, file storage, backup, payroll, and whoever looks after the laptops. Evaluate each before it is used, then once a year.',
  source: 'GDPR Art. 28 and 30; ISO/IEC 27001 A.5.19 to A.5.23',
  owner: 'contractor',
  seesPersonal: 'registers.read',
  fields: {
    name: { kind: 'text', section: 'The supplier', title: 'Name', required: true },
    service: { kind: 'text', title: 'What it does for the company', required: true },
    kind: {
      kind: 'choice',
      title: 'Kind',
      required: true,
      options: {
        cloud: 'Cloud service or storage',
        backup: 'Backup target',
        payments: 'Payments or point of sale',
        courier: 'Courier or delivery',
        mail: 'Mail or messaging',
        analytics: 'Analytics or advertising',
        events: 'Tickets, events or cashless payment',
        contractor: 'IT contractor or other people with access',
        other: 'Something else',
      },
    },
    owner: {
      kind: 'text',
      title: 'Who in the company answers for it',
      hint: 'A role rather than a name.',
      required: true,
    },
    contact: { kind: 'text', title: 'Contact there', personal: true },
    country: {
      kind: 'text',
      section: 'Data',
      title: 'Country where the data are, support access included',
      required: true,
    },
    data: {
      kind: 'lines',
      title: 'Data it is given',
      hint: 'One a line. Only what it needs.',
      required: true,
    },
    people: { kind: 'lines', title: 'Whose data', hint: 'One a line: staff, customers.' },
    products: {
      kind: 'lines',
      title: 'Programs on laptops that belong to it',
      hint: 'Names as the laptops report them, such as dropbox: an approved service is no finding.',
    },
    contract: {
      kind: 'text',
      section: 'Contract',
      title: 'Contract reference',
      hint: 'Where the signed contract of Art. 28 is.',
    },
    flowDown: { kind: 'yes-no', title: 'Its own people and subcontractors are bound in the same way' },
    certificates: {
      kind: 'lines',
      title: 'Certificates seen',
      hint: 'One a line, with the date it runs out.',
    },
    evaluation: {
      kind: 'paragraph',
      section: 'Evaluation',
      title: 'What was looked at, and what was found',
    },
    lastReviewedOn: { kind: 'date', later: true, title: 'Last looked at on' },
    transfers: { kind: 'records', register: 'transfers', title: 'Transfers abroad that belong to it' },
  },
  name: ({ name }) => name ?? '',
  states: {
    proposed: { title: 'Being evaluated', tone: 'attention', hint: 'Not to be used yet.' },
    approved: { title: 'Approved', tone: 'compliant' },
    refused: { title: 'Refused', tone: 'none', closed: true },
    ended: { title: 'Ended', tone: 'none', closed: true },
  },
  start: 'proposed',
  transitions: [
    {
      id: 'approve',
      title: 'Approve',
      from: ['proposed'],
      to: 'approved',
      secondPerson: true,
      asks: ['evaluation'],
      needs: ({ values }) =>
        values.evaluation === undefined ? { evaluation: 'Evaluate it first: what was looked at?' } : {},
      sets: (_record, at) => ({ lastReviewedOn: at.toISOString().slice(0, 10) }),
    },
    {
      id: 'refuse',
      title: 'Refuse',
      from: ['proposed'],
      to: 'refused',
      secondPerson: true,
      asks: ['evaluation'],
    },
    {
      id: 'review',
      title: 'Reviewed today',
      from: ['approved'],
      to: 'approved',
      asks: ['evaluation'],
      sets: (_record, at) => ({ lastReviewedOn: at.toISOString().slice(0, 10) }),
    },
    { id: 'end', title: 'No longer used', from: ['approved'], to: 'ended' },
    { id: 'propose', title: 'Propose again', from: ['refused', 'ended'], to: 'proposed' },
  ],
  clocks: [
    reviewClock({
      every: { years: 1 },
      lastReviewed: ({ lastReviewedOn }: { lastReviewedOn?: string | undefined }) => lastReviewedOn,
      rule: 'Before it is used, then once a year.',
      source: 'CIS Controls 15.1 to 15.5; no number in the policies: our default',
    }),
  ],
  retention: {
    period: { years: 5 },
    reason: 'Shows with whom data were shared, for as long as claims may follow.',
    source: 'Five years as for service documents',
  },
});
