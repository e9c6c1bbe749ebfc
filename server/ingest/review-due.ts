import { closeDays } from '../history/close-days.ts';
import { purgeAll } from '../privacy/purge.ts';
import { type Assessment, assess } from '../review/assess.ts';
import { knowledgeOf } from '../review/knowledge.ts';
import { judgedOf } from '../review/outcomes.ts';
import type { Stores } from '../storage/stores.ts';
import type { Judged } from '../storage/write-findings.ts';
import { standingFacts } from './standing-facts.ts';

/** So many devices in one go, so that a new policy for thousands never holds up reports for long. */
const atOnce = 20;
const restMs = 1_000;

interface Log {
  error(fields: object, message: string): void;
}

/**
 * Judges again what nobody reported anew: devices that fell silent or came back, dates that passed, policies that
 * changed. Answers how many it judged; less than `limit` means nothing more is due. `facts` may be a reader that remembers.
 */
export async function reviewDue(
  stores: Stores,
  now: Date,
  limit = atOnce,
  facts = standingFacts(stores),
): Promise<number> {
  const due = await stores.findings.due(now, limit);
  const byOrganization = Map.groupBy(due, ({ organization }) => organization);
  const judged: Judged[] = [];
  for (const [organization, those] of byOrganization) {
    const [{ policy, effectiveFrom }, granted, devices] = await Promise.all([
      stores.organizations.policy(organization),
      stores.waivers.granted(organization),
      stores.devices.byIds(
        organization,
        those.map(({ device }) => device),
      ),
    ]);
    const said = await facts.read(devices);
    for (const [index, device] of devices.entries()) {
      const known = knowledgeOf(device, granted);
      const assessment = assess(said[index], known, policy, now, facts.judging);
      judged.push(
        judgedOf(assessment, {
          device: device.number,
          organization,
          version: policy.version,
          waivers: granted.revision,
          at: now,
          stateAt: learnedAt(assessment, effectiveFrom, device.leaveUntil, now),
          sequence: null,
          factsSequence: device.factsSequence,
        }),
      );
    }
  }
  if (judged.length > 0) await stores.findings.write(judged);
  return due.length;
}

/**
 * A device fell silent when its time was over, also where nobody looked at that moment; but not before the policy that says so,
 * and not while it was on leave.
 */
function learnedAt(
  { state, silentAt }: Assessment,
  effectiveFrom: Date,
  leaveUntil: Date | null,
  now: Date,
): Date {
  if (state !== 'silent') return now;
  const earliest = Math.max(silentAt.getTime(), effectiveFrom.getTime(), leaveUntil?.getTime() ?? 0);
  return new Date(Math.min(now.getTime(), earliest));
}

/** Keeps reviewing what is due, puts policies in force on their day, and removes what has expired, until stopped. */
export function startReview(stores: Stores, now: () => Date, log: Log): { stop(): Promise<void> } {
  const facts = standingFacts(stores);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let purgedAt = 0;
  let closedOn = '';
  let turn = Promise.resolve();

  async function run(): Promise<void> {
    let more = false;
    try {
      await stores.policies.putDueInForce(now());
      more = (await reviewDue(stores, now(), atOnce, facts)) === atOnce;
      const today = now().toISOString().slice(0, 10);
      if (!more && today !== closedOn) {
        await closeDays(stores, now());
        await purgeAll(stores, now());
        closedOn = today;
      }
      if (now().getTime() - purgedAt > 60_000) {
        purgedAt = now().getTime();
        await stores.sessions.purge(now());
        await stores.keptAnswers.purge(now());
      }
    } catch (error) {
      log.error({ err: error }, 'review failed');
    }
    if (!stopped) timer = setTimeout(next, more ? 1 : restMs);
  }
  const next = () => {
    turn = run();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
