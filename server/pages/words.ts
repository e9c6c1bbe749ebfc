/** What the pages call things: plain words for staff and contractors. */
import type { Origin, Platform, Reason } from '../../shared/answer.ts';
import type { Mode, Severity, Status } from '../../shared/check.ts';
import { numberSource } from '../../shared/number-sources.ts';
import type { Permission, Role } from '../permissions.ts';
import { countedAtMost } from '../storage/counted.ts';
import type { ListedState } from './model.ts';

/** The roles of an organization, and what each is for. */
export const roleWords: Readonly<Record<Role, { readonly name: string; readonly text: string }>> = {
  admin: { name: 'Administrator', text: 'People, policy and settings.' },
  contractor: { name: 'Contractor', text: 'Looks after the laptops; sees pseudonyms.' },
  reviewer: { name: 'Reviewer', text: 'Decides on what others ask for.' },
  manager: { name: 'Manager', text: 'Sees numbers only, never a single laptop.' },
  dpo: { name: 'Data protection officer', text: 'Registers, requests, and who is behind a pseudonym.' },
  auditor: { name: 'Auditor', text: 'Reads everything, changes nothing, until a date.' },
};

/** What there is to be allowed, as whoever allows it reads it. */
export const permissionWords: Readonly<Record<Permission, string>> = {
  'counts.read': 'See numbers',
  'fleet.read': 'See laptops, findings and evidence',
  'devices.manage': 'Enroll, label and retire laptops',
  'policy.read': 'See the policy',
  'policy.write': 'Change and publish the policy',
  'waivers.read': 'See waivers',
  'waivers.write': 'Ask for waivers and withdraw them',
  'waivers.approve': 'Approve or refuse waivers',
  'reports.read': 'See and download reports',
  'registers.read': 'See the registers',
  'registers.write': 'Write the registers',
  'registers.approve': 'Approve records',
  'privacy.manage': 'Handle requests of data subjects',
  'identity.reveal': 'Learn whose laptop it is',
  'alerts.manage': 'Set up alerts and webhooks',
  'people.read': 'See who has access',
  'people.manage': 'Invite people and give roles',
  'audit.read': 'Read the audit log',
};

/** The look of a status: which color, which icon. */
export type Tone = 'failing' | 'unknown' | 'silent' | 'compliant' | 'on-leave' | 'attention' | 'none';

export const stateWords: Record<ListedState, string> = {
  failing: 'Failing',
  unknown: 'Could not be told',
  silent: 'Silent',
  compliant: 'Compliant',
  'on-leave': 'On leave',
  retired: 'Retired',
};

/** The look of a state. */
export const toneOf = (state: ListedState): Tone => (state === 'retired' ? 'none' : state);

export const statusWords: Record<Status, string> = {
  fail: 'Fails',
  unknown: 'Could not be told',
  pass: 'Passes',
  'not-applicable': 'Does not apply',
};

export const statusTones: Record<Status, Tone> = {
  fail: 'failing',
  unknown: 'unknown',
  pass: 'compliant',
  'not-applicable': 'none',
};

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

export const originWords: Record<Origin, string> = {
  policy: 'the company, through device management',
  user: 'the person using the laptop',
  default: 'nobody: it is how the system comes',
};

/** Why a point is shown though it does not count. */
export const modeWords: Record<Mode, string> = {
  enforce: 'Counts',
  warn: 'Reminder only',
  advisory: 'For information',
  off: 'Not asked by the policy',
};

export const platformWords: Record<Platform, string> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** Where a number in a policy comes from, as a cell of a table says it. */
export const numberFromWords = (source: string | undefined): string =>
  source === undefined ? 'Not said' : sentence(numberSource(source));

/** What lets an answer be told the next time, by why there is none. */
export const howToTell: Record<Reason, string> = {
  missing:
    'The laptop does not have what this is read from. Check the setting by hand; if the setting is there, send us a recording so that we learn to read it.',
  denied:
    'The agent may not read this. Run it as the system service (root or administrator); on a Mac also give it Full Disk Access.',
  timeout: 'It is tried again with the next report. If it stays so, run the doctor on the laptop.',
  failed: 'It is tried again with the next report. If it stays so, run the doctor on the laptop.',
  unparseable: 'The laptop gave an answer the agent does not know. Send us a recording so that we learn it.',
  unsupported: 'This agent cannot look there yet. Check the setting by hand, or update the agent.',
  stale: 'The last answer is too old to count. It is read again with the next report.',
  'managed-elsewhere':
    'The rule is set in a directory or a management service. Look there; it cannot be seen from the laptop.',
  'no-session': 'This is a personal setting, and nobody was signed in. It is read the next time someone is.',
};

/** What the person runs for it, where there is something to run. */
export const howToTellCommand: Partial<Record<Reason, string>> = {
  missing: 'agent --check --record recording.json',
  unparseable: 'agent --check --record recording.json',
  timeout: 'agent --doctor',
  failed: 'agent --doctor',
};

/** `just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`. */
export function ago(from: string, now: string): string {
  const length = span(from, now);
  return length === undefined ? 'just now' : `${length} ago`;
}

/** `5 minutes`, `3 hours`, `2 days`; undefined below a minute (a clock that runs ahead counts as now). */
export function span(from: string, now: string): string | undefined {
  const minutes = Math.floor((Date.parse(now) - Date.parse(from)) / 60_000);
  if (minutes < 1) return undefined;
  const [amount, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1440), 'day'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** `21 Nov 2026, 10:05 UTC`. */
export function moment(timestamp: string): string {
  const date = new Date(timestamp);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** `21 Nov 2026`, of a day as dates are written in data: `2026-11-21`. */
export const calendarDay = (day: string): string => moment(`${day}T00:00:00.000Z`).split(',')[0] ?? day;
/** `21 November 2026`, for a day such as `2026-11-21`. */
export const dayWords = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** `12,345`: numbers as lists show them. */
export const number = (value: number): string => value.toLocaleString('en');

/** Did counting end before the list did? See counted.ts. */
export const isCountedOut = (found: number): boolean => found === countedAtMost + 1;

/** How many a list found: `12,345`, or `more than 1,000` where counting ended. */
export const foundWords = (found: number): string =>
  isCountedOut(found) ? `more than ${number(countedAtMost)}` : number(found);

/** `41%`; never 0% or 100% for what is not none or all. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0%';
  if (part === whole) return '100%';
  return `${Math.min(99, Math.max(1, Math.round((part / whole) * 100)))}%`;
}

/** With a capital at its beginning, as headings and sentences have. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
