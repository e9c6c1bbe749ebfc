import type { Finding, Posture } from '../../shared/judge.ts';
import type { Machine } from '../../shared/machine.ts';
import type { Policy } from '../../shared/policy.ts';

/** Everything a run of `agent --check` has to show, in whatever format. */
export interface CheckReport {
  readonly version: string;
  readonly machine: Machine;
  readonly checkedAt: Date;
  readonly elevated: boolean;
  readonly policy: Policy;
  readonly posture: Posture;
  readonly findings: readonly Finding[];
}
