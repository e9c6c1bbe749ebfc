import type { NotApplicableReason, Reason } from '../../shared/answer.ts';
import type { Mode, Point, Privilege } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { judge } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import type { Sources } from '../probe.ts';
import { readMachine } from '../readings/machine.ts';
import { deviceCheckIds, runChecks } from '../runner.ts';
import { type FailedRead, failedReads, type Trouble, troubles } from './watch.ts';

/** A point nobody could tell, and the reads for it that gave nothing. */
export interface UnknownPoint {
  readonly check: CheckId;
  readonly point: string;
  readonly title: string;
  readonly mode: Mode;
  readonly reason: Reason | NotApplicableReason | undefined;
  readonly needs: Privilege;
  readonly reads: readonly FailedRead[];
}

/** The points that need a right for a full answer, and whether this run had it. `held`: null = only the answers show it. */
export interface RightNeeded {
  readonly right: Privilege;
  readonly held: boolean | null;
  readonly points: readonly string[];
}

/** Something on this machine that gives no answers, and which programs or files that concerns. */
export interface UnavailableSource {
  readonly trouble: Trouble;
  readonly what: readonly string[];
  /** Checks with a point that stayed unknown and had asked it. */
  readonly checks: readonly CheckId[];
}

export interface ChecksDiagnosis {
  readonly points: number;
  readonly rights: readonly RightNeeded[];
  readonly sources: readonly UnavailableSource[];
  readonly unknown: readonly UnknownPoint[];
}

/**
 * Runs every check once and says what stands in the way of an answer: rights, sources that are not here, and the reads that gave
 * nothing for each point that stayed unknown. Never throws; changes nothing.
 */
export async function diagnoseChecks(sources: Sources, policy: Policy): Promise<ChecksDiagnosis> {
  const failed = failedReads();
  const facts = await runChecks(sources, policy, { watch: failed.watch });
  const findings = judge(facts, policy, { now: sources.now, machine: await readMachine(sources) });
  const unknown = findings.flatMap(({ check, points }) =>
    points
      .filter(({ status }) => status === 'unknown')
      .map(
        ({ point, title, mode, reason }): UnknownPoint => ({
          check,
          point,
          title,
          mode,
          reason,
          needs: definition(check, point).privilege[sources.platform],
          reads: failed.of(check, point),
        }),
      ),
  );
  return {
    points: findings.flatMap(({ points }) => points).length,
    rights: rightsNeeded(sources),
    sources: unavailable(unknown),
    unknown,
  };
}

const definition = (check: CheckId, point: string) =>
  (checks[check].points as Record<string, Point>)[point] as Point;

function rightsNeeded({ platform, elevated, user }: Sources): RightNeeded[] {
  const held: Record<Privilege, boolean | null> = {
    user: true,
    session: user !== null,
    root: elevated,
    'full-disk-access': elevated ? null : false,
  };
  const all = deviceCheckIds.flatMap((check) =>
    Object.entries(checks[check].points as Record<string, Point>).map(
      ([point, { privilege }]) => [privilege[platform], `${check}/${point}`] as const,
    ),
  );
  return (Object.keys(held) as Privilege[])
    .map((right) => ({
      right,
      held: held[right],
      points: all.filter(([needs]) => needs === right).map(([, point]) => point),
    }))
    .filter(({ points }) => points.length > 0);
}

function unavailable(unknown: readonly UnknownPoint[]): UnavailableSource[] {
  const reads = unknown.flatMap(({ check, reads: own }) => own.map((read) => ({ check, ...read })));
  return troubles
    .filter((trouble) => trouble !== 'not-there' && trouble !== 'refused')
    .map((trouble) => {
      const concerned = reads.filter((read) => read.trouble === trouble);
      return {
        trouble,
        what: [...new Set(concerned.map(({ program, read }) => program ?? read))],
        checks: [...new Set(concerned.map(({ check }) => check))],
      };
    })
    .filter(({ what }) => what.length > 0);
}
