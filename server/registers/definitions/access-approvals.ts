import { approval, approvalFields } from '../approval.ts';
import { defineRegister } from '../register.ts';

export const accessApprovals = defineRegister({
  id: 'access-approvals',
  prefix: 'AA',
  title: 'Access approvals',
  noun: 'access approval',
  purpose:
    'Access to data or systems beyond what somebody’s role has: asked for by one person, approved by another, for a time.',
  whenEmpty:
    'Whoever needs more than their role gives asks here. The person who approves is never the one who asked.',
  source: 'ISO/IEC 27001 A.5.15 and A.5.18',
  owner: 'dpo',
  seesPersonal: 'registers.write',
  fields: {
    what: { kind: 'text', section: 'What is asked for', title: 'Access to what', required: true },
    who: { kind: 'text', title: 'For whom', required: true, personal: true },
    role: { kind: 'text', title: 'Their role', required: true },
    scope: {
      kind: 'choice',
      title: 'How much',
      required: true,
      options: { read: 'Read', write: 'Read and change', admin: 'Everything' },
    },
    reason: { kind: 'paragraph', title: 'Why it is needed', required: true },
    ...approvalFields,
  },
  name: ({ what, role }) => [what, role].filter(Boolean).join(', for '),
  ...approval,
  retention: {
    period: { years: 2 },
    reason: 'Shows who had access and who agreed to it.',
    source: 'Our default',
  },
});
