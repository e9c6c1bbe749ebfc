import type { Fields, ValuesOf } from './field.ts';
import { jurisdictions } from './jurisdictions.ts';

/** What is written down of a breach: Art. 33(3) and (5) GDPR, and what the authorities' forms ask besides. */
export const breachFields = {
  summary: {
    kind: 'text',
    section: 'What happened',
    title: 'In one line',
    hint: 'Shown in lists. No names: “Laptop left on a train”.',
    required: true,
  },
  kinds: {
    kind: 'choices',
    title: 'What was broken',
    required: true,
    options: {
      confidentiality: 'Confidentiality: somebody could see the data',
      integrity: 'Integrity: the data were changed',
      availability: 'Availability: the data are lost or out of reach',
    },
  },
  cause: {
    kind: 'choice',
    title: 'How',
    required: true,
    options: {
      'lost-device': 'Laptop, stick or paper lost or stolen',
      hacked: 'Somebody broke into a device, mailbox or network',
      'wrong-recipient': 'Sent to the wrong person, or addresses exposed',
      changed: 'Changed or destroyed without permission',
      disclosed: 'Told or shown without permission',
      other: 'Something else',
    },
  },
  occurredAt: { kind: 'moment', title: 'When it happened', hint: 'As far as it is known.' },
  discoveredAt: { kind: 'moment', title: 'When somebody noticed', required: true },
  becameAwareAt: {
    kind: 'moment',
    title: 'When you were reasonably certain',
    hint: 'That personal data were affected. The 72 hours begin here (EDPB Guidelines 9/2022).',
    required: true,
  },
  facts: {
    kind: 'paragraph',
    title: 'The facts',
    hint: 'What is known and how. It goes into the notice: leave out who the people are.',
    personal: true,
  },
  reportedBy: { kind: 'text', title: 'Who reported it', personal: true },
  laptop: {
    kind: 'text',
    title: 'Laptop concerned',
    hint: 'Its pseudonym, such as D-7K3F9Q2M. Its last signed report says whether the disk was encrypted.',
  },
  role: {
    kind: 'choice',
    section: 'Whose data',
    title: 'Whose data they are',
    required: true,
    options: { controller: 'Ours', processor: 'A client’s, whom we work for' },
  },
  jurisdictions: { kind: 'choices', title: 'Law that applies', required: true, options: jurisdictions },
  subjectCategories: { kind: 'lines', title: 'Kinds of people', hint: 'One a line: customers, staff.' },
  subjects: { kind: 'number', title: 'How many people, about' },
  recordCategories: {
    kind: 'lines',
    title: 'Kinds of data',
    hint: 'One a line: addresses, payment details.',
  },
  records: { kind: 'number', title: 'How many records, about' },
  consequences: {
    kind: 'paragraph',
    later: true,
    section: 'Risk',
    title: 'What may follow from it for those people',
  },
  measures: { kind: 'paragraph', later: true, title: 'What was done, and what will be' },
  encryption: {
    kind: 'paragraph',
    later: true,
    title: 'Evidence that the data could not be read',
    hint: 'Encryption shown by the last signed report before the loss, with its date (Art. 34(3)(a)).',
  },
  risk: {
    kind: 'choice',
    title: 'Risk to the people concerned',
    options: {
      unlikely: 'Unlikely: nobody has to be told',
      risk: 'A risk: the authority is told',
      high: 'A high risk: the authority and the people are told',
    },
  },
  riskReason: { kind: 'paragraph', title: 'Why this is the risk' },
  authority: { kind: 'text', section: 'Who was told', title: 'Authority' },
  notifiedAt: { kind: 'moment', title: 'Authority told at' },
  authorityReference: { kind: 'text', title: 'The authority’s reference' },
  delayReason: {
    kind: 'paragraph',
    title: 'Why it was late',
    hint: 'Needed where the authority is told after more than 72 hours (Art. 33(1)).',
  },
  phases: {
    kind: 'lines',
    later: true,
    title: 'What was sent later',
    hint: 'One a line, with its date: information may follow in phases (Art. 33(4)).',
  },
  clientToldAt: { kind: 'moment', title: 'Client told at' },
  peopleToldAt: { kind: 'moment', title: 'People told at' },
  peopleHow: { kind: 'text', title: 'How they were told' },
  exemption: {
    kind: 'choice',
    later: true,
    title: 'Why people are not told in spite of a high risk',
    options: {
      encrypted: 'The data could not be read (Art. 34(3)(a))',
      mitigated: 'What was done since has removed the risk (Art. 34(3)(b))',
      disproportionate: 'Too great an effort: told by a public notice instead (Art. 34(3)(c))',
    },
  },
  incidents: { kind: 'records', later: true, register: 'incidents', title: 'Incident it was part of' },
  lessons: {
    kind: 'paragraph',
    section: 'Afterwards',
    title: 'What was learned, and what is done so that it does not happen again',
  },
} as const satisfies Fields;

export type BreachValues = ValuesOf<typeof breachFields>;
