import type { Answer, NotApplicableReason, Origin, Reason } from './answer.ts';
import type { Check, JudgeContext, Mode, Point, Remedy, Severity, Status, Verdict } from './check.ts';
import { type CheckId, checkIds, checks } from './checks/index.ts';
import type { Facts } from './facts.ts';
import type { PointPolicy, Policy } from './policy.ts';

/** One point, judged. `observed` and `expected` are plain words. */
export interface PointResult {
  readonly point: string;
  readonly title: string;
  readonly status: Status;
  readonly mode: Mode;
  readonly severity: Severity;
  readonly observed: string;
  readonly expected: string;
  /** Who supplied the number in `expected`, where there is one; see number-sources.ts. */
  readonly numberFrom?: string;
  readonly origin?: Origin;
  readonly reason?: Reason | NotApplicableReason;
  readonly remedy?: Remedy;
  readonly clauses: readonly string[];
  /** It is excused for now: its status is what it is, but does not count. */
  readonly waiver?: PointWaiver;
}

/** Why a point that fails or could not be told does not count for now. */
export interface PointWaiver {
  readonly id: string;
  /** The moment from which it counts again. */
  readonly until: string;
  readonly reason: string;
}

/** Outcome of one check on one device at one moment. */
export interface Finding {
  readonly check: CheckId;
  readonly title: string;
  /** The worst enforced point (fail, unknown, pass); where nothing is enforced, the worst point there is. */
  readonly status: Status;
  readonly reason?: Reason | NotApplicableReason;
  readonly severity: Severity;
  readonly summary: string;
  readonly remedy?: Remedy;
  /** A point in mode `warn` fails: attention, not failure. */
  readonly attention: boolean;
  readonly clauses: readonly string[];
  readonly points: readonly PointResult[];
  readonly facts: Readonly<Record<string, Answer<unknown>>>;
}

/** A device rolled up at a moment. */
export type Posture = 'compliant' | 'not-compliant' | 'unknown';

/** Why something is not known, in plain words; what is observed where nothing more can be said. */
export const unknownWords: Record<Reason, string> = {
  missing: 'what it is read from is not there',
  denied: 'the right to read it is missing',
  timeout: 'reading it took too long',
  failed: 'reading it failed',
  unparseable: 'the answer was not understood',
  unsupported: 'this agent cannot look there yet',
  stale: 'the last answer is too old',
  'managed-elsewhere': 'it is managed elsewhere and cannot be seen from here',
  'no-session': 'nobody is signed in',
};

const notApplicableWords: Record<NotApplicableReason, string> = {
  'not-on-this-system': 'this system has no such setting',
  'no-hardware': 'this machine has no such hardware',
  'no-desktop': 'this machine has no desktop',
  'not-connected': 'not connected',
  'none-present': 'there is none',
  'not-encrypted': 'the disk is not encrypted',
  'no-local-accounts': 'there are no local accounts to govern',
  'managed-elsewhere': 'the rules are set elsewhere',
  'not-required': 'the policy does not ask for it here',
};

const notRequiredWords = notApplicableWords['not-required'];

const order: readonly Status[] = ['fail', 'unknown', 'pass', 'not-applicable'];
const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

function verdictOf(
  point: Point,
  answer: Answer<unknown> | undefined,
  params: unknown,
  context: JudgeContext,
): Verdict {
  if (point.notRequired?.(params as never, context) === true) {
    return { status: 'not-applicable', observed: notRequiredWords, reason: 'not-required' };
  }
  if (answer === undefined) return { status: 'unknown', observed: unknownWords.missing, reason: 'missing' };
  if ('unknown' in answer) {
    return {
      status: 'unknown',
      observed: unknownWords[answer.unknown],
      reason: answer.unknown,
    };
  }
  if ('notApplicable' in answer) {
    return {
      status: 'not-applicable',
      observed: notApplicableWords[answer.notApplicable],
      reason: answer.notApplicable,
    };
  }
  const value = point.value.safeParse(answer.value);
  if (!value.success) {
    return { status: 'unknown', observed: unknownWords.unparseable, reason: 'unparseable' };
  }
  return point.judge(value.data, params as never, context);
}

