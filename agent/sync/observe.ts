import { Facts } from '../../shared/facts.ts';
import { type Finding, judge } from '../../shared/judge.ts';
import { approvedMedia, withWaivers } from '../../shared/waiver.ts';
import { choosePolicy } from '../policy.ts';
import { readMachine } from '../readings/machine.ts';
import { runChecks } from '../runner.ts';
import { keepAnswers } from '../socket/keep.ts';
import { liveSources } from '../sources/live.ts';
import { renewSlowReads, withHistory } from '../sources/slow-reads.ts';
import { openHistory } from '../state/history.ts';
import { version } from '../version.ts';
import { withApprovals } from '../watch/approvals.ts';
import type { Observation } from './outbox.ts';

/** Reads this machine once: what would be reported, and the verdict the person sees. Never throws for what a probe meets. */
export async function observe(directory: string): Promise<{
  readonly observation: Observation;
  readonly findings: readonly Finding[];
  readonly warning: string | undefined;
  /** To be called once the observation is kept: what it tells need not be told again. */
  keptWhole(): Promise<void>;
}> {
  const live = await liveSources();
  const history = await openHistory(directory, live.now);
  await renewSlowReads(live, history);
  const chosen = await choosePolicy(directory);
  const { policy, waivers, warning } = chosen;
  const sources = withApprovals(withHistory(live, history), history, chosen, directory);
  const machine = await readMachine(sources);
  // Parsed once more by the closed schema, so that the digest is of exactly what travels.
  const facts = Facts.parse(await runChecks(sources, policy));
  await history.save();
  const context = { now: sources.now, machine, approvedMedia: approvedMedia(waivers, sources.now) };
  const judged = judge(facts, policy, context);
  const findings = withWaivers(judged, waivers, sources.now);
  const takenAt = new Date(Math.floor(sources.now.getTime() / 1000) * 1000);
  const observation: Observation = {
    takenAt,
    agent: version,
    policy: { id: policy.id, version: policy.version },
    machine,
    facts,
  };
  const keptWhole = async () => {
    await history.markReported();
    if (sources.elevated) await keepAnswers(directory, facts, sources);
  };
  return { observation, findings, warning, keptWhole };
}
