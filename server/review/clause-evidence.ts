import type { Mode } from '../../shared/check.ts';
import type { CollectorFeature } from '../../shared/collector-features.ts';
import type { Policy } from '../../shared/policy.ts';

/**
 * Where a sentence stands. Worst first: one failing answer makes it failing, one answer without evidence makes it not evidenced,
 * however good the others are. Silence and what could not be read are never evidence.
 */
export const clauseStatuses = ['failing', 'not-evidenced', 'partly', 'evidenced', 'not-applicable'] as const;
export type ClauseStatus = (typeof clauseStatuses)[number];

/** How the laptops of an organization answer a point. Together they are all laptops but those on leave. */
export interface PointEvidence {
  readonly passing: number;
  readonly failing: number;
  /** Of the failing, those excused by a waiver in force. */
  readonly waived: number;
  /** It could not be told, or the laptop never said anything of it. */
  readonly unknown: number;
  /** The laptop has not reported for too long: whatever it said last is no evidence any more. */
  readonly silent: number;
  readonly notApplicable: number;
}

/** How a register stood. */
export interface RegisterEvidence {
  readonly records: number;
  /** Signed, approved, in force or finished; null where the register knows no such thing. */
  readonly settled: number | null;
  /** Open records with something overdue. */
  readonly overdue: number;
  /** Records with something that was done too late. */
  readonly missed: number;
  readonly changedAt: Date | null;
}

/** What the people asked for a statement had said. */
export interface AttestationEvidence {
  readonly asked: number;
  readonly yes: number;
  readonly no: number;
  /** Of the no, those whose action is done. */
  readonly putRight: number;
  readonly notApplicable: number;
  /** When the newest campaign closed or closes. */
  readonly dueAt: Date;
  /** Until when its answers count. */
  readonly validUntil: Date;
}

/** What the collector measured of itself. */
export interface FeatureEvidence {
  readonly status: 'evidenced' | 'partly' | 'failing' | 'not-evidenced';
  /** What was measured, with its numbers, as a sentence. */
  readonly sentence: string;
}

/** Somebody said that a sentence does not apply here. */
export interface Exclusion {
  readonly reason: string;
  readonly by: string;
  readonly until: Date;
}

/** Everything that is known of an organization at a moment, as far as sentences rest on it. */
export interface ClauseEvidence {
  readonly at: Date;
  readonly policy: Policy;
  /** By `check/point`. */
  readonly points: ReadonlyMap<string, PointEvidence>;
  /** By register, and by part of one (`requests?kind=erasure`); a register that nobody defined is not in it. */
  readonly registers: ReadonlyMap<string, RegisterEvidence>;
  /** Statements people were ever asked for. */
  readonly attestations: ReadonlyMap<string, AttestationEvidence>;
  readonly features: ReadonlyMap<CollectorFeature, FeatureEvidence>;
  /** By number of the sentence; those that have ended are left out. */
  readonly exclusions: ReadonlyMap<string, Exclusion>;
}

/** What one answer comes to. */
export interface Standing {
  readonly status: ClauseStatus;
  /** The numbers behind the status, as a sentence. */
  readonly sentence: string;
  /** How much of how many is evidence; null where nothing is counted. */
  readonly figures: { readonly good: number; readonly of: number } | null;
  /** The laptops worth looking at: those that fail, else those that could not be told, else those that pass. */
  readonly laptops?: 'fail' | 'unknown' | 'pass' | undefined;
  /** What is asked, and who supplied its number. */
  readonly asked?: string | undefined;
  readonly mode?: Mode | undefined;
}
