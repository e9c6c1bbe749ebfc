import { lastReviewedOn, reviewedEvery } from '../living.ts';
import { defineRegister } from '../register.ts';

export const notices = defineRegister({
  id: 'notices',
  prefix: 'NO',
  title: 'Notices to people',
  noun: 'notice',
  purpose: 'What people were told about the use of their data, in which version, from when.',
  whenEmpty:
    'The notice to staff about their laptops is the first; it is made under Privacy from what the collector really holds.',
  source: 'GDPR and UK GDPR Art. 13 and 14',
  owner: 'dpo',
  seesPersonal: 'registers.read',
  fields: {
    name: { kind: 'text', section: 'The notice', title: 'Name', required: true },
    version: { kind: 'text', title: 'Version', required: true },
    audience: { kind: 'text', title: 'For whom', required: true },
    givenFrom: { kind: 'date', title: 'Given from', required: true },
    how: { kind: 'text', title: 'How it is given', required: true },
    substantial: { kind: 'yes-no', title: 'Changed enough that people must be told anew' },
    content: {
      kind: 'choices',
      section: 'Content',
      title: 'What it tells (Art. 13 and 14)',
      required: true,
      options: {
        controller: 'Who the controller and the data protection officer are',
        purposes: 'Purposes and lawful basis',
        interests: 'The legitimate interests',
        categories: 'Kinds of data',
        source: 'Where they come from',
        recipients: 'Who gets them',
        transfers: 'Transfers abroad and their safeguards',
        retention: 'How long they are kept',
        rights: 'The rights people have',
        withdrawal: 'That consent can be withdrawn',
        complaint: 'That they can complain to the authority',
        duty: 'Whether they have to give the data',
        automated: 'Automated decisions and their logic',
      },
    },
    digest: {
      kind: 'text',
      title: 'SHA-256 of the text',
      hint: 'So that an acknowledgement says which text it was.',
    },
    place: { kind: 'text', title: 'Where the text is', hint: 'A link or a file reference.' },
    lastReviewedOn,
  },
  name: ({ name, version }) => `${name ?? ''}, version ${version ?? ''}`,
  ...reviewedEvery({ years: 1 }, 'Looked at once a year, and when what it tells changes.', 'Our default'),
  retention: {
    period: { years: 5 },
    reason: 'Shows what people were told at the time.',
    source: 'GDPR Art. 5(2)',
  },
});
