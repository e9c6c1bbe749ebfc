import type { AlertSettings } from '../storage/alert-settings.ts';
import type { NewEvent } from '../storage/alerts.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';

/** What an alert can be about, and how it is told: one event by itself, and several as one. */
export const alertKinds = {
  failing: { title: 'Started to fail', many: (count: number) => `${count} points started to fail` },
  policy: {
    title: 'Fails by a changed policy, or because a date passed',
    many: (count: number) => `${count} points fail since the policy changed or a date passed`,
  },
  silent: { title: 'Went silent', many: (count: number) => `${count} laptops went silent` },
  back: { title: 'Reports again', many: (count: number) => `${count} laptops report again` },
  'waiver-waiting': {
    title: 'A waiver waits for a decision',
    many: (count: number) => `${count} waivers wait for a decision`,
  },
  'waiver-ending': { title: 'A waiver ends soon', many: (count: number) => `${count} waivers end soon` },
  'waiver-ended': { title: 'A waiver ended', many: (count: number) => `${count} waivers ended` },
  'duplicate-key': {
    title: 'Two machines use one key',
    many: (count: number) => `${count} keys are used by two machines`,
  },
  'statement-reminder': {
    title: 'People have not answered a statement',
    many: (count: number) => `${count} statements lack answers`,
  },
  'statement-no': {
    title: 'Somebody said no to a statement',
    many: (count: number) => `${count} statements were answered with no`,
  },
  'statement-ending': {
    title: 'Time to ask again for a statement',
    many: (count: number) => `${count} statements will soon be too old`,
  },
  overdue: { title: 'A record is overdue', many: (count: number) => `${count} records are overdue` },
} as const satisfies Record<string, { title: string; many(count: number): string }>;
export type AlertKind = keyof typeof alertKinds;

/** An event as a source finds it. */
export interface FoundEvent extends NewEvent {
  readonly kind: AlertKind;
}

/** What a source looks with. */
export interface Looking {
  readonly stores: Stores;
  readonly now: Date;
  readonly organizations: ReadonlyMap<number, Organization>;
  settings(organization: number): Promise<AlertSettings>;
  /** Where the source began when alerts were used for the first time: nothing up to there is news, also when entries are read again. */
  readonly begun: number;
}

/** What a source found. */
export interface Found {
  readonly events: readonly FoundEvent[];
  /** How far it has read; where it begins the next time. Left out by sources that look at how things stand. */
  readonly position?: number;
}

/**
 * Somewhere alerts come from: one file each in `sources/`, one line in its index. It is asked once a minute. The same event may be
 * found again and again; its key says that it is the same. Lines hold pseudonyms only.
 */
export interface AlertSource {
  readonly id: string;
  /** Where it begins when alerts are used for the first time: what lies before is no news. */
  begin?(stores: Stores): Promise<number>;
  find(looking: Looking, position: number): Promise<Found>;
}

/** So many entries are read in one go; the rest a minute later. */
export const readAtOnce = 2_000;

/** A transaction with a lower number may commit after one with a higher: the last ones are read again, and known by their keys. */
const readAgain = 200;

/** The number after which entries are read, of a source that has read up to a position. */
export const readAfter = ({ begun }: Looking, position: number): number =>
  Math.max(begun, position - readAgain);
