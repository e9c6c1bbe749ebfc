import type { Interval } from './interval.ts';

/**
 * What people are asked to state, where no laptop and no register can tell. A campaign copies the text of a template, or its own
 * words; what somebody answered stays with the exact text that was shown. The statement covers the time since the last one.
 */
export interface AttestationTemplate {
  readonly title: string;
  /** The exact words a person says yes or no to. */
  readonly statement: string;
  /** Whom it is meant for. */
  readonly audience: string;
  /** How often, unless a company's own text says otherwise; undefined for those that come with a case. */
  readonly every?: Interval;
  readonly numberFrom: string;
  /** What may be kept beside the answer. */
  readonly evidence: string;
}

const everyone = 'everybody who works for the company';
const contractor = 'the IT contractor';
const officer = 'the data protection officer';

const templates = {
  'A-clear-desk': {
    title: 'Clear desk',
    statement:
      'When I left my workplace, nothing with personal or confidential data lay on it or could be read by others.',
    audience: everyone,
    every: '3mo',
    numberFrom: 'proposal',
    evidence: 'log of spot checks',
  },
  'A-lock-habit': {
    title: 'Locking the screen',
    statement: 'Whenever I left my computer, for however short a time, I locked its screen myself.',
    audience: everyone,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none; the idle timer of the laptop is measured',
  },
  'A-paper': {
    title: 'Paper under lock',
    statement: 'Paper with personal data that I hold was in a locked place whenever I did not use it.',
    audience: 'holders of paper files',
    every: '3mo',
    numberFrom: 'proposal',
    evidence: 'list of lockers and keys',
  },
  'A-printer': {
    title: 'Nothing left at the printer',
    statement: 'I took my printouts from the printer at once and left none there.',
    audience: everyone,
    every: '3mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-shred': {
    title: 'Shredding',
    statement:
      'Paper with personal data that I no longer needed went into a shredder or a locked collection bin.',
    audience: everyone,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'certificate of destruction for each collection',
  },
  'A-passwords': {
    title: 'Passwords kept secret',
    statement:
      'I have shared none of my passwords, written none down where others could find it, and changed any that may have become known.',
    audience: everyone,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-policy-read': {
    title: 'Policy read',
    statement: 'I have read the current data protection policy, know where to find it, and follow it.',
    audience: everyone,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'digest of the policy that was handed out',
  },
  'A-training': {
    title: 'Trained',
    statement:
      'I took part in the data protection training, and I know how to recognize and report a breach.',
    audience: 'everybody who handles personal data',
    every: '12mo',
    numberFrom: 'cis',
    evidence: 'module, date, passed or not',
  },
  'A-supervision': {
    title: 'Supervision',
    statement:
      'I supervised how the people I am responsible for handle personal data and reviewed it with them, without drawing on data about their laptops.',
    audience: 'line managers',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-restore-test': {
    title: 'Restore tested',
    statement:
      'I restored files from a backup to another place, opened them, and noted what, when, how long it took and the result.',
    audience: contractor,
    every: '3mo',
    numberFrom: 'cis',
    evidence: 'log of the restore',
  },
  'A-server-site': {
    title: 'Site of the servers',
    statement:
      'The servers with personal data, the collector among them, stand in a secured place away from the office, and I have evidence of it.',
    audience: contractor,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'certificate of the data center or lease',
  },
  'A-removable': {
    title: 'Removable media under lock',
    statement:
      'The USB sticks and disks I hold were locked away whenever I did not use them, and each stands in the register of media.',
    audience: 'holders of removable media',
    every: '3mo',
    numberFrom: 'proposal',
    evidence: 'register of media',
  },
  'A-email': {
    title: 'Mail with personal data',
    statement:
      'I sent personal data by mail only encrypted with the approved tool, moved what must be kept to secure storage, and deleted the rest together with temporary files.',
    audience: 'everybody who uses mail',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'record of a test message',
  },
  'A-fax-post': {
    title: 'Fax and post',
    statement:
      'Before faxing personal data I warned the recipient, who waited at the machine; paper went by hand or by registered post.',
    audience: 'users of fax and post',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'postal receipts',
  },
  'A-sharing': {
    title: 'No informal sharing',
    statement: 'I shared personal data with nobody who has no need of it, and not informally.',
    audience: everyone,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-local-copies': {
    title: 'No copies of one’s own',
    statement: 'I keep no copies of personal data on my own computer and work on the central copy.',
    audience: everyone,
    every: '3mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-data-quality': {
    title: 'Data kept accurate',
    statement:
      'I looked at a sample of the data I own, corrected what was wrong or out of date, and removed contacts that no longer work.',
    audience: 'owners of data',
    every: '6mo',
    numberFrom: 'proposal',
    evidence: 'result of the sample',
  },
  'A-supplier-eval': {
    title: 'Suppliers evaluated',
    statement:
      'Each service that stores or processes our data was evaluated before use and again in the last year.',
    audience: `${contractor} and owners of systems`,
    every: '12mo',
    numberFrom: 'cis',
    evidence: 'questionnaires and certificates',
  },
  'A-contracts': {
    title: 'Bound by contract',
    statement:
      'Everybody who handles personal data for us, contractors and their staff among them, is bound by a contract that contains the clauses our policy asks for.',
    audience: 'whoever keeps the contracts',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'references of contracts and list of clauses',
  },
  'A-preference': {
    title: 'Preference services',
    statement:
      'I compared our marketing lists with the preference services and removed whoever does not want to be contacted.',
    audience: 'whoever is responsible for marketing',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'version of the list, date, number removed',
  },
  'A-retention-review': {
    title: 'Retention reviewed',
    statement: 'I reviewed what is kept, how long and why, and changed what no longer holds.',
    audience: officer,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'signed list of changes',
  },
  'A-register-review': {
    title: 'Register of processing reviewed',
    statement: 'I reviewed the register of processing activities against what the company really does.',
    audience: officer,
    every: '6mo',
    numberFrom: 'proposal',
    evidence: 'signed list of changes',
  },
  'A-dpo': {
    title: 'Data protection officer',
    statement:
      'A data protection officer is appointed, has the knowledge and the resources, and no duty that conflicts with the task.',
    audience: 'the management',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'appointment, record of training',
  },
  'A-statements': {
    title: 'Statements approved',
    statement:
      'I approved the statements on data protection in our communications, and queries of the press came to me.',
    audience: 'the business development manager',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'id of each approved text',
  },
  'A-le-disclosure': {
    title: 'Disclosure to authorities',
    statement:
      'Before disclosing data to an authority I made sure that its request was legitimate, with advice.',
    audience: 'whoever discloses, with the adviser',
    numberFrom: 'proposal',
    evidence: 'checklist of the case',
  },
  'A-codes': {
    title: 'Codes of conduct',
    statement: 'We follow the codes of conduct that apply to us; the list of them is current.',
    audience: officer,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'list of codes',
  },
  'A-access-review': {
    title: 'Access reviewed',
    statement: 'I went through who has access to what and withdrew what is no longer needed.',
    audience: `${contractor} and the directors`,
    every: '3mo',
    numberFrom: 'cis',
    evidence: 'signed list',
  },
  'A-post-incident': {
    title: 'Lessons of an incident',
    statement: 'After the incident was closed I noted its cause, what we learned and what we changed.',
    audience: 'the owner of the incident',
    numberFrom: 'proposal',
    evidence: 'lessons and actions',
  },
  'A-acceptable-use': {
    title: 'Acceptable use',
    statement: 'I used the company’s systems and data for authorized business only.',
    audience: 'all users and administrators',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-disposal': {
    title: 'Disposal of machines',
    statement: 'Each machine or medium that left the company was wiped or destroyed before.',
    audience: contractor,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'record of wiping or destruction',
  },
  'A-mobile-terms': {
    title: 'Terms of a mobile device',
    statement:
      'I keep to the terms under which I may have personal data on my laptop or other mobile device, and delete them when I no longer need them.',
    audience: 'holders of an approval',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'digest of the terms',
  },
  'A-practice-review': {
    title: 'Practice reviewed',
    statement: 'We reviewed how personal data are collected, stored, used, shared and physically secured.',
    audience: `${officer} and the business areas`,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'minutes',
  },
  'A-marketing': {
    title: 'Marketing',
    statement:
      'Our marketing kept to the principles of data protection; whoever objected was left alone at once.',
    audience: 'whoever is responsible for marketing',
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'none',
  },
  'A-profiling': {
    title: 'Profiling',
    statement:
      'Where we profile people, the method is sound, documented and tested; laptops are rolled up, people are not.',
    audience: officer,
    every: '12mo',
    numberFrom: 'proposal',
    evidence: 'note on the method',
  },
} as const satisfies Record<`A-${string}`, AttestationTemplate>;

export type AttestationId = keyof typeof templates;
export const attestationIds = Object.keys(templates) as AttestationId[];
export const attestationTemplates: Readonly<Record<AttestationId, AttestationTemplate>> = templates;
