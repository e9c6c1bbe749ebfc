import type { Check, Point } from '../../shared/check.ts';
import { checkIds, checks } from '../../shared/checks/index.ts';
import type { Values } from '../registers/field.ts';
import { registers } from '../registers/index.ts';
import type { DocumentPart } from '../registers/register.ts';
import type { Organization } from '../storage/organizations.ts';
import { retentionSchedule, retentionWords } from './retention.ts';

/** What the collector does with personal data: said once, for notice, Art. 30 record, impact assessment and every copy. */
export interface Processing {
  readonly controller: string;
  readonly contact: string;
  readonly purposes: readonly string[];
  readonly basis: string;
  readonly interest: string;
  readonly subjects: readonly string[];
  /** What is read of a laptop, check by check: made of the catalogue. */
  readonly fields: readonly {
    readonly check: string;
    readonly why: string;
    readonly points: readonly string[];
  }[];
  readonly neverCollected: readonly string[];
  readonly recipients: readonly string[];
  readonly transfers: string;
  readonly retention: readonly string[];
  readonly rights: readonly string[];
  readonly automated: string;
  readonly measures: readonly string[];
}

/** The agent has no field for any of these; what a probe meets of them is dropped on the laptop. */
const neverCollected = [
  'names, user names, home folders, host names',
  'serial numbers, hardware ids, network addresses (of an approved stick only a number that its laptop made up)',
  'names of networks, places, time zones',
  'names of files and folders, also on sticks',
  'programs in use, visited pages, mail, windows, screens, keys',
  'when somebody locks, unlocks, works or pauses',
  'passwords, their hashes, recovery keys',
] as const;

/** As of this build: its catalogue, its registers, its retention schedule. */
export function processingOf({ name, contact }: Pick<Organization, 'name' | 'contact'>): Processing {
  return {
    controller: name,
    contact,
    purposes: [
      'To see whether each laptop is set up as the company’s written policy asks, and to help put right what is not',
      'To prove that to an auditor, an insurer or the authority',
    ],
    basis: 'Legitimate interests (Art. 6(1)(f) GDPR); not consent, which is hardly ever free at work',
    interest: 'The security of the data on laptops, and of the people those data are about (recital 49)',
    subjects: ['People who hold a laptop of the company'],
    fields: checkIds.map((id) => {
      const { title, rationale, points } = checks[id] as unknown as Check;
      return {
        check: title,
        why: rationale,
        points: Object.values(points as Record<string, Point>).map((point) => point.title),
      };
    }),
    neverCollected,
    recipients: [
      'The company’s IT contractor, who sees laptops by pseudonym (processor, Art. 28)',
      'The people the company has named for security and data protection',
      'Auditors, for a limited time and for reading',
      'Where e-mail is set up, the mail server that carries it: addresses of those who are written to, pseudonyms of laptops, links',
    ],
    transfers:
      'None by the collector itself: it runs where the company put it. Looking at it from another country is a transfer of its own.',
    retention: retentionSchedule.map((of) => `${of.title}: ${retentionWords(of)}`),
    rights: [
      'to a copy of everything held (Art. 15)',
      'to have it put right, and to contest a result (Art. 16)',
      'to have it erased (Art. 17) or its use stopped for now (Art. 18)',
      'to object (Art. 21)',
      'to complain to the company and to the authority (Art. 77)',
    ],
    automated:
      'No decision about a person is made by a machine: a result is a task for the contractor, and anybody can contest it (Art. 22).',
    measures: [
      'Reports are signed on the laptop and kept word for word; each names the one before',
      'Who holds a laptop is in a database of its own, sealed under a key of its own',
      'Being told who holds one takes a reason, is recorded, and is shown to that person',
      'Accounts are personal; roles give the least that is needed; second factors',
      'Every look at a laptop is in an audit log whose entries hang on each other',
      'TLS with a pinned certificate; sealed backups',
    ],
  };
}

const list = (lines: readonly string[]) => lines.map((line) => `• ${line}`).join('\n');

/** The notice staff see before their laptop joins (Art. 13). */
export function staffNotice(processing: Processing): DocumentPart[] {
  return [
    {
      heading: 'Who is responsible',
      text: `${processing.controller}. Questions: ${processing.contact}.`,
      source: 'Art. 13(1)(a), (b)',
    },
    { heading: 'Why', text: list(processing.purposes), source: 'Art. 13(1)(c)' },
    {
      heading: 'On what ground',
      text: `${processing.basis}. ${processing.interest}.`,
      source: 'Art. 13(1)(c), (d)',
    },
    {
      heading: 'What is read of your laptop',
      text: list(
        processing.fields.map(
          ({ check, why, points }) => `${check} (${points.join(', ').toLowerCase()}). ${why}`,
        ),
      ),
      source: 'Art. 13(1)',
    },
    { heading: 'What is never read', text: list(processing.neverCollected) },
    { heading: 'Who sees it', text: list(processing.recipients), source: 'Art. 13(1)(e)' },
    { heading: 'Abroad', text: processing.transfers, source: 'Art. 13(1)(f)' },
    { heading: 'For how long', text: list(processing.retention), source: 'Art. 13(2)(a)' },
    { heading: 'Your rights', text: list(processing.rights), source: 'Art. 13(2)(b), (d)' },
    { heading: 'Decisions by machines', text: processing.automated, source: 'Art. 13(2)(f)' },
    {
      heading: 'See for yourself',
      text: 'agent --privacy shows every field with its last value, agent --sent every report that left, agent --check --dry-run what would be sent, agent --leave ends it.',
    },
  ];
}

