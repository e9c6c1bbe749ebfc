import { jurisdictions } from '../jurisdictions.ts';
import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const processingActivities = defineRegister({
  id: 'processing-activities',
  prefix: 'PA',
  title: 'Processing activities',
  noun: 'activity',
  purpose:
    'Every use of personal data the company itself decides on: why, whose data, who gets them, how long, how they are protected.',
  whenEmpty:
    'Begin with payroll, customers, and looking after staff laptops (a draft for the last is under Privacy). One entry for each purpose, not for each system.',
  source: 'GDPR and UK GDPR Art. 30(1)',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    name: { kind: 'text', section: 'The activity', title: 'Name', required: true },
    purposes: { kind: 'lines', title: 'Purposes', required: true },
    jurisdictions: { kind: 'choices', title: 'Law that applies', required: true, options: jurisdictions },
    controller: {
      kind: 'text',
      title: 'Controller',
      hint: 'The company, with joint controllers and representative where there are any.',
      required: true,
    },
    dpo: { kind: 'text', title: 'Data protection officer or contact', required: true },
    subjectCategories: { kind: 'lines', section: 'Data', title: 'Kinds of people', required: true },
    dataCategories: { kind: 'lines', title: 'Kinds of data', required: true },
    special: { kind: 'yes-no', title: 'Special categories of data (Art. 9) are among them' },
    sourceOfData: {
      kind: 'choice',
      title: 'Where the data come from',
      required: true,
      options: { direct: 'From the people themselves', third: 'From others', both: 'Both' },
    },
    systems: {
      kind: 'lines',
      title: 'Systems',
      hint: 'Portal, back end, laptops: each where data are processed.',
    },
    lawfulBases: {
      kind: 'records',
      register: 'lawful-bases',
      section: 'Why it is lawful',
      title: 'Lawful basis',
    },
    assessments: { kind: 'records', register: 'impact-assessments', title: 'Impact assessment' },
    recipients: { kind: 'lines', section: 'Who gets them', title: 'Kinds of recipients', required: true },
    suppliers: { kind: 'records', register: 'suppliers', title: 'Suppliers among them' },
    sold: {
      kind: 'choice',
      title: 'Are they sold',
      options: { no: 'No, never', yes: 'Yes' },
    },
    transfers: { kind: 'records', register: 'transfers', title: 'Transfers abroad' },
    retention: {
      kind: 'lines',
      section: 'How long and how safe',
      title: 'How long each kind is kept',
      required: true,
    },
    retentionRules: { kind: 'records', register: 'retention-rules', title: 'Rules for that' },
    measures: { kind: 'lines', title: 'How they are protected (Art. 32)', required: true },
    lastReviewedOn,
  },
  name: ({ name }) => name ?? '',
  check: ({ sold }) => (sold === 'yes' ? { sold: 'No policy here allows it; change the policy first.' } : {}),
  ...reviewedEvery(
    { months: 6 },
    'Looked at by the data protection officer at least every six months.',
    'Number of the Indigosoft policy (IND-2-r); the others name none and follow it by default',
  ),
  retention: {
    period: { years: 5 },
    reason: 'Shows what was done with data while it was done.',
    source: 'GDPR Art. 5(2); five years as for service documents',
  },
});
