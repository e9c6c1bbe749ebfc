import { reviewClock } from '../clock.ts';
import { lastReviewedOn } from '../living.ts';
import { defineRegister } from '../register.ts';

export const impactAssessments = defineRegister({
  id: 'impact-assessments',
  prefix: 'IA',
  title: 'Impact assessments',
  noun: 'impact assessment',
  purpose:
    'Before something risky is done with personal data: what it is, whether it has to be, what may go wrong for people, and what is done about that.',
  whenEmpty:
    'Watching over staff laptops is one. A draft for Muster, made of what this collector really holds, is under Privacy; take it, change it, and have it signed before the first laptop joins.',
  source: 'GDPR and UK GDPR Art. 35 and 36',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    name: { kind: 'text', section: 'What is planned', title: 'Name', required: true },
    needed: {
      kind: 'choice',
      title: 'Is an assessment needed',
      required: true,
      options: {
        yes: 'Yes: a high risk is likely',
        chosen: 'Not by law; it is done all the same',
        no: 'No, for the reason below',
      },
    },
    neededReason: { kind: 'paragraph', title: 'Why' },
    description: { kind: 'paragraph', title: 'Purposes and what is done (Art. 35(7)(a))' },
    interests: { kind: 'paragraph', title: 'Legitimate interests pursued' },
    necessity: { kind: 'paragraph', section: 'Assessment', title: 'Necessity and proportion (b)' },
    risks: {
      kind: 'lines',
      title: 'Risks to people (c)',
      hint: 'One a line, with how likely and how grave.',
    },
    measures: { kind: 'lines', title: 'What is done about them, and how that is shown (d)' },
    views: { kind: 'paragraph', section: 'Others', title: 'What staff say about it (Art. 35(9))' },
    advice: { kind: 'paragraph', later: true, title: 'Advice of the data protection officer (Art. 35(2))' },
    consultation: {
      kind: 'choice',
      title: 'Authority asked beforehand (Art. 36)',
      options: {
        'not-needed': 'Not needed: no high risk is left',
        asked: 'Asked',
        answered: 'Asked and answered',
      },
    },
    lastReviewedOn,
  },
  name: ({ name }) => name ?? '',
  states: {
    draft: {
      title: 'Draft',
      tone: 'attention',
      hint: 'What it is about does not begin before this is signed.',
    },
    signed: { title: 'Signed', tone: 'compliant', frozen: true },
    ended: { title: 'Ended', tone: 'none', closed: true },
  },
  start: 'draft',
  transitions: [
    {
      id: 'sign',
      title: 'Sign as data protection officer',
      from: ['draft'],
      to: 'signed',
      secondPerson: true,
      asks: ['advice'],
      needs: ({ values }) => ({
        ...(values.advice === undefined && { advice: 'Write down your advice.' }),
        ...(values.needed === 'no'
          ? values.neededReason === undefined && { neededReason: 'Say why none is needed.' }
          : {
              ...(values.description === undefined && { description: 'Missing.' }),
              ...(values.interests === undefined && { interests: 'Missing.' }),
              ...(values.necessity === undefined && { necessity: 'Missing.' }),
              ...(values.risks === undefined && { risks: 'Missing.' }),
              ...(values.measures === undefined && { measures: 'Missing.' }),
            }),
      }),
      sets: (_record, at) => ({ lastReviewedOn: at.toISOString().slice(0, 10) }),
    },
    { id: 'revise', title: 'Revise', from: ['signed'], to: 'draft' },
    {
      id: 'review',
      title: 'Reviewed today, still right',
      from: ['signed'],
      to: 'signed',
      secondPerson: true,
      sets: (_record, at) => ({ lastReviewedOn: at.toISOString().slice(0, 10) }),
    },
    { id: 'end', title: 'No longer done', from: ['draft', 'signed'], to: 'ended' },
  ],
  clocks: [
    reviewClock({
      every: { years: 1 },
      lastReviewed: ({ lastReviewedOn: day }: { lastReviewedOn?: string | undefined }) => day,
      rule: 'Looked at again when the risk changes, at least once a year.',
      source: 'GDPR Art. 35(11); the year is our default',
    }),
  ],
  documents: [
    {
      id: 'assessment',
      title: 'Impact assessment',
      parts: ({ values }) => [
        { heading: 'What is planned', text: values.description ?? '', source: 'Art. 35(7)(a)' },
        { heading: 'Interests pursued', text: values.interests ?? '', source: 'Art. 35(7)(a)' },
        { heading: 'Necessity and proportion', text: values.necessity ?? '', source: 'Art. 35(7)(b)' },
        { heading: 'Risks to people', text: (values.risks ?? []).join('\n'), source: 'Art. 35(7)(c)' },
        { heading: 'Measures', text: (values.measures ?? []).join('\n'), source: 'Art. 35(7)(d)' },
        { heading: 'What staff say', text: values.views ?? '', source: 'Art. 35(9)' },
        { heading: 'Advice of the data protection officer', text: values.advice ?? '', source: 'Art. 35(2)' },
      ],
    },
  ],
  retention: {
    period: { years: 5 },
    reason: 'Shows that risks were weighed before.',
    source: 'GDPR Art. 5(2)',
  },
});
