/**
 * What the pages are given to show. Plain data, ready to print: the routes fill these from the stores and the review, the
 * pages neither fetch nor compute. Every moment is a UTC timestamp in ISO 8601.
 */
import type { NotApplicableReason, Origin, Platform, Reason } from '../../shared/answer.ts';
import type { Mode, Remedy, Severity, Status } from '../../shared/check.ts';
import type { Permission } from '../permissions.ts';

/** Where a device stands at this moment. A device that has stopped reporting is silent, whatever it last said. */
export const countedStates = ['failing', 'unknown', 'silent', 'compliant'] as const;
/** A device that is on leave is shown, not counted: nobody expects it to be in order. */
export const deviceStates = [...countedStates, 'on-leave'] as const;
export type DeviceState = (typeof deviceStates)[number];

/** A device that was taken out of the fleet is in a list of its own. */
export const listedStates = [...deviceStates, 'retired'] as const;
export type ListedState = (typeof listedStates)[number];

/** How many devices stand where; the states exclude each other. Those that count add up to the total. */
export type StateCounts = Readonly<Record<DeviceState, number>>;

/** Who is looking at the page. */
export interface Viewer {
  readonly name: string;
  /** Secret of the session; every form sends it back, so that no other site can post in this person's name. */
  readonly csrf: string;
  /** What this person may do in the organization the page is about; nothing where it is about none. */
  readonly may: readonly Permission[];
  /** Something on the page is sample data, made up for a demonstration. */
  readonly sample?: boolean | undefined;
}

export interface OrganizationLink {
  readonly id: string;
  readonly name: string;
}

/** A device as lists name it: a pseudonym, and the company's own asset tag where it gave one. */
export interface DeviceLink {
  readonly id: string;
  /** Pseudonym such as `D-7K3F9Q2M`; never a host name, never a person's name. */
  readonly label: string;
  readonly assetTag?: string | undefined;
}

/** A point that went from anything else to failing. */
export interface Breakage {
  readonly organization: OrganizationLink;
  readonly device: DeviceLink;
  readonly check: string;
  readonly checkTitle: string;
  readonly pointTitle: string;
  readonly severity: Severity;
  readonly observed: string;
  readonly since: string;
}

/** A device that has missed its reports. */
export interface Silence {
  readonly organization: OrganizationLink;
  readonly device: DeviceLink;
  /** Null when it was enrolled and never reported. */
  readonly lastReportAt: string | null;
  readonly enrolledAt: string;
}

/** A record of a register with something overdue, or due soon. */
export interface DueRecord {
  readonly organization: OrganizationLink;
  readonly register: string;
  readonly registerTitle: string;
  readonly id: string;
  readonly reference: string;
  readonly title: string;
  /** What is to be done. */
  readonly due: string;
  readonly dueAt: string;
}

export interface OrganizationSummary extends OrganizationLink {
  readonly counts: StateCounts;
  readonly lastReportAt: string | null;
}

export interface TodayView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organizations: readonly OrganizationSummary[];
  /** What broke from then on is news: the beginning of yesterday, or of the Friday before a weekend. */
  readonly since: string;
  /** The newest breakages since then, newest first; `brokeTotal` says how many there are in all. */
  readonly broke: readonly Breakage[];
  readonly brokeTotal: number;
  readonly silent: readonly Silence[];
  readonly silentTotal: number;
  /** What registers ask for: overdue or within a week; the longest overdue first. */
  readonly due: readonly DueRecord[];
  readonly dueTotal: number;
}

/** How the devices of an organization answer one check. */
export interface CheckTally {
  readonly check: string;
  readonly title: string;
  readonly counts: Readonly<Record<Status, number>>;
}

export interface DeviceRow extends DeviceLink {
  readonly state: ListedState;
  readonly platform: Platform;
  /** `macOS 15.5`, `Ubuntu 24.04`. */
  readonly system: string;
  readonly lastReportAt: string | null;
  /** Checks that fail, worst first. */
  readonly failing: readonly { readonly check: string; readonly title: string }[];
  /** Checks that could not be told. */
  readonly unknown: readonly { readonly check: string; readonly title: string }[];
}

export interface PolicyLink {
  readonly id: string;
  readonly version: number;
}

/** A day of the past somebody looks at. */
export interface PastView {
  /** `2026-09-30` */
  readonly date: string;
}

/** How many devices stood where, day by day. */
export interface TrendView {
  /** Oldest first; a day is counted when it ends, today as it is. */
  readonly days: readonly { readonly date: string; readonly counts: StateCounts }[];
  /** When another version of the policy came into force, within those days. */
  readonly policies: readonly { readonly date: string; readonly version: number }[];
}

