import { posture } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';
import { type Arguments, UsageError } from '../arguments.ts';
import { commandExitCodes } from '../command-error.ts';
import { chosenLogLevel, type Logger, openLog } from '../log.ts';
import { choosePolicy } from '../policy.ts';
import { killChildren } from '../sources/exec.ts';
import { nextRun, type RunInterval, runInterval } from '../state/interval.ts';
import { readSchedule, writeSchedule } from '../state/schedule.ts';
import { retryDelayMs } from '../sync/backoff.ts';
import { CollectorError } from '../sync/client.ts';
import { type Delivery, deliver } from '../sync/delivery.ts';
import { observe } from '../sync/observe.ts';
import { pullPolicy } from '../sync/policy-pull.ts';
import { openSession, type Session } from '../sync/session.ts';

/** `agent --report`: reads this machine, keeps the result, and sends everything that waits. */
export async function report(args: Arguments): Promise<number> {
  return run(args, async (session, log, prove) => {
    // A policy that cannot be had, or that is refused, leaves the one that is kept in force.
    await prove().catch((error: unknown) => noted(error, log));
    const { observation, findings, warning, keptWhole } = await observe(session.directory);
    if (warning !== undefined) process.stderr.write(`agent: ${warning}\n`);
    session.outbox.add(observation);
    await keptWhole();
    log.info({ posture: posture(findings), policy: observation.policy }, 'checked');
    return posture(findings);
  });
}

/** `agent --deliver`: sends what waits, without a new look at the machine. */
export async function deliverWaiting(args: Arguments): Promise<number> {
  return run(args, async () => undefined);
}

async function run(
  args: Arguments,
  work: (session: Session, log: Logger, prove: () => Promise<unknown>) => Promise<string | undefined>,
): Promise<number> {
  // A person at a terminal reads the sentence at the end; the log says the same for whoever keeps it.
  const log = await openLog(
    chosenLogLevel(args['log-level'], process.stderr.isTTY === true ? 'error' : 'warn'),
  );
  let interval = intervalOf(undefined);
  const session = await openSession();
  process.once('SIGTERM', () => {
    // What was begun is whole on disk; the programs that probes started must not outlive this process.
    killChildren();
    process.kill(process.pid, 'SIGTERM');
  });
  try {
    const started = new Date();
    const revokedAt = session.outbox.recall('revokedAt');
    if (revokedAt !== undefined) {
      await keepSchedule(session, { started, checked: true, retryAt: null, interval });
      process.stdout.write(
        `This device was removed from ${session.enrollment.organization}; nothing is sent any more.\n`,
      );
      return commandExitCodes.refused;
    }
    // Asked once a run: the answer brings the policy along.
    let proof: Promise<unknown> | undefined;
    const pull = () => pullPolicy({ ...session, now: () => new Date() });
    const prove = () => {
      proof ??= pull();
      return proof;
    };
    const verdict = await work(session, log, prove);
    interval = intervalOf((await choosePolicy(session.directory)).policy);
    // Due again even if the delivery is cut off now: the outbox has what was found.
    await keepSchedule(session, { started, checked: verdict !== undefined, retryAt: started, interval });
    const delivery = await deliver({
      ...session,
      device: session.enrollment.device,
      now: () => new Date(),
      prove,
    });
    const retryAt = retryTime(session, delivery.problem);
    await keepSchedule(session, { started, checked: verdict !== undefined, retryAt, interval });
    if (delivery.problem !== undefined) {
      log.warn(
        { error: delivery.problem, kind: delivery.problem.kind, problem: delivery.problem.problem },
        'not delivered',
      );
    } else {
      log.info({ reports: delivery.delivered }, 'delivered');
      if (newer(delivery, session)) await pull().catch((error: unknown) => noted(error, log));
    }
    return tell(session, verdict, delivery);
  } finally {
    session.close();
  }
}

/** Every policy says in minutes what this machine counts in milliseconds. */
function intervalOf(policy: Policy | undefined): RunInterval {
  const { run } = policy ?? {};
  try {
    return runInterval(run && { everyMs: run.everyMinutes * 60_000, jitterMs: run.jitterMinutes * 60_000 });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What the collector did not do is for the log here; the delivery says it to the person. */
function noted(error: unknown, log: Logger): void {
  if (!(error instanceof CollectorError)) throw error;
  log.warn({ error }, 'policy not fetched');
}

const newer = ({ policy }: Delivery, { outbox }: Session) =>
  policy !== undefined && policy.version > Number(outbox.recall('policyVersion') ?? 0);

function retryTime({ outbox }: Session, problem: CollectorError | undefined): Date | null {
  if (problem === undefined || outbox.recall('revokedAt') !== undefined) return null;
  const failures = Number(outbox.recall('failures') ?? 1);
  return new Date(Date.now() + retryDelayMs(failures, problem.retryAfterSeconds));
}

async function keepSchedule(
  { directory }: Session,
  {
    started,
    checked,
    retryAt,
    interval,
  }: { started: Date; checked: boolean; retryAt: Date | null; interval: RunInterval },
): Promise<void> {
  const before = readSchedule(directory);
  await writeSchedule(directory, {
    lastCheckAt: checked ? started : (before?.lastCheckAt ?? null),
    nextCheckAt: checked ? nextRun(started, interval) : (before?.nextCheckAt ?? started),
    retryAt,
    longestMs: interval.everyMs + interval.jitterMs,
  });
}

/** One line for the person, and the exit code. */
function tell(
  { outbox, enrollment }: Session,
  verdict: string | undefined,
  { delivered, problem }: Delivery,
): number {
  const found =
    verdict === undefined
      ? ''
      : `${verdict === 'unknown' ? 'not everything could be told' : verdict.replace('-', ' ')}; `;
  if (problem === undefined) {
    const number = delivered > 0 ? ` (number ${outbox.chain().sequence - 1})` : '';
    const what = delivered === 1 ? 'report delivered' : `${delivered} reports delivered`;
    process.stdout.write(
      delivered === 0 ? 'nothing was waiting\n' : `${found}${what} to ${enrollment.organization}${number}\n`,
    );
    return 0;
  }
  const { reports } = outbox.waiting();
  process.stdout.write(
    `${found}${reports === 1 ? '1 report waits' : `${reports} reports wait`}: ${problem.message}\n`,
  );
  if (problem.detail !== undefined) process.stderr.write(`agent: ${problem.detail}\n`);
  return problem.kind === 'unreachable' || problem.kind === 'busy'
    ? commandExitCodes.later
    : commandExitCodes.refused;
}
