import { approval, approvalFields } from '../approval.ts';
import { defineRegister } from '../register.ts';

export const transferApprovals = defineRegister({
  id: 'transfer-approvals',
  prefix: 'TA',
  title: 'Approvals to hand over data',
  noun: 'approval to hand over data',
  purpose: 'Personal data given to somebody outside: what, to whom, why, and who agreed to it before.',
  whenEmpty: 'Before data leave the company for somebody new, one person asks here and another agrees.',
  source: 'GDPR Art. 5(1)(b) and (f), 32(4)',
  owner: 'dpo',
  seesPersonal: 'registers.write',
  fields: {
    what: { kind: 'text', section: 'What is handed over', title: 'Data', required: true },
    recipient: { kind: 'text', title: 'To whom', required: true },
    suppliers: { kind: 'records', register: 'suppliers', title: 'Supplier' },
    purpose: { kind: 'paragraph', title: 'For what', required: true },
    minimised: { kind: 'paragraph', title: 'Why it takes these data, and not fewer', required: true },
    how: { kind: 'text', title: 'How they travel', hint: 'Never unencrypted mail.', required: true },
    ...approvalFields,
  },
  name: ({ what, recipient }) => [what, recipient].filter(Boolean).join(', to '),
  ...approval,
  retention: {
    period: { years: 2 },
    reason: 'Shows who agreed that data were handed over.',
    source: 'Our default',
  },
});