/** Judges one point. Pure, never throws for facts that fit no schema: those are unknown. */
export function judgePoint(
  check: CheckId,
  name: string,
  answer: Answer<unknown> | undefined,
  policy: PointPolicy,
  context: JudgeContext,
): PointResult {
  const point = (checks[check].points as Record<string, Point>)[name];
  if (point === undefined) throw new Error(`no such point: ${check}/${name}`);
  const verdict = verdictOf(point, answer, policy.params, context);
  const remedy = point.remedies[context.machine.platform];
  return {
    point: name,
    title: point.title,
    status: verdict.status,
    mode: policy.mode,
    severity: policy.severity,
    observed: verdict.observed,
    expected: point.expected(policy.params as never),
    ...(policy.numberFrom !== undefined &&
      Object.values(policy.params).some((value) => typeof value === 'number') && {
        numberFrom: policy.numberFrom,
      }),
    ...(answer !== undefined &&
      'origin' in answer &&
      answer.origin !== undefined && { origin: answer.origin }),
    ...('reason' in verdict && { reason: verdict.reason }),
    ...(verdict.status === 'fail' &&
      remedy !== undefined && {
        remedy: typeof remedy === 'function' ? remedy(context.machine, policy.params as never) : remedy,
      }),
    clauses: policy.clauses,
  };
}

/** The worst of several statuses: fail, then unknown, then pass; not-applicable only when nothing else is there. */
export function worstStatus(statuses: readonly Status[]): Status {
  return order.find((status) => statuses.includes(status)) ?? 'not-applicable';
}

/** Does a point hang on one that the policy does not ask for on this machine? */
function isIdle(
  { points }: Check,
  name: string,
  policy: Readonly<Record<string, PointPolicy>>,
  context: JudgeContext,
): boolean {
  const other = points[name]?.hangsOn;
  if (other === undefined) return false;
  return points[other]?.notRequired?.(policy[other]?.params as never, context) === true;
}

/** Judges one check from its facts under a policy. Pure. */
export function judgeCheck(
  id: CheckId,
  facts: Readonly<Record<string, Answer<unknown>>>,
  policy: Policy,
  given: JudgeContext,
): Finding {
  const context: JudgeContext = { ...given, data: given.data ?? policy.data };
  const check = checks[id] as unknown as Check;
  const points = Object.keys(check.points).map((name) => {
    const pointPolicy = policy.checks[id][name];
    if (pointPolicy === undefined) throw new Error(`the policy lacks ${id}/${name}`);
    const result = judgePoint(id, name, facts[name], pointPolicy, context);
    if (result.status !== 'unknown' || !isIdle(check, name, policy.checks[id], context)) return result;
    return {
      ...result,
      status: 'not-applicable' as const,
      observed: notRequiredWords,
      reason: 'not-required' as const,
    };
  });
  const enforced = points.filter(({ mode }) => mode === 'enforce');
  const counted = enforced.length > 0 ? enforced : points.filter(({ mode }) => mode !== 'off');
  const deciding = counted.length > 0 ? counted : points;
  const status = worstStatus(deciding.map((point) => point.status));
  const worst = deciding
    .filter((point) => point.status === status)
    .toSorted((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity));
  const remedy = worst.find((point) => point.remedy)?.remedy;
  const reason = worst[0]?.reason;
  return {
    check: id,
    title: check.title,
    status,
    ...(reason !== undefined && { reason }),
    severity: worst[0]?.severity ?? 'low',
    summary: [...new Set(worst.map((point) => point.observed))].join('; '),
    ...(remedy !== undefined && { remedy }),
    attention: points.some((point) => point.mode === 'warn' && point.status === 'fail'),
    clauses: [...new Set(points.flatMap((point) => point.clauses))],
    points,
    facts,
  };
}

/** Judges everything that was asked. Checks the device cannot answer are left to the collector. */
export function judge(facts: Facts, policy: Policy, context: JudgeContext): Finding[] {
  return checkIds
    .filter((id) => facts[id] !== undefined)
    .map((id) => judgeCheck(id, facts[id] ?? {}, policy, context));
}

/** Does this point count? The policy enforces it, and no waiver excuses it for now. */
export const counts = (point: Pick<PointResult, 'mode' | 'waiver'>): boolean =>
  point.mode === 'enforce' && point.waiver === undefined;

/** What a check comes to when only what counts is asked: what is waived or not enforced is left out. */
export const countedStatus = ({ points }: Pick<Finding, 'points'>): Status =>
  worstStatus(points.filter(counts).map(({ status }) => status));

/** The only roll-up: one failure that counts is not-compliant, else one unknown that counts is unknown. */
export const posture = (findings: readonly Finding[]): Posture => postureOf(findings.map(countedStatus));

/** The same of the counted statuses of the checks. */
export function postureOf(counted: readonly Status[]): Posture {
  const status = worstStatus(counted);
  return status === 'fail' ? 'not-compliant' : status === 'unknown' ? 'unknown' : 'compliant';
}
