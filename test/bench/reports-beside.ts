import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SampleDevice } from '../server/sample-device.ts';
import { bundled } from './bundled.ts';
import type { Asked, HandedDevice, Sent } from './report-sender.ts';

/** So many laptops take turns in reporting. */
const reporting = 1_000;
const warmUp = 6_000;
const measured = 8_000;

/** Reports that come in over the network while something else is measured. */
export interface ReportsBeside {
  /** What the collector takes in a second when it has nothing else to do, one report in four changed. */
  readonly atMost: number;
  /** What comes in beside. */
  readonly perSecond: number;
  /** Reports come in while `work` goes on, for about so long; they are signed before it begins. */
  during<R>(seconds: number, work: () => Promise<R>): Promise<R>;
  /** What really came in a second, over everything that was measured. */
  came(): number;
  stop(): void;
}

/**
 * Measures how many reports a second a collector takes and lets a share of that come in beside, sent by a process of its own: neither
 * signing nor sending takes the collector's time.
 */
export async function reportsBeside(
  port: number,
  devices: readonly SampleDevice[],
  share: number,
): Promise<ReportsBeside> {
  const child = fork(await bundled('report-sender'));
  const handed = devices
    .map((device, seed) => ({ device, seed }))
    // The facts of those that have changed are known: see `changeHalf`.
    .filter(({ device }) => device.sequence > 1)
    .slice(0, reporting)
    .map(
      ({ device: { machine, privateKey, id, sequence, previous }, seed }): HandedDevice => ({
        machine,
        privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        id,
        sequence,
        previous,
        seed,
      }),
    );
  await ask(child, { kind: 'connect', port, devices: handed });
  const drain = async (reports: number): Promise<number> => {
    await ask(child, { kind: 'sign', reports });
    const sent = await ask(child, { kind: 'drain' });
    return sent.reports / sent.seconds;
  };
  await drain(warmUp);
  const atMost = await drain(measured);
  const perSecond = atMost * share;
  let [reports, seconds] = [0, 0];
  return {
    atMost,
    perSecond,
    async during(expected, work) {
      await ask(child, { kind: 'sign', reports: Math.ceil(expected * perSecond) });
      const sending = ask(child, { kind: 'send', perSecond });
      try {
        return await work();
      } finally {
        child.send({ kind: 'stop' } satisfies Asked);
        const sent = await sending;
        reports += sent.reports;
        seconds += sent.seconds;
      }
    },
    came: () => reports / seconds,
    stop: () => child.disconnect(),
  };
}

async function ask(child: ChildProcess, asked: Asked): Promise<Sent> {
  const gaveUp = new AbortController();
  const exited = once(child, 'exit', { signal: gaveUp.signal }).then(() => {
    throw new Error('the process that sends reports has ended');
  });
  const answer = once(child, 'message', { signal: gaveUp.signal });
  child.send(asked);
  const [sent] = (await Promise.race([answer, exited])) as [Sent];
  gaveUp.abort();
  exited.catch(() => {});
  if (sent.refused > 0) throw new Error(`${sent.refused} reports were not accepted`);
  return sent;
}
