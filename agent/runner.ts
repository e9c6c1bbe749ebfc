import { type Answer, type Platform, unknown } from '../shared/answer.ts';
import type { Check, Point } from '../shared/check.ts';
import { type CheckId, checkIds, checks } from '../shared/checks/index.ts';
import type { Facts } from '../shared/facts.ts';
import type { Policy } from '../shared/policy.ts';
import { type PointProbe, SourceError, type Sources } from './probe.ts';
import { probesOf } from './probes/index.ts';
import { readOnce } from './sources/memo.ts';

/**
 * A check that takes longer is unknown, never a pass, and no run takes half a minute. On Windows several checks wait for the one
 * PowerShell, which alone takes seconds to start and may search for updates; on a Mac `system_profiler` may take as long.
 */
const checkTimeoutMs = { darwin: 28_000, linux: 5_000, win32: 28_000 };

export interface RunOptions {
  readonly only?: readonly CheckId[] | undefined;
  readonly timeoutMs?: number;
  /** Told about faults of ours, a probe that threw something else than SourceError. Gets no fact and no read. */
  readonly onFault?: (check: CheckId, point: string, error: unknown) => void;
  /** Lets someone watch what each point reads; gets the run's sources and returns what the point's probe sees. */
  readonly watch?: (sources: Sources, check: CheckId, point: string) => Sources;
}

/** The checks a device answers, in the catalogue's order. */
export const deviceCheckIds: readonly CheckId[] = checkIds.filter(
  (id) => (checks[id] as Check).answeredBy === 'device',
);

/** Loads the probes of this system ahead of the run, so that it happens while something else is waited for. */
export async function loadProbes(): Promise<void> {
  await probesOf[process.platform as Platform]?.();
}

/**
 * Reads every check side by side and returns the facts. Never throws and never fails a check: what a probe could not read, or
 * not in time, or not in the shape its check asks for, is `unknown` with the reason.
 */
export async function runChecks(machine: Sources, policy: Policy, options: RunOptions = {}): Promise<Facts> {
  const sources = readOnce(machine);
  const probes = (await probesOf[machine.platform]()) as Record<string, CheckProbe | 'unsupported'>;
  const wanted = deviceCheckIds.filter((id) => options.only === undefined || options.only.includes(id));
  const entries = await Promise.all(
    wanted.map(async (id) => [id, await runCheck(id, probes[id], sources, policy, options)] as const),
  );
  return Object.fromEntries(entries);
}

type CheckProbe = Readonly<Record<string, PointProbe<unknown, unknown>>>;

async function runCheck(
  id: CheckId,
  probes: CheckProbe | 'unsupported' | undefined,
  sources: Sources,
  policy: Policy,
  { timeoutMs = checkTimeoutMs[sources.platform], onFault, watch }: RunOptions,
): Promise<Record<string, Answer<unknown>>> {
  const points = checks[id].points as Record<string, Point>;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Answer<never>>((resolve) => {
    timer = setTimeout(() => resolve(unknown('timeout')), timeoutMs);
  });
  const entries = await Promise.all(
    Object.entries(points).map(async ([name, point]) => {
      const probe = typeof probes === 'object' ? probes[name] : undefined;
      if (probe === undefined) return [name, unknown('unsupported')] as const;
      const params = policy.checks[id][name]?.params;
      const seen = watch?.(sources, id, name) ?? sources;
      return [
        name,
        await Promise.race([answerOf(id, name, point, () => probe(seen, params), onFault), tooLate]),
      ] as const;
    }),
  );
  clearTimeout(timer);
  return Object.fromEntries(entries);
}

async function answerOf(
  id: CheckId,
  name: string,
  point: Point,
  read: () => Promise<Answer<unknown>>,
  onFault: RunOptions['onFault'],
): Promise<Answer<unknown>> {
  try {
    const answer = await read();
    if (!('value' in answer)) return answer;
    const value = point.value.safeParse(answer.value);
    if (!value.success) return unknown('unparseable');
    return answer.origin === undefined ? { value: value.data } : { value: value.data, origin: answer.origin };
  } catch (error) {
    if (error instanceof SourceError) return unknown(error.reason);
    onFault?.(id, name, error);
    return unknown('failed');
  }
}
