import type { Finding, Posture } from '../../shared/judge.ts';
import type { Machine } from '../../shared/machine.ts';
import type { Policy } from '../../shared/policy.ts';
import type { FailedRead } from '../doctor/watch.ts';

/** Everything a run of `agent --check` has to show, in whatever format. */
export interface CheckReport {
  readonly version: string;
  readonly machine: Machine;
  readonly checkedAt: Date;
  readonly elevated: boolean;
  readonly policy: Policy;
  readonly posture: Posture;
  readonly findings: readonly Finding[];
  /** Points that only the service can read, by `check/point`: when it did. */
  readonly seenByService?: ReadonlyMap<string, Date>;
  /** Which reads of a point gave nothing, where that was watched. */
  readonly failedReads?: (check: string, point: string) => readonly FailedRead[];
}

/** When the service saw a point that this run could not read itself. */
export function seenAt({ seenByService }: CheckReport, check: string, point: string): Date | undefined {
  return seenByService?.get(`${check}/${point}`);
}
