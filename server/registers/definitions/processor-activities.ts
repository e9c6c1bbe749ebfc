import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const processorActivities = defineRegister({
  id: 'processor-activities',
  prefix: 'PP',
  title: 'Processing for others',
  noun: 'activity',
  purpose: 'What the company does with data that belong to its clients, client by client.',
  whenEmpty:
    'Only for companies that process data on behalf of clients, such as an IT contractor: one entry for each client.',
  source: 'GDPR and UK GDPR Art. 30(2)',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    client: { kind: 'text', section: 'The client', title: 'Client (controller)', required: true },
    clientContact: { kind: 'text', title: 'Contact there', personal: true },
    processor: { kind: 'text', title: 'Processor and its contact', required: true },
    contract: { kind: 'text', title: 'Contract reference (Art. 28)', required: true },
    categories: { kind: 'lines', section: 'What is done', title: 'Kinds of processing', required: true },
    dataCategories: { kind: 'lines', title: 'Kinds of data' },
    suppliers: { kind: 'records', register: 'suppliers', title: 'Sub-processors' },
    transfers: { kind: 'records', register: 'transfers', title: 'Transfers abroad' },
    measures: { kind: 'lines', title: 'How they are protected (Art. 32)', required: true },
    lastReviewedOn,
  },
  name: ({ client }) => client ?? '',
  ...reviewedEvery({ months: 6 }, 'Looked at at least every six months.', 'As for processing activities'),
  retention: {
    period: { years: 5 },
    reason: 'Shows what was done on behalf of a client.',
    source: 'Five years as for service documents (KAN-7-2)',
  },
});
