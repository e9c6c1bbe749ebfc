import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const legalHolds = defineRegister({
  id: 'legal-holds',
  prefix: 'LH',
  title: 'Legal holds',
  noun: 'legal hold',
  purpose:
    'What must not be deleted for now, and why. While a hold is in force, the nightly purge leaves what it names alone.',
  whenEmpty: 'Only where a claim, an inquiry or a court asks for it. It ends as soon as the reason does.',
  source: 'GDPR Art. 17(3)(e) and 18(1)(c)',
  owner: 'dpo',
  seesPersonal: 'privacy.manage',
  fields: {
    matter: { kind: 'text', section: 'The hold', title: 'Matter', hint: 'No names.', required: true },
    reason: { kind: 'paragraph', title: 'Why', required: true },
    scope: {
      kind: 'choices',
      title: 'What is held',
      required: true,
      options: {
        records: 'Records of the registers',
        results: 'Results and reports of laptops',
        people: 'Who holds which laptop',
        audit: 'The audit log',
      },
    },
    owner: { kind: 'text', title: 'Who answers for it', required: true },
    lastReviewedOn,
  },
  name: ({ matter }) => matter ?? '',
  ...reviewedEvery(
    { months: 6 },
    'Looked at every six months: does the reason still hold?',
    'Our default for KAN-7-3, which names no number',
  ),
  retention: {
    period: { years: 5 },
    reason: 'Shows why something was not deleted in time.',
    source: 'GDPR Art. 5(2)',
  },
});
