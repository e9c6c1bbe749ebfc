import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Arguments } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import type { ChecksDiagnosis } from '../doctor/checks.ts';
import { chosenFormat } from '../output/format.ts';
import { asRows, localTime, printable } from '../output/rows.ts';
import type { Sources } from '../probe.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import { readSchedule } from '../state/schedule.ts';
import { findProxy } from '../sync/find-proxy.ts';
import { notEnrolled } from '../sync/not-enrolled.ts';
import { openSession, type Session } from '../sync/session.ts';

/** One thing that was looked at. `well`: null = could not be told from here. */
interface Examined {
  readonly subject: string;
  readonly well: boolean | null;
  readonly text: string;
}

/** A clock that is further off than this makes signed requests fail. */
const toleratedSkewMs = 60_000;

/** `agent --doctor`: what stands in the way of checks and reports, and what to do. Exit code 1 when something does. */
export async function doctor(args: Arguments): Promise<number> {
  const format = chosenFormat(args.format);
  const { sources, diagnosis } = await checksHere();
  const found = [program(), state(), told(diagnosis), ...(await enrolled())];
  if (format === 'json') {
    const result = { schema: 'muster.doctor/1', examined: found, checks: diagnosis };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    const { asDoctorText } = await import('../output/doctor.ts');
    const mark = (well: boolean | null) => (well === null ? '?' : well ? '✓' : '✗');
    const rows = found.map(({ subject, well, text }) => [`${mark(well)} ${subject}`, text] as const);
    process.stdout.write(`${asRows(rows)}\n\n${asDoctorText(diagnosis, sources.platform)}\n`);
  }
  return found.some(({ well }) => well === false) ? 1 : 0;
}

/** Runs every check once, as `agent --check` would, and keeps nothing of it. */
async function checksHere(): Promise<{ sources: Sources; diagnosis: ChecksDiagnosis }> {
  const [live, slow, history, exec, policy, checks, watch] = await Promise.all([
    import('../sources/live.ts'),
    import('../sources/slow-reads.ts'),
    import('../state/history.ts'),
    import('../sources/exec.ts'),
    import('../policy.ts'),
    import('../doctor/checks.ts'),
    import('../watch/approvals.ts'),
  ]);
  const sources = await live.liveSources();
  const directory = stateDirectory();
  const memory = await history.openHistory(directory, sources.now);
  const chosen = await policy.choosePolicy();
  const remembered = watch.withApprovals(slow.withHistory(sources, memory), memory, chosen, directory);
  const diagnosis = await checks.diagnoseChecks(remembered, chosen.policy);
  // On Windows PowerShell may still be asking what no check waits for any more.
  exec.killChildren();
  return { sources, diagnosis };
}

/** Whether the checks get their answers. What they lack may be no illness, so it is never more than a question mark. */
function told({ points, unknown }: ChecksDiagnosis): Examined {
  const counted = unknown.filter(({ mode }) => mode === 'enforce').length;
  return unknown.length === 0
    ? { subject: 'Checks', well: true, text: `all ${points} points can be told` }
    : {
        subject: 'Checks',
        well: counted === 0 ? true : null,
        text: `${points - unknown.length} of ${points} points can be told; ${counted} of the others count, see below`,
      };
}

function state(): Examined {
  return { subject: 'State', well: true, text: `kept in ${stateDirectory()}` };
}

function program(): Examined {
  return {
    subject: 'Program',
    well: true,
    text: `Node ${process.versions.node} on ${process.platform} ${process.arch}`,
  };
}

async function enrolled(): Promise<Examined[]> {
  const directory = stateDirectory();
  const enrolledAt = enrolledDirectory();
  if (enrolledAt !== undefined && enrolledAt !== directory) {
    // Not to be looked into by this account, which is no illness.
    return [{ subject: 'Enrollment', well: null, text: (await notEnrolled(directory)).message }];
  }
  let session: Session;
  try {
    session = await openSession(directory);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // A run that is under way is no illness.
    return [
      {
        subject: 'Enrollment',
        well: error.message.startsWith('another run') ? null : false,
        text: error.message,
      },
    ];
  }
  try {
    const { enrollment, key } = session;
    return [
      { subject: 'Enrollment', well: true, text: printable(enrollment.organization) },
      { subject: 'Device key', well: true, text: `in ${key.store.description}` },
      await proxy(enrollment.url),
      ...(await collectorAnswers(session)),
      delivery(session),
      outbox(session),
      service(directory),
    ];
  } finally {
    session.close();
  }
}

