import { collectAlerts } from './collect.ts';
import { scheduleDigests } from './digests.ts';
import { deliverDue, type Outlets } from './dispatch.ts';
import { scheduleStatementMails } from './statement-mails.ts';

const collectEveryMs = 60_000;
const restMs = 5_000;
const day = 86_400_000;
/** What was told longer ago than a year, and a month for whoever looks back, is forgotten. */
const keptMs = 400 * day;

interface Log {
  error(fields: object, message: string): void;
}

/** Keeps looking for what happened and sending what waits, until stopped. */
export function startAlerts(outlets: Outlets, now: () => Date, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let collectedAt = 0;
  let purgedAt = 0;
  let turn = Promise.resolve();

  async function attempt(work: () => Promise<unknown>, message: string): Promise<void> {
    try {
      if (!stopped) await work();
    } catch (error) {
      log.error({ err: error }, message);
    }
  }

  async function run(): Promise<void> {
    if (now().getTime() - collectedAt >= collectEveryMs) {
      collectedAt = now().getTime();
      await attempt(() => collectAlerts(outlets.stores, now()), 'alerts could not be collected');
      if (outlets.mailer !== undefined) {
        await attempt(
          () => scheduleStatementMails(outlets.stores, now()),
          'people could not be asked by e-mail',
        );
      }
      await attempt(() => scheduleDigests(outlets.stores, now()), 'digests could not be scheduled');
    }
    if (now().getTime() - purgedAt >= day) {
      purgedAt = now().getTime();
      const before = new Date(purgedAt - keptMs);
      await attempt(() => outlets.stores.alerts.purge(before), 'old alerts could not be forgotten');
    }
    await attempt(() => deliverDue(outlets, now), 'a delivery went wrong');
    if (!stopped) timer = setTimeout(next, restMs);
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
      outlets.mailer?.close();
    },
  };
}