/** The entry of this collector in the company's record of processing (Art. 30(1)). */
export function article30Record(processing: Processing): DocumentPart[] {
  return [
    {
      heading: 'Controller and contact',
      text: `${processing.controller}; ${processing.contact}`,
      source: 'Art. 30(1)(a)',
    },
    { heading: 'Purposes', text: list(processing.purposes), source: 'Art. 30(1)(b)' },
    { heading: 'Lawful basis', text: processing.basis },
    { heading: 'Kinds of people', text: list(processing.subjects), source: 'Art. 30(1)(c)' },
    {
      heading: 'Kinds of data',
      text: list([
        'Name, work address and kind of the person who holds a laptop (sealed, apart)',
        ...processing.fields.map(({ check }) => `Settings of the laptop: ${check.toLowerCase()}`),
        ...registers
          .filter(({ fields }) => Object.values(fields).some(({ personal }) => personal === true))
          .map(
            ({ title }) => `What the register of ${title.toLowerCase()} says about people (sealed, apart)`,
          ),
      ]),
      source: 'Art. 30(1)(c)',
    },
    { heading: 'Recipients', text: list(processing.recipients), source: 'Art. 30(1)(d)' },
    { heading: 'Transfers', text: processing.transfers, source: 'Art. 30(1)(e)' },
    { heading: 'Time limits', text: list(processing.retention), source: 'Art. 30(1)(f)' },
    { heading: 'Measures', text: list(processing.measures), source: 'Art. 30(1)(g), 32(1)' },
  ];
}

/** A draft impact assessment for the collector itself; the company's own people finish and sign it. */
export function assessmentDraft(processing: Processing): DocumentPart[] {
  return [
    {
      heading: 'What is planned, and why',
      text: `An agent on each laptop of ${processing.controller} reads how it is set up and reports it to this collector.\n${list(processing.purposes)}`,
      source: 'Art. 35(7)(a)',
    },
    {
      heading: 'Interests pursued',
      text: `${processing.basis}. ${processing.interest}.`,
      source: 'Art. 35(7)(a)',
    },
    {
      heading: 'Necessity and proportion',
      text: `Each field is there for a sentence of the policy:\n${list(processing.fields.map(({ check, why }) => `${check}: ${why}`))}\nNot read at all:\n${list(processing.neverCollected)}\nReading them from the laptop is reading from terminal equipment (Art. 5(3) ePrivacy, PECR reg. 6): on the company’s own laptops it is needed for their security; on private ones the agent is not installed.`,
      source: 'Art. 35(7)(b)',
    },
    {
      heading: 'Risks to people',
      text: list([
        'Staff feel watched, or results are used to judge their work: medium',
        'Somebody learns who is behind a pseudonym without a reason: low',
        'A result is wrong and somebody is blamed for it: low',
        'Confidentiality is broken, people have no choice, or a break-in does harm: low',
        'Data are kept longer than needed: low',
      ]),
      source: 'Art. 35(7)(c)',
    },
    {
      heading: 'Measures',
      text: list([
        ...processing.measures,
        'No record of use, time or place exists; no view by person exists but for the data protection officer',
        'Unknown is never counted against anybody; every result can be contested and is read again within a day',
        'The nightly purge deletes what is over, with receipts',
      ]),
      source: 'Art. 35(7)(d)',
    },
    { heading: 'What staff say', text: '', source: 'Art. 35(9)' },
    { heading: 'Advice of the data protection officer', text: '', source: 'Art. 35(2)' },
  ];
}

/** The same draft as a record of the register of impact assessments begins with. */
export function assessmentValues(processing: Processing): Values {
  const parts = new Map(assessmentDraft(processing).map(({ heading, text }) => [heading, text]));
  const text = (heading: string) => parts.get(heading) ?? '';
  const lines = (heading: string) =>
    text(heading)
      .split('\n')
      .map((line) => line.replace(/^• /, ''));
  return {
    name: 'Muster: how staff laptops are set up',
    needed: 'chosen',
    neededReason:
      'Staff may feel watched; guidance on monitoring at work advises an assessment even where none is required.',
    description: text('What is planned, and why'),
    interests: text('Interests pursued'),
    necessity: text('Necessity and proportion'),
    risks: lines('Risks to people'),
    measures: lines('Measures'),
  };
}
