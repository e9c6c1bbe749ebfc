import { z } from 'zod';
import type { NotApplicableReason, Platform, Reason } from './answer.ts';
import type { ReferenceData } from './data/index.ts';
import type { Machine } from './machine.ts';
import type { ApprovedMedium } from './medium.ts';
import type { StandardId } from './standards.ts';

/** The four outcomes. There is no fifth, and unknown is never folded into another. */
export const statuses = ['pass', 'fail', 'unknown', 'not-applicable'] as const;
export const Status = z.enum(statuses);
export type Status = z.infer<typeof Status>;

/** enforce counts; warn calls for attention; advisory is only shown; off is judged and shown, never counted. */
export const modes = ['enforce', 'warn', 'advisory', 'off'] as const;
export const Mode = z.enum(modes);
export type Mode = z.infer<typeof Mode>;

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** What judging a point came to. `observed` is plain words, without names, and fits on one line. */
export type Verdict =
  | { readonly status: 'pass' | 'fail'; readonly observed: string }
  | { readonly status: 'unknown'; readonly observed: string; readonly reason: Reason }
  | { readonly status: 'not-applicable'; readonly observed: string; readonly reason: NotApplicableReason };

export const pass = (observed: string): Verdict => ({ status: 'pass', observed });
export const fail = (observed: string): Verdict => ({ status: 'fail', observed });
export const cannotTell = (reason: Reason, observed: string): Verdict => ({
  status: 'unknown',
  observed,
  reason,
});
export const doesNotApply = (reason: NotApplicableReason, observed: string): Verdict => ({
  status: 'not-applicable',
  observed,
  reason,
});

/** How to turn red into green on one system: what to do, and where it exists a command or a deep link. */
export interface Remedy {
  readonly text: string;
  /** A command line to copy, as it stands. */
  readonly command?: string;
  /** A link that opens the right settings page on the device. */
  readonly link?: string;
}

/** Which right a read needs: any user, the signed-in person's own session, root or administrator, root with Full Disk Access. */
export type Privilege = 'user' | 'session' | 'root' | 'full-disk-access';

/** A published requirement in the publisher's own numbering, e.g. `{ standard: 'cis-controls-8.1', id: '4.3' }`. */
export interface Reference {
  readonly standard: StandardId;
  readonly id: string;
}

export interface JudgeContext {
  /**
   * The moment judged for; judging never asks the clock. Ages in facts are as of their report: how long ago that was is
   * what agent-health judges.
   */
  readonly now: Date;
  readonly machine: Machine;
  /** Support dates and the like; the shipped tables where nobody brought newer ones. */
  readonly data?: ReferenceData | undefined;
  /** The device's clock minus the collector's, measured when a report came in; only the collector knows. */
  readonly clockSkewSeconds?: number | undefined;
  /** The removable media that waivers approve on this device at that moment. */
  readonly approvedMedia?: readonly ApprovedMedium[] | undefined;
}

/**
 * One testable question. `value` is the closed schema of what a device may report for it, `params` what a policy may set;
 * the defaults of `params`, `mode` and `severity` are the base policy.
 */
export interface Point<V extends z.ZodType = z.ZodType, P extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly mode: Mode;
  readonly severity: Severity;
  /** Which standard the base policy's numbers come from: `ce`, `cis`, `nist`, or `proposal`. */
  readonly numberFrom?: string;
  readonly value: V;
  readonly params: P;
  /** What the policy asks for, in plain words. */
  expected(params: z.output<P>): string;
  /** True where the policy does not ask for it on such a machine: then nothing that was read counts. */
  notRequired?(params: z.output<P>, context: JudgeContext): boolean;
  /**
   * Another point of the check that this one hangs on: where the policy does not ask for that, nobody asks for what could not be told
   * of this either. What was read is judged all the same.
   */
  readonly hangsOn?: string;
  /** Pure. Only ever sees a value that was really read and fits the schema. */
  judge(value: z.output<V>, params: z.output<P>, context: JudgeContext): Verdict;
  /** Per system, how to put it right; a function where it depends on the version, the desktop, or what the policy asks. */
  readonly remedies: Partial<Record<Platform, Remedy | ((machine: Machine, params: z.output<P>) => Remedy)>>;
  /** Per system, the right that a complete answer needs. */
  readonly privilege: Record<Platform, Privilege>;
}

export type Points = Record<string, Point>;

/** A topic staff recognise, made of points that are each judged alone. */
export interface Check<Id extends string = string, Ps extends Points = Points> {
  readonly id: Id;
  /** Plain words for staff. */
  readonly title: string;
  /** One sentence: why the company asks. */
  readonly rationale: string;
  /** One sentence: what a pass does not prove, because no read can tell. */
  readonly blindSpots: string;
  /** `collector` when only the collector can answer (check-in, agreements); such checks have no probe. */
  readonly answeredBy: 'device' | 'collector';
  readonly points: Ps;
  readonly references: readonly Reference[];
}

/**
 * A table that is asked for names which somebody else sent: what every object has from birth (`constructor`, `__proto__`) is not in it.
 */
export function tableOf<T extends object>(entries: T): Readonly<T> {
  return Object.freeze(Object.assign(Object.create(null) as T, entries));
}

/** Ties a point's schemas to its judge, so that the compiler holds both ends. */
export function definePoint<V extends z.ZodType, P extends z.ZodObject>(point: Point<V, P>): Point<V, P> {
  return Object.freeze(point);
}

/** Declares a check; see `Check`. */
export function defineCheck<
  const Id extends string,
  // biome-ignore lint/suspicious/noExplicitAny: each point has its own schemas; definePoint has already tied them to its judge.
  Ps extends { [K in keyof Ps]: Point<any, any> },
  const By extends 'device' | 'collector' = 'device',
>(check: Omit<Check<Id>, 'points' | 'answeredBy'> & { readonly points: Ps; readonly answeredBy?: By }) {
  const points = tableOf(check.points);
  return Object.freeze({ answeredBy: 'device', ...check, points }) as unknown as Check<Id, Ps & Points> & {
    readonly points: Ps;
    readonly answeredBy: By;
  };
}

/** No parameters: the point is either met or not. */
export const noParams = z.strictObject({});
