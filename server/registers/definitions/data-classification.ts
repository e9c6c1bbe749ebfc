import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const dataClassification = defineRegister({
  id: 'data-classification',
  prefix: 'DC',
  title: 'Systems and data classes',
  noun: 'system',
  purpose: 'Every system and kind of data with its class, its owner, and who may use it.',
  whenEmpty:
    'Website, tickets, customers and invoices, point of sale, mail, support, events, cloud and analytics: one entry each.',
  source: 'ISO/IEC 27001 A.5.9, A.5.12 and A.5.13',
  owner: 'contractor',
  seesPersonal: 'registers.read',
  fields: {
    name: { kind: 'text', section: 'The system', title: 'System or kind of data', required: true },
    class: {
      kind: 'choice',
      title: 'Class',
      required: true,
      options: {
        public: 'Public',
        internal: 'Internal',
        confidential: 'Confidential',
        restricted: 'Restricted',
      },
    },
    owner: { kind: 'text', title: 'Who answers for it', hint: 'A role rather than a name.', required: true },
    roles: { kind: 'lines', title: 'Roles that may use it', required: true },
    data: { kind: 'lines', title: 'Personal data in it' },
    suppliers: { kind: 'records', register: 'suppliers', title: 'Supplier' },
    backup: { kind: 'text', title: 'Backup', hint: 'Where to, how often, and encrypted or not.' },
    lastReviewedOn,
  },
  name: ({ name }) => name ?? '',
  ...reviewedEvery({ years: 1 }, 'Looked at once a year, and when the system changes.', 'Our default'),
  retention: {
    period: { years: 1 },
    reason: 'Shows what there was until a while ago.',
    source: 'Our default',
  },
});
