import type { Platform } from '../../shared/answer.ts';
import type { Check, Status } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { judge } from '../../shared/judge.ts';
import { AuthoredPolicy, basePolicy, extendPolicy } from '../../shared/policy.ts';
import { readMachine } from '../readings/machine.ts';
import { deviceCheckIds, runChecks } from '../runner.ts';
import { replaySources } from '../sources/recording.ts';
import type { Canaries, Canary } from './canaries.ts';

/** A point that came to something else than it must on a known machine. */
export interface WrongPoint {
  readonly point: string;
  readonly machine: 'passing' | 'failing';
  readonly expected: readonly Status[];
  readonly found: Status;
}

/**
 * What the self-test of one check came to: `told` when it tells the machine in order from the other one, with every point as it
 * must be; `blind` when it does not; `unanswerable` when this system tells nothing about it, so that nothing is ever passed;
 * `untested` when the agent came without recordings for it.
 */
export interface SelfTestResult {
  readonly check: CheckId;
  readonly title: string;
  readonly outcome: 'told' | 'blind' | 'unanswerable' | 'untested';
  readonly wrong: readonly WrongPoint[];
}

/**
 * Feeds every check a machine in order and one that is not, through the same reading and judging as a real check, and says which
 * checks cannot tell them apart. Touches nothing of this machine. Never throws.
 */
export async function selfTest(platform: Platform, canaries: Canaries): Promise<SelfTestResult[]> {
  return Promise.all(
    deviceCheckIds.map(async (check): Promise<SelfTestResult> => {
      const { title } = checks[check] as Check;
      const pair = canaries[check];
      if (pair === undefined || pair.passing.recording.platform !== platform) {
        return { check, title, outcome: 'untested', wrong: [] };
      }
      const passing = await statusesOf(check, pair.passing);
      const failing = await statusesOf(check, pair.failing);
      const wrong = [
        ...wrongPoints('passing', pair.passing, passing),
        ...wrongPoints('failing', pair.failing, failing),
      ];
      return { check, title, outcome: outcomeOf(passing, failing, wrong), wrong };
    }),
  );
}

type Statuses = ReadonlyMap<string, Status>;

function outcomeOf(passing: Statuses, failing: Statuses, wrong: readonly WrongPoint[]) {
  if (wrong.length > 0) return 'blind';
  const all = [...passing.values(), ...failing.values()];
  if (all.length > 0 && !all.includes('pass') && !all.includes('fail')) return 'unanswerable';
  // Not every system can prove the opposite: there the other machine is unknown.
  const apart = [...passing].some(([point, status]) => status === 'pass' && failing.get(point) !== 'pass');
  return apart ? 'told' : 'blind';
}

async function statusesOf(check: CheckId, { recording, policy }: Canary): Promise<Statuses> {
  const sources = replaySources(recording);
  const asked =
    policy === undefined
      ? basePolicy()
      : extendPolicy(basePolicy(), AuthoredPolicy.parse({ policy: 'selftest', version: 1, checks: policy }));
  const facts = await runChecks(sources, asked, { only: [check] });
  const findings = judge(facts, asked, { now: sources.now, machine: await readMachine(sources) });
  const finding = findings.find((each) => each.check === check);
  return new Map(finding?.points.map(({ point, status }) => [point, status]));
}

function wrongPoints(machine: 'passing' | 'failing', { expected }: Canary, found: Statuses): WrongPoint[] {
  return Object.entries(expected)
    .map(([point, statuses]) => ({
      point,
      machine,
      expected: statuses,
      found: found.get(point) ?? ('unknown' as const),
    }))
    .filter((result) => !result.expected.includes(result.found));
}