async function proxy(url: string): Promise<Examined> {
  const { proxy: found, from, automatic } = await findProxy(new URL(url), process.env);
  if (automatic) {
    return {
      subject: 'Proxy',
      well: null,
      text: `${from} has a script or a search choose one (PAC, WPAD), which this agent does not run: it connects directly. Where that fails, set HTTPS_PROXY`,
    };
  }
  return {
    subject: 'Proxy',
    well: true,
    text:
      found === undefined
        ? from === undefined
          ? 'none'
          : `none for this host, by ${from}`
        : `a tunnel through ${found.host}, by ${from}; it sees host and port, nothing else`,
  };
}

/** Connection, certificate and clock, then whether the collector knows this key and signs with the one that was pinned. */
async function collectorAnswers(session: Session): Promise<Examined[]> {
  const { collector, enrollment } = session;
  let offset: number | undefined;
  try {
    ({ clockOffsetMs: offset } = await collector.request({ method: 'GET', path: '/healthz' }));
  } catch (error) {
    return [
      {
        subject: 'Collector',
        well: false,
        text: `${enrollment.url}: ${(error as Error).message}. ${pinned(enrollment.pin)}`,
      },
    ];
  }
  const vouched = enrollment.url.startsWith('http:')
    ? 'on this machine, without TLS'
    : enrollment.pin === null
      ? 'a public authority vouches for its certificate'
      : `it shows the pinned certificate (SHA-256 ${enrollment.pin.slice(0, 16)}...)`;
  const seconds = Math.round((offset ?? 0) / 1000);
  const clock: Examined = {
    subject: 'Clock',
    well: offset === undefined ? null : Math.abs(offset) <= toleratedSkewMs,
    text:
      offset === undefined
        ? 'the collector did not say what time it is'
        : Math.abs(offset) <= toleratedSkewMs
          ? 'agrees with the collector'
          : `${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} the collector; set the clock of this machine`,
  };
  return [
    { subject: 'Collector', well: true, text: `${enrollment.url} answers; ${vouched}` },
    clock,
    await policy(session),
  ];
}

const pinned = (pin: string | null) =>
  pin === null
    ? 'Any certificate a public authority vouches for is accepted'
    : `The only certificate that is accepted: SHA-256 ${pin.slice(0, 16)}...`;

async function policy(session: Session): Promise<Examined> {
  const { pullPolicy } = await import('../sync/policy-pull.ts');
  try {
    const { document } = await pullPolicy({ ...session, now: () => new Date() });
    return {
      subject: 'Policy',
      well: true,
      text: `${document.id} ${document.version}, signed by the pinned key, which the collector has proved to have`,
    };
  } catch (error) {
    return { subject: 'Policy', well: false, text: (error as Error).message };
  }
}

/** When the last report arrived, and what came in the way since. */
function delivery({ outbox }: Session): Examined {
  const last = outbox.recall('lastContact');
  const [at, ...words] = (outbox.recall('lastFailure') ?? '').split(' ');
  const arrived =
    last === undefined ? 'no report has arrived yet' : `the last report arrived ${localTime(last)}`;
  return at === undefined || at === ''
    ? { subject: 'Delivery', well: last === undefined ? null : true, text: arrived }
    : { subject: 'Delivery', well: false, text: `${arrived}; ${localTime(at)}: ${words.join(' ')}` };
}

/** What waits and the log of what was sent are one file, and its log beside it. */
function kibibytes(directory: string): number {
  const bytes = ['outbox.db', 'outbox.db-wal'].reduce(
    (sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return Math.ceil(bytes / 1024);
}

function outbox({ outbox, directory }: Session): Examined {
  const { reports, since, dropped } = outbox.waiting();
  const revoked = outbox.recall('revokedAt');
  if (revoked !== undefined) {
    return {
      subject: 'Reports',
      well: false,
      text: 'the organization removed this device; enroll again with a new token',
    };
  }
  const size = `${kibibytes(directory)} KiB on disk`;
  const waits = since === undefined ? 'nothing waits' : `${reports} waiting since ${localTime(since)}`;
  const lost = dropped > 0 ? `; ${dropped} had to be dropped` : '';
  return {
    subject: 'Outbox',
    well: dropped === 0,
    text: `${waits}${lost}; ${outbox.chain().sequence - 1} delivered; ${size}`,
  };
}

function service(directory: string): Examined {
  const schedule = readSchedule(directory);
  if (schedule?.nextCheckAt == null) {
    return { subject: 'Service', well: null, text: 'no run yet; agent --service repeats it' };
  }
  const late = Date.now() - schedule.nextCheckAt.getTime();
  return late > 10 * 60_000
    ? {
        subject: 'Service',
        well: false,
        text: `a check was due ${localTime(schedule.nextCheckAt)} and did not run; is the service on?`,
      }
    : { subject: 'Service', well: true, text: `next check ${localTime(schedule.nextCheckAt)}` };
}
