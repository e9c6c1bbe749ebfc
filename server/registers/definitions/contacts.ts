import { jurisdictions } from '../jurisdictions.ts';
import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const contacts = defineRegister({
  id: 'contacts',
  prefix: 'CT',
  title: 'Contacts',
  noun: 'contact',
  purpose:
    'Who must be reachable: the data protection officer, whoever takes incidents, the authority, the press contact.',
  whenEmpty:
    'Begin with three: the data protection officer, the incident contact, and the authority. They go into notices and letters.',
  source: 'GDPR Art. 37(7), 38(4) and 39(1)',
  owner: 'admin',
  seesPersonal: 'registers.read',
  fields: {
    role: {
      kind: 'choice',
      section: 'The contact',
      title: 'What for',
      required: true,
      options: {
        dpo: 'Data protection officer',
        deputy: 'Deputy of the data protection officer',
        'information-officer': 'Information officer (POPIA)',
        incident: 'Incidents and lost laptops',
        authority: 'Supervisory authority',
        press: 'Press questions',
        legal: 'Legal adviser',
        support: 'Support',
      },
    },
    jurisdiction: { kind: 'choice', title: 'Under which law', options: jurisdictions },
    name: { kind: 'text', title: 'Name', personal: true, required: true },
    reach: { kind: 'text', title: 'How to reach them', personal: true, required: true },
    otherDuties: {
      kind: 'text',
      title: 'Other duties in the company',
      hint: 'A data protection officer must have none that conflict (Art. 38(6)): no director of operations or IT.',
    },
    lastReviewedOn,
  },
  name: ({ role, jurisdiction }) =>
    [
      role === undefined ? '' : contactNames[role],
      jurisdiction === undefined ? '' : jurisdictions[jurisdiction],
    ]
      .filter(Boolean)
      .join(', '),
  ...reviewedEvery({ months: 12 }, 'Tried once a year: does a message reach them?', 'Our default'),
  retention: {
    period: { years: 1 },
    reason: 'A contact that is none any more is of no use.',
    source: 'Our default',
  },
});

const contactNames = {
  dpo: 'Data protection officer',
  deputy: 'Deputy of the data protection officer',
  'information-officer': 'Information officer',
  incident: 'Incidents',
  authority: 'Supervisory authority',
  press: 'Press',
  legal: 'Legal adviser',
  support: 'Support',
} as const;
