import type { BreachValues } from './breach-fields.ts';
import { endOf, momentOf } from './calendar.ts';
import { jurisdictions } from './jurisdictions.ts';
import type { DocumentMaterial, DocumentPart } from './register.ts';

const inUtc = (moment: string | undefined) =>
  moment === undefined ? '' : `${moment.slice(0, 16).replace('T', ' ')} UTC`;

const list = (lines: readonly string[] | undefined) => (lines ?? []).join(', ');

function amount(kinds: readonly string[] | undefined, number: number | undefined, unit: string): string {
  if (kinds === undefined && number === undefined) return '';
  return `${list(kinds)}${kinds !== undefined && number !== undefined ? '; ' : ''}${
    number === undefined ? 'number not known yet' : `about ${number} ${unit}`
  }`;
}

/** The fields of Art. 33(3), in its order; what is not known yet follows in phases. */
export function authorityNotice(material: DocumentMaterial<BreachValues>): DocumentPart[] {
  const { values, organization, contact, at } = material;
  const aware = momentOf(values.becameAwareAt);
  const told = momentOf(values.notifiedAt) ?? at;
  const late = aware !== undefined && told > endOf(aware, { hours: 72 });
  return [
    { heading: 'Controller', text: organization },
    {
      heading: 'Contact point for more information',
      text: contact,
      source: 'Art. 33(3)(b)',
    },
    {
      heading: 'Law',
      text: (values.jurisdictions ?? []).map((id) => jurisdictions[id]).join('; '),
    },
    { heading: 'Happened', text: inUtc(values.occurredAt) },
    { heading: 'Noticed', text: inUtc(values.discoveredAt) },
    { heading: 'Aware since', text: inUtc(values.becameAwareAt), source: 'Art. 33(1)' },
    ...(late
      ? [{ heading: 'Reasons for the delay', text: values.delayReason ?? '', source: 'Art. 33(1)' }]
      : []),
    {
      heading: 'Nature of the breach',
      text: [values.facts ?? values.summary, list(values.kinds)].filter(Boolean).join(' — '),
      source: 'Art. 33(3)(a)',
    },
    {
      heading: 'People concerned',
      text: amount(values.subjectCategories, values.subjects, 'people'),
      source: 'Art. 33(3)(a)',
    },
    {
      heading: 'Records concerned',
      text: amount(values.recordCategories, values.records, 'records'),
      source: 'Art. 33(3)(a)',
    },
    { heading: 'Likely consequences', text: values.consequences ?? '', source: 'Art. 33(3)(c)' },
    {
      heading: 'Measures taken or proposed',
      text: [values.measures, values.encryption].filter(Boolean).join('\n\n'),
      source: 'Art. 33(3)(d)',
    },
    {
      heading: 'Telling the people concerned',
      text:
        values.peopleToldAt === undefined
          ? values.risk === 'high'
            ? 'They have not been told yet.'
            : ''
          : `Told at ${inUtc(values.peopleToldAt)}${values.peopleHow === undefined ? '' : `: ${values.peopleHow}`}.`,
      source: 'Art. 34',
    },
    { heading: 'Sent later, in phases', text: (values.phases ?? []).join('\n'), source: 'Art. 33(4)' },
  ];
}

/** What people are told, in the order of Art. 34(2); in plain words, to be put into the company's own. */
export function peopleNotice(material: DocumentMaterial<BreachValues>): DocumentPart[] {
  const { values, organization, contact } = material;
  return [
    { heading: 'From', text: organization },
    {
      heading: 'What happened',
      text: [values.summary, list(values.recordCategories)].filter(Boolean).join('. Data concerned: '),
      source: 'Art. 34(2), 33(3)(a)',
    },
    { heading: 'What may follow from it for you', text: values.consequences ?? '', source: 'Art. 33(3)(c)' },
    { heading: 'What we have done and will do', text: values.measures ?? '', source: 'Art. 33(3)(d)' },
    { heading: 'Whom you can ask', text: contact, source: 'Art. 33(3)(b)' },
  ];
}
