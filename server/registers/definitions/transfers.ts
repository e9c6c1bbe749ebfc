import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const transfers = defineRegister({
  id: 'transfers',
  prefix: 'TR',
  title: 'Transfers abroad',
  noun: 'transfer',
  purpose:
    'Personal data that leave the EEA or the United Kingdom, remote access from elsewhere included, and what makes that lawful.',
  whenEmpty:
    'An IT contractor who looks at laptops from another country is a transfer. So is a mailbox stored abroad.',
  source: 'GDPR and UK GDPR Art. 44 to 49; POPIA s. 72',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    recipient: { kind: 'text', section: 'The transfer', title: 'Recipient', required: true },
    country: { kind: 'text', title: 'Country', required: true },
    data: { kind: 'lines', title: 'Data', required: true },
    remote: { kind: 'yes-no', title: 'Only looked at from there, not stored there' },
    mechanism: {
      kind: 'choice',
      section: 'What makes it lawful',
      title: 'Ground',
      required: true,
      options: {
        adequacy: 'The country is found adequate (Art. 45)',
        clauses: 'Standard contractual clauses, or the UK IDTA or Addendum (Art. 46)',
        bcr: 'Binding corporate rules (Art. 47)',
        consent: 'Explicit consent (Art. 49(1)(a))',
        contract: 'Needed for a contract (b, c)',
        'public-interest': 'Important public interest (d)',
        claims: 'Legal claims (e)',
        vital: 'Vital interests (f)',
        register: 'From a public register (g)',
      },
    },
    document: {
      kind: 'text',
      title: 'Document',
      hint: 'Where the clauses or the decision are, with their date.',
      required: true,
    },
    assessment: {
      kind: 'paragraph',
      title: 'What the law there means for the data',
      hint: 'For clauses: the transfer impact assessment.',
    },
    lastReviewedOn,
  },
  name: ({ recipient, country }) => [recipient, country].filter(Boolean).join(', '),
  check: ({ mechanism, assessment }) =>
    mechanism === 'clauses' && assessment === undefined
      ? { assessment: 'Clauses need a look at the law of the country (CJEU C-311/18).' }
      : {},
  ...reviewedEvery({ years: 1 }, 'Looked at once a year, and when law or supplier changes.', 'Our default'),
  retention: {
    period: { years: 5 },
    reason: 'Shows on what ground data went abroad.',
    source: 'GDPR Art. 5(2)',
  },
});
