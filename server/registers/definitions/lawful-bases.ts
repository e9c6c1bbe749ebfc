import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const lawfulBases = defineRegister({
  id: 'lawful-bases',
  prefix: 'LB',
  title: 'Purposes and lawful bases',
  noun: 'lawful basis',
  purpose:
    'For each purpose the ground it stands on, and the weighing of interests where that ground is a legitimate interest.',
  whenEmpty:
    'One entry for each purpose. Checking staff laptops rests on a legitimate interest, with the weighing written down; consent of staff is hardly ever free.',
  source: 'GDPR and UK GDPR Art. 6(1) and 9(2)',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    purpose: { kind: 'text', section: 'Purpose', title: 'Purpose', required: true },
    basis: {
      kind: 'choice',
      title: 'Lawful basis',
      required: true,
      options: {
        consent: 'Consent (Art. 6(1)(a))',
        contract: 'Contract (b)',
        'legal-obligation': 'Legal obligation (c)',
        'vital-interests': 'Vital interests (d)',
        'public-task': 'Public task (e)',
        'legitimate-interests': 'Legitimate interests (f)',
      },
    },
    interest: {
      kind: 'paragraph',
      section: 'Weighing of interests',
      title: 'The interest',
      hint: 'For legitimate interests, all three of these are needed.',
    },
    necessity: { kind: 'paragraph', title: 'Why it takes these data, and not fewer' },
    balance: { kind: 'paragraph', title: 'Why the interest weighs more than that of the people' },
    specialCondition: {
      kind: 'choice',
      section: 'More',
      title: 'Condition for special categories (Art. 9(2))',
      options: {
        consent: 'Explicit consent (a)',
        employment: 'Employment and social security law (b)',
        vital: 'Vital interests (c)',
        public: 'Made public by the person (e)',
        claims: 'Legal claims (f)',
        'public-interest': 'Substantial public interest (g)',
        health: 'Health care or occupational medicine (h)',
      },
    },
    withdrawal: {
      kind: 'text',
      title: 'How consent is withdrawn',
      hint: 'As easily as it was given (Art. 7(3)).',
    },
    lastReviewedOn,
  },
  name: ({ purpose }) => purpose ?? '',
  check: ({ basis, interest, necessity, balance, withdrawal }) => ({
    ...(basis === 'legitimate-interests' && {
      ...(interest === undefined && { interest: 'Needed for legitimate interests.' }),
      ...(necessity === undefined && { necessity: 'Needed for legitimate interests.' }),
      ...(balance === undefined && { balance: 'Needed for legitimate interests.' }),
    }),
    ...(basis === 'consent' &&
      withdrawal === undefined && { withdrawal: 'Consent that cannot be withdrawn is none.' }),
  }),
  ...reviewedEvery({ years: 1 }, 'Looked at once a year, and when the purpose changes.', 'Our default'),
  retention: {
    period: { years: 5 },
    reason: 'Shows that there was a ground at the time.',
    source: 'GDPR Art. 5(2)',
  },
});
