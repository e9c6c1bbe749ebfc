import { endOf, momentOf, type Period } from '../calendar.ts';
import { enteredAt } from '../clock.ts';
import { defineRegister } from '../register.ts';

/** No policy names times; high is Cyber Essentials' two weeks, the others are our own. */
const remedyWithin: Readonly<Record<'critical' | 'high' | 'medium' | 'low', Period>> = {
  critical: { hours: 72 },
  high: { days: 14 },
  medium: { days: 30 },
  low: { days: 90 },
};

export const incidents = defineRegister({
  id: 'incidents',
  prefix: 'IN',
  title: 'Incidents',
  noun: 'incident',
  purpose: 'Whatever endangered systems or data, from the first word of it to what was learned.',
  whenEmpty: 'Write down what looks odd as well: an incident that turns out to be none costs a minute.',
  source: 'ISO/IEC 27001 A.5.24 to A.5.28',
  owner: 'contractor',
  seesPersonal: 'registers.write',
  fields: {
    summary: {
      kind: 'text',
      section: 'What happened',
      title: 'In one line',
      hint: 'No names.',
      required: true,
    },
    severity: {
      kind: 'choice',
      title: 'How grave',
      required: true,
      options: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' },
    },
    noticedAt: { kind: 'moment', title: 'Noticed', required: true },
    reportedBy: { kind: 'text', title: 'Who reported it', personal: true },
    facts: { kind: 'paragraph', title: 'The facts', personal: true },
    laptops: { kind: 'lines', title: 'Laptops concerned', hint: 'Pseudonyms, one a line.' },
    personalData: {
      kind: 'choice',
      title: 'Are personal data affected',
      hint: 'If they are or may be, write down a breach as well: its clock has begun.',
      options: { no: 'No', maybe: 'Perhaps', yes: 'Yes' },
    },
    timeline: {
      kind: 'lines',
      section: 'What was done',
      later: true,
      title: 'Timeline',
      hint: 'One a line, with its time.',
    },
    measures: { kind: 'paragraph', later: true, title: 'How it was put right' },
    cause: { kind: 'paragraph', title: 'Root cause' },
    lessons: { kind: 'paragraph', title: 'What was learned' },
  },
  name: ({ summary }) => summary ?? '',
  states: {
    reported: { title: 'Reported', tone: 'attention' },
    investigating: { title: 'Being looked into', tone: 'attention' },
    resolved: {
      title: 'Put right',
      tone: 'compliant',
      hint: 'What is left: cause and lessons, within 30 days.',
    },
    closed: { title: 'Closed', tone: 'compliant', closed: true },
  },
  start: 'reported',
  transitions: [
    { id: 'investigate', title: 'Look into it', from: ['reported'], to: 'investigating' },
    {
      id: 'resolve',
      title: 'It is put right',
      from: ['reported', 'investigating'],
      to: 'resolved',
      asks: ['measures'],
      needs: ({ values }) => (values.measures === undefined ? { measures: 'Say how.' } : {}),
    },
    {
      id: 'close',
      title: 'Close',
      from: ['resolved'],
      to: 'closed',
      asks: ['cause', 'lessons'],
      needs: ({ values }) => ({
        ...(values.cause === undefined && { cause: 'Fill this in.' }),
        ...(values.lessons === undefined && { lessons: 'Fill this in.' }),
      }),
    },
    { id: 'reopen', title: 'Open again', from: ['resolved', 'closed'], to: 'investigating' },
  ],
  clocks: [
    {
      id: 'investigate',
      title: 'Look into it',
      rule: 'Within a working day; a day is counted.',
      source: 'No number in the policies: our default',
      from: ({ createdAt }) => createdAt,
      due: (start) => endOf(start, { days: 1 }),
      met: (record) => enteredAt(record, 'investigating', 'resolved', 'closed'),
    },
    {
      id: 'remedy',
      title: 'Put it right',
      rule: 'Critical in 72 hours, high in 14 days, medium in 30, low in 90.',
      source: 'Cyber Essentials for high; the others are our default',
      from: ({ values, createdAt }) => momentOf(values.noticedAt) ?? createdAt,
      due: (start, { values }) => endOf(start, remedyWithin[values.severity ?? 'critical']),
      met: (record) =>
        record.state === 'resolved' || record.closed ? enteredAt(record, 'resolved') : undefined,
    },
    {
      id: 'lessons',
      title: 'Learn from it',
      rule: 'Within 30 days of its being put right.',
      source: 'Our default',
      from: (record) => enteredAt(record, 'resolved'),
      due: (start) => endOf(start, { days: 30 }),
      met: (record) => (record.closed ? enteredAt(record, 'closed') : undefined),
    },
  ],
  retention: {
    period: { years: 5 },
    reason: 'Shows how incidents were handled, and whether one comes back.',
    source: 'Five years as for service documents',
  },
});
