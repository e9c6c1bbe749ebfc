/** What the page of one check is given to show. */
import type { Platform } from '../../shared/answer.ts';
import type { Mode, Severity, Status } from '../../shared/check.ts';
import type { PointWaiver } from '../../shared/judge.ts';
import type { SystemRemedy } from '../review/remedies.ts';
import type { CheckQuery } from './check-query.ts';
import type { DeviceLink, DeviceState, OrganizationLink, PastView, PolicyLink, Viewer } from './model.ts';

export type StatusCounts = Readonly<Record<Status, number>>;

export interface CheckPointView {
  readonly point: string;
  readonly title: string;
  /** What the policy asks for, in plain words. */
  readonly expected: string;
  readonly mode: Mode;
  readonly severity: Severity;
  readonly numberFrom: string | undefined;
  readonly clauses: readonly string[];
  readonly counts: StatusCounts;
  readonly remedies: Readonly<Record<Platform, readonly SystemRemedy[]>>;
}

export interface CheckView {
  readonly viewer: Viewer;
  /** The moment the page is about. */
  readonly now: string;
  /** The moment it was made. */
  readonly today: string;
  /** The day that is looked back at; null for the present. */
  readonly past: PastView | null;
  readonly organization: OrganizationLink;
  readonly policy: PolicyLink;
  readonly check: {
    readonly id: string;
    readonly title: string;
    readonly rationale: string;
    readonly blindSpots: string;
    /** Published requirements it answers, in words. */
    readonly references: readonly string[];
  };
  readonly counts: StatusCounts;
  readonly points: readonly CheckPointView[];
  /** Points that failed and pass again, in the 30 days before that moment; of the point that is asked for, or of all. */
  readonly fixed: number;
  readonly query: CheckQuery;
  readonly devices: readonly CheckDeviceRow[];
  /** How many laptops the query finds, on all pages together. */
  readonly found: number;
}

export interface CheckDeviceRow extends DeviceLink {
  readonly state: DeviceState;
  readonly system: string;
  /** What was found, point by point; only the points that answer as the list asks. */
  readonly found: readonly {
    readonly point: string;
    readonly title: string;
    readonly observed: string;
    /** Why it does not count for now. */
    readonly waiver: PointWaiver | undefined;
  }[];
  readonly since: string;
}