export interface OrganizationView {
  readonly viewer: Viewer;
  /** The moment the page is about. */
  readonly now: string;
  /** The moment it was made. */
  readonly today: string;
  readonly organization: OrganizationLink;
  readonly policy: PolicyLink;
  readonly counts: StateCounts;
  /** How many were taken out of the fleet. */
  readonly retired: number;
  /** The day that is looked back at, and the moment it ended; null for the present. */
  readonly past: PastView | null;
  readonly trend: TrendView;
  /** In the catalogue's order; only checks that count or that some device answered. */
  readonly checks: readonly CheckTally[];
  readonly query: DeviceQuery;
  readonly devices: readonly DeviceRow[];
  /** How many devices the query finds, on all pages together. */
  readonly found: number;
}

export const deviceSorts = ['state', 'device', 'system', 'report'] as const;
export type DeviceSort = (typeof deviceSorts)[number];

/** What part of the fleet is shown, exactly as the address of the page says it. */
export interface DeviceQuery {
  /** Looked for in pseudonym, asset tag and system. */
  readonly search: string;
  readonly state: ListedState | null;
  readonly platform: Platform | null;
  /** Only devices that do not pass this check: it fails there or could not be told. */
  readonly check: string | null;
  readonly sort: DeviceSort;
  readonly descending: boolean;
  /** `2026-09-30`: the fleet as it was when that day ended; null for the present. */
  readonly asOf: string | null;
  /** From 1. */
  readonly page: number;
}

export interface PointView {
  readonly point: string;
  readonly title: string;
  readonly status: Status;
  readonly mode: Mode;
  readonly severity: Severity;
  readonly observed: string;
  readonly expected: string;
  /** Who supplied the number in `expected`, where there is one. */
  readonly numberFrom?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly reason?: Reason | NotApplicableReason | undefined;
  readonly remedy?: Remedy | undefined;
  readonly clauses: readonly string[];
  /** Since when the status is what it is. */
  readonly since: string;
  /** It is excused for now: it keeps its status and is not counted. */
  readonly waiver?: { readonly id: string; readonly until: string; readonly reason: string } | undefined;
  /** Sequence of the report the observed value comes from; null for what the collector itself knows. */
  readonly evidence: number | null;
}

export interface FindingView {
  readonly check: string;
  readonly title: string;
  readonly rationale: string;
  readonly status: Status;
  readonly severity: Severity;
  readonly attention: boolean;
  readonly points: readonly PointView[];
}

/** A signed report as it is kept, and what can be said of it now. */
export interface EvidenceView {
  readonly sequence: number;
  /** By the laptop's clock; null where the report can no longer be read. */
  readonly takenAt: string | null;
  readonly receivedAt: string;
  /** SHA-256 of the signed report, in hex; null where it can no longer be read. */
  readonly digest: string | null;
  readonly kind: 'full' | 'unchanged';
  /** Verified again when the page was made; broken when a byte of it has changed since. */
  readonly signature: 'valid' | 'broken';
  /** Does it name the report before it? `first` has none before it. */
  readonly chain: 'first' | 'linked' | 'broken';
}

/** A point that changed from one outcome to another. */
export interface ChangeView {
  readonly at: string;
  readonly check: string;
  readonly checkTitle: string;
  readonly point: string;
  readonly pointTitle: string;
  readonly before: Status;
  readonly after: Status;
  /** What was seen from then on. */
  readonly observed: string;
  /** A report of the laptop brought it; otherwise time or the policy did. */
  readonly byReport: boolean;
}

export interface DeviceView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly policy: PolicyLink;
  readonly device: DeviceLink;
  /** The day that is looked back at; null for the present. */
  readonly past: PastView | null;
  readonly state: ListedState;
  readonly system: string;
  readonly agentVersion: string;
  readonly enrolledAt: string;
  /** When it was taken out of the fleet; null while it belongs to it. */
  readonly removedAt: string | null;
  /** Nobody expects to hear from it until then; null where it is not on leave. */
  readonly leaveUntil: string | null;
  /** Whose it is, and by which agreement where it is a contractor's; empty where none is on record. */
  readonly owner: 'company' | 'contractor' | 'personal' | 'not-declared';
  readonly agreement: string;
  readonly lastReportAt: string | null;
  readonly findings: readonly FindingView[];
  /** What changed since it joined, newest first; the last ten. */
  readonly changes: readonly ChangeView[];
  readonly moreChanges: boolean;
  /** Newest first; the last twenty, and the one the values come from. */
  readonly reports: readonly EvidenceView[];
}
