import { type Period, periodText } from '../registers/calendar.ts';
import { registers } from '../registers/index.ts';

/** What may be held back from the purge by a legal hold; the scopes of the register of holds. */
export type HoldScope = 'records' | 'results' | 'people' | 'audit';

/** One class of what the collector keeps: what it is, for how long, why, and who says so. */
export interface RetentionClass {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  readonly period: Period;
  /** What the period counts from. */
  readonly from: string;
  readonly reason: string;
  readonly source: string;
  /** The hold that keeps it; undefined where none can. */
  readonly hold?: HoldScope;
  /** `collector`: deleted by the nightly purge. `operator`: by whoever runs the collector. */
  readonly deletedBy: 'collector' | 'operator';
}

/** Backups are made and deleted by whoever runs the collector; this is how long they are told to keep one. */
export const backupPeriod: Period = { days: 30 };

/** The whole schedule. The nightly purge, the page, the notice to staff and the Art. 30 record are made of it. */
export const retentionSchedule: readonly RetentionClass[] = [
  {
    id: 'results',
    title: 'Signed reports',
    what: 'What laptops reported, word for word; the newest, and the one its facts come from, stay while the laptop is in the fleet',
    period: { days: 90 },
    from: 'the day the report came in',
    reason:
      'Long enough to prove a state and to look into an incident; older states are kept as changes only.',
    source: 'CIS Controls 8.10 (90 days at least)',
    hold: 'results',
    deletedBy: 'collector',
  },
  {
    id: 'changes',
    title: 'Changes of results',
    what: 'When a point of a laptop went from one outcome to another',
    period: { months: 13 },
    from: 'the day of the change',
    reason: 'A year and the month it is compared with.',
    source: 'CNIL 2021-122 (6 to 12 months), with a month to compare',
    hold: 'results',
    deletedBy: 'collector',
  },
  {
    id: 'left',
    title: 'Laptops that left',
    what: 'Everything held of a laptop that was taken out of the fleet',
    period: { days: 30 },
    from: 'the day it was taken out',
    reason: 'Time to notice a mistake.',
    source: 'Our default',
    hold: 'results',
    deletedBy: 'collector',
  },
  {
    id: 'holders',
    title: 'Who held a laptop',
    what: 'That a person held a laptop which they no longer hold, and who was told so',
    period: { days: 30 },
    from: 'the day they gave it back',
    reason: 'Time to settle what is open; afterwards its results belong to nobody.',
    source: 'Our default',
    hold: 'people',
    deletedBy: 'collector',
  },
  {
    id: 'statement-addresses',
    title: 'Addresses of people who were asked for a statement',
    what: 'Where the personal links went; the answers stay under a pseudonym',
    period: { days: 30 },
    from: 'the day answers were due',
    reason: 'Time for those who are late; afterwards nobody has to be reached.',
    source: 'Our default',
    hold: 'people',
    deletedBy: 'collector',
  },
  {
    id: 'statements',
    title: 'Statements of people',
    what: 'What was asked, and what was answered under a pseudonym, with the words of whoever gave a reason',
    period: { years: 5 },
    from: 'the day the answers were too old to count',
    reason: 'Shows what people stated at the time, as registers do.',
    source: 'GDPR Art. 5(2); five years as for service documents',
    hold: 'records',
    deletedBy: 'collector',
  },
  {
    id: 'asked',
    title: 'What staff asked on their own page',
    what: 'Corrections, contests and objections in their own words; the request itself is in the register',
    period: { years: 3 },
    from: 'the day it was answered',
    reason: 'As long as the request it became.',
    source: 'As the register of requests',
    hold: 'people',
    deletedBy: 'collector',
  },
  {
    id: 'waivers',
    title: 'Waivers',
    what: 'Waivers that ended, were refused or withdrawn, with their reasons',
    period: { years: 2 },
    from: 'the day they ended',
    reason: 'Explains a past state as long as it can be looked back at, and a year more.',
    source: 'Our default',
    hold: 'results',
    deletedBy: 'collector',
  },
  {
    id: 'audit',
    title: 'Audit log',
    what: 'Who did or looked at what; by account, never by name',
    period: { months: 12 },
    from: 'the day of the entry',
    reason: 'Long enough to find misuse. What is left still proves that nothing was taken out of it.',
    source: 'CNIL 2021-122 (6 to 12 months)',
    hold: 'audit',
    deletedBy: 'collector',
  },
  {
    id: 'accounts',
    title: 'Accounts of people with access',
    what: 'Name and address of whoever signs in here, their roles and second factors',
    period: { days: 0 },
    from: 'the day their access ends: then an administrator closes the account',
    reason: 'Everybody acts under their own name.',
    source: 'Named accounts only (CNIL SAN-2024-021)',
    deletedBy: 'operator',
  },
  ...registers.map((register) => ({
    id: `register-${register.id}`,
    title: `Register: ${register.title.toLowerCase()}`,
    what: 'Closed records with their history and what they say about people',
    period: register.retention.period,
    from: 'the day the record was closed',
    reason: register.retention.reason,
    source: register.retention.source,
    hold: 'records' as const,
    deletedBy: 'collector' as const,
  })),
  {
    id: 'backups',
    title: 'Backups',
    what: 'Sealed copies of both databases',
    period: backupPeriod,
    from: 'the day of the backup',
    reason:
      'A copy older than that restores what was erased since; erase again after a restore (each certificate says what).',
    source: 'Our advice to whoever runs the collector',
    deletedBy: 'operator',
  },
];

/** Everything of the class from before this moment is over. */
export function overBefore(of: RetentionClass, at: Date): Date {
  const { period } = of;
  const [unit, amount] = Object.entries(period)[0] as [string, number];
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  if (unit === 'hours') return new Date(at.getTime() - amount * 3_600_000);
  if (unit === 'days') return new Date(day - amount * 86_400_000);
  const months = unit === 'months' ? amount : amount * 12;
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months, at.getUTCDate()));
}

/** `90 days after the day the report came in`. */
export const retentionWords = ({ period, from }: RetentionClass): string =>
  'days' in period && period.days === 0 ? `until ${from}` : `${periodText(period)} after ${from}`;
