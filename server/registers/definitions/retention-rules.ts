import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const retentionRules = defineRegister({
  id: 'retention-rules',
  prefix: 'RR',
  title: 'Retention rules',
  noun: 'retention rule',
  purpose:
    'What the company keeps, for how long, and why; area by area. What this collector itself keeps is under Privacy.',
  whenEmpty:
    'One rule for each area: invoices, contracts, applications, customers. Where no law asks for it, there has to be a business need.',
  source: 'GDPR Art. 5(1)(e)',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    area: { kind: 'text', section: 'The rule', title: 'Area', required: true },
    what: { kind: 'lines', title: 'What is kept', required: true },
    months: { kind: 'number', title: 'For how many months', required: true, minimum: 0, maximum: 1_200 },
    from: {
      kind: 'text',
      title: 'Counted from',
      hint: 'The end of a contract, the day of an invoice.',
      required: true,
    },
    reason: { kind: 'paragraph', title: 'Why', required: true },
    basis: {
      kind: 'choice',
      title: 'The law asks for it, or the business needs it',
      required: true,
      options: { legal: 'The law', business: 'The business' },
    },
    law: { kind: 'text', title: 'Law' },
    afterwards: {
      kind: 'choice',
      title: 'And then',
      required: true,
      options: {
        deleted: 'Deleted',
        anonymised: 'Made anonymous',
        archived: 'Archived, for the reason above',
      },
    },
    lastReviewedOn,
  },
  name: ({ area }) => area ?? '',
  check: ({ basis, law }) => (basis === 'legal' && law === undefined ? { law: 'Name the law.' } : {}),
  ...reviewedEvery(
    { years: 1 },
    'Looked at once a year.',
    'Number of the Indigosoft and Lesoko policies (IND-4-4, LES-10-a)',
  ),
  retention: {
    period: { years: 5 },
    reason: 'Shows which rule was in force when something was deleted.',
    source: 'GDPR Art. 5(2)',
  },
});
