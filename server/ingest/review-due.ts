import { closeDays } from '../history/close-days.ts';
import { type Assessment, assess } from '../review/assess.ts';
import { judgedOf } from '../review/outcomes.ts';
import type { Stores } from '../storage/stores.ts';
import type { Judged } from '../storage/write-findings.ts';
import { provenFacts } from './proven-facts.ts';

/** So many devices in one go, so that a new policy for thousands never holds up reports for long. */
const atOnce = 20;
const restMs = 1_000;

interface Log {
  error(fields: object, message: string): void;
}

/**
 * Judges again what nobody reported anew: devices that fell silent or came back, dates that passed, policies that
 * changed. Answers how many it judged; less than `limit` means nothing more is due.
 */
export async function reviewDue(stores: Stores, now: Date, limit = atOnce): Promise<number> {
  const due = await stores.findings.due(now, limit);
  const judged: Judged[] = [];
  for (const { device: id, organization } of due) {
    const device = await stores.devices.byId(organization, id);
    if (device === undefined) continue;
    const [{ policy, publishedAt }, granted] = await Promise.all([
      stores.organizations.policy(organization),
      stores.waivers.granted(organization),
    ]);
    const facts = await provenFacts(stores, device);
    const assessment = assess(
      facts,
      {
        machine: device.machine,
        agent: device.agent,
        owner: device.owner,
        receivedAt: device.receivedAt,
        diverged: device.divergedAt !== null,
        clockSkewSeconds: device.clockSkewSeconds,
        leaveUntil: device.leaveUntil,
        waivers: granted.of({ id, owner: device.owner, platform: device.machine.platform }),
      },
      policy,
      now,
    );
    judged.push(
      judgedOf(assessment, {
        device: device.number,
        organization,
        version: policy.version,
        waivers: granted.revision,
        at: now,
        stateAt: learnedAt(assessment, publishedAt, device.leaveUntil, now),
        sequence: null,
        factsSequence: device.factsSequence,
      }),
    );
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
  publishedAt: Date,
  leaveUntil: Date | null,
  now: Date,
): Date {
  if (state !== 'silent') return now;
  const earliest = Math.max(silentAt.getTime(), publishedAt.getTime(), leaveUntil?.getTime() ?? 0);
  return new Date(Math.min(now.getTime(), earliest));
}

/** Keeps reviewing what is due, puts policies in force on their day, and removes what has expired, until stopped. */
export function startReview(stores: Stores, now: () => Date, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let purgedAt = 0;
  let closedOn = '';
  let turn = Promise.resolve();

  async function run(): Promise<void> {
    let more = false;
    try {
      await stores.policies.putDueInForce(now());
      more = (await reviewDue(stores, now())) === atOnce;
      const today = now().toISOString().slice(0, 10);
      if (!more && today !== closedOn) {
        await closeDays(stores, now());
        closedOn = today;
      }
      if (now().getTime() - purgedAt > 60_000) {
        purgedAt = now().getTime();
        await stores.sessions.purge(now());
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
