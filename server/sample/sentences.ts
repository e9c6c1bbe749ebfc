import { type AttestationId, attestationTemplates } from '../../shared/attestations.ts';
import { openRecord } from '../registers/desk.ts';
import { registerById } from '../registers/index.ts';
import type { Actor } from '../storage/audit.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';

const day = 86_400_000;

/** The written policy of a made-up company, and what answers each sentence. */
const document = (company: string) => ({
  company,
  policy: 'office-laptops',
  version: 1,
  jurisdictions: ['eu'],
  chapters: { 1: 'Everybody', 2: 'Laptops', 3: 'Desks and paper', 4: 'Data', 5: 'When something happens' },
  registers: { breaches: { regulator: { value: '72h', numberFrom: 'gdpr' } } },
  attestations: { 'A-clear-desk': { every: '3mo', numberFrom: 'text' } },
  gaps: ['The text says nothing of removable media, and names no time after which a screen locks.'],
  clauses: [
    {
      id: 'OFF-1-1',
      text: 'Everybody reads this policy when they join and once a year',
      answers: ['attestation:A-policy-read'],
    },
    { id: 'OFF-1-2', text: 'Everybody knows whom to ask', answers: ['register:contacts'] },
    {
      id: 'OFF-2-1',
      text: 'Laptops are encrypted',
      answers: ['check:disk-encryption/system', 'check:disk-encryption/other-volumes'],
    },
    {
      id: 'OFF-2-2',
      text: 'The screen locks when somebody leaves it',
      answers: ['check:screen-lock/idle', 'check:screen-lock/grace', 'attestation:A-lock-habit'],
      notes: ['Locking the screen is something a person does; the idle timer is only a backstop.'],
    },
    {
      id: 'OFF-2-3',
      text: 'Security updates are installed within two weeks',
      answers: ['check:os-updates/pending', 'check:os-support/supported'],
    },
    {
      id: 'OFF-2-4',
      text: 'A firewall is on and something watches for malware',
      answers: ['check:firewall/enabled', 'check:malware-protection/active'],
    },
    {
      id: 'OFF-2-5',
      text: 'Passwords are changed regularly',
      answers: ['check:password-policy/min-length', 'check:password-policy/lockout'],
      supports: ['check:password-policy/max-age'],
      conflicts: [
        {
          text: 'The policy asks for regular password change and names no period. NIST SP 800-63B-4 and the NCSC advise against forced expiry; length and a limit on wrong tries are asked instead.',
          against: ['nist-800-63b-4', 'ncsc'],
          about: 'check:password-policy/min-length',
          proposal: 'Passwords are changed at once when somebody else may know them.',
        },
      ],
    },
    {
      id: 'OFF-2-6',
      text: 'Work is backed up every week, and restoring is tried',
      answers: ['check:backup/recent', 'attestation:A-restore-test'],
    },
    { id: 'OFF-2-7', text: 'Nobody works as administrator', answers: ['check:admin-rights/not-admin'] },
    { id: 'OFF-3-1', text: 'Desks are clear in the evening', answers: ['attestation:A-clear-desk'] },
    { id: 'OFF-4-1', text: 'What is kept has a reason and an end', answers: ['register:retention-rules'] },
    { id: 'OFF-4-2', text: 'Who asks for their data is answered in a month', answers: ['register:requests'] },
    {
      id: 'OFF-4-3',
      text: 'Access is given by role and can be followed',
      answers: ['feature:roles', 'feature:audit-chain'],
    },
    {
      id: 'OFF-5-1',
      text: 'A breach is reported to the regulator within 72 hours',
      answers: ['register:breaches'],
    },
  ],
});

interface Asked {
  readonly template: AttestationId;
  /** So many days before the moment the fleet is looked at. */
  readonly daysAgo: number;
  readonly answers: readonly (readonly ['yes' | 'no' | 'not-applicable', string] | null)[];
}

const yes = ['yes', ''] as const;
const campaigns: readonly Asked[] = [
  { template: 'A-policy-read', daysAgo: 50, answers: [yes, yes, yes, yes, yes, yes] },
  { template: 'A-restore-test', daysAgo: 30, answers: [yes] },
  {
    template: 'A-clear-desk',
    daysAgo: 9,
    answers: [yes, yes, ['no', 'There is no drawer that locks.'], yes, null, null],
  },
];

/** Gives a made-up company its written policy, people who were asked, and the first records of its registers. */
export async function seedSentences(
  stores: Stores,
  { number, name }: Organization,
  actor: Actor,
  { from, now }: { readonly from: Date; readonly now: Date },
): Promise<void> {
  await stores.clauses.bring(number, document(name), actor, from);
  for (const { template, daysAgo, answers } of campaigns) {
    const at = new Date(Math.max(from.getTime(), now.getTime() - daysAgo * day));
    const { title, statement, audience } = attestationTemplates[template];
    const asked = {
      template,
      title,
      statement,
      role: audience,
      periodFrom: new Date(at.getTime() - 90 * day),
      dueAt: new Date(at.getTime() + 14 * day),
      validUntil: new Date(at.getTime() + 104 * day),
      people: answers.map((_, index) => ({
        contact: `person${index + 1}@${template.toLowerCase()}.example`,
      })),
    };
    const { people } = await stores.attestations.create(number, asked, actor, at);
    for (const [index, said] of answers.entries()) {
      const question = await stores.attestations.byCode(people[index]?.code ?? '');
      if (said === null || question === undefined) continue;
      const [answer, reason] = said;
      const answeredAt = new Date(Math.min(now.getTime(), at.getTime() + (index + 1) * day));
      await stores.attestations.answer(question, { answer, reason }, 'link', answeredAt);
    }
  }
  const contacts = registerById('contacts');
  if (contacts === undefined) throw new Error('there is no register of contacts');
  const author = { actor, person: actor };
  for (const role of ['dpo', 'incident', 'authority']) {
    const values = {
      role,
      name: 'Somebody made up',
      reach: `${role}@office.example`,
      lastReviewedOn: from.toISOString().slice(0, 10),
    };
    await openRecord(stores, contacts, values, { organization: number, author }, from);
  }
}
