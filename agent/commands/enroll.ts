import { type EnrollmentNotice, type EnrollmentToken, parseToken, tokenPrefix } from '../../shared/api.ts';
import { checks } from '../../shared/checks/index.ts';
import { type Arguments, UsageError } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import { fileProblem } from '../file-problem.ts';
import { asRows, localTime } from '../output/rows.ts';
import { readMachine } from '../readings/machine.ts';
import { deviceCheckIds } from '../runner.ts';
import { liveSources } from '../sources/live.ts';
import { stateDirectory } from '../state/directory.ts';
import { readEnrollment } from '../state/enrollment.ts';
import { openCollector } from '../sync/client.ts';
import { enrollDevice, fetchNotice } from '../sync/enroll.ts';
import { collectorProblem, lockState, openSession } from '../sync/session.ts';

/** `agent --enroll TOKEN`, `--enroll-file FILE`: shows the notice, asks, and makes this machine a device of an organization. */
export async function enroll(args: Arguments): Promise<number> {
  const token = await tokenFrom(args);
  const ask = args.yes !== true;
  if (ask && process.stdin.isTTY !== true) {
    throw new UsageError('there is no terminal to ask on; to agree without being asked: --yes');
  }
  const directory = stateDirectory();
  await refuseSecondEnrollment(directory);
  const collector = openCollectorFor(token);
  try {
    const notice = await fetchNotice(collector, token);
    process.stderr.write(noticeText(notice, token));
    if (ask && !(await agrees())) {
      process.stderr.write('Nothing was sent. This machine is not enrolled.\n');
      return 0;
    }
    const lock = lockState(directory);
    try {
      const machine = await readMachine(await liveSources());
      const enrollment = await enrollDevice(collector, token, {
        directory,
        machine,
        notice,
        now: new Date(),
      });
      process.stdout.write(`Enrolled at ${enrollment.organization} as device ${enrollment.device}.\n`);
    } finally {
      lock.release();
    }
  } catch (error) {
    throw collectorProblem(error);
  } finally {
    collector.close();
  }
  await firstPolicy();
  process.stderr.write('What is sent and to whom: agent --privacy. First report: agent --report.\n');
  return 0;
}

async function tokenFrom(args: Arguments): Promise<EnrollmentToken> {
  const text = args['enroll-file'] === undefined ? args.enroll : await tokenFile(args['enroll-file']);
  const token = parseToken(text ?? '');
  if (token === undefined) {
    throw new UsageError(
      `that is no enrollment token: it is one long word that begins with ${tokenPrefix} (was it cut off while copying?)`,
    );
  }
  if (Date.parse(token.expiresAt) <= Date.now()) {
    throw new CommandError(
      'refused',
      `this token expired ${localTime(token.expiresAt)}, and this machine’s clock says ${localTime(new Date())}; ask for a new one, or set the clock if it is wrong`,
    );
  }
  return token;
}

async function tokenFile(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--enroll-file: ${fileProblem(error)} ${path}`);
  }
}

async function refuseSecondEnrollment(directory: string): Promise<void> {
  const existing = await readEnrollment(directory);
  if (existing === undefined) return;
  throw new CommandError(
    'refused',
    `this machine is already enrolled at ${existing.organization}; to change that: agent --leave, then enroll again`,
  );
}

function openCollectorFor(token: EnrollmentToken) {
  try {
    return openCollector(token.url, token.pin);
  } catch (error) {
    throw collectorProblem(error);
  }
}

/** Who, what, why, who sees it, how long: before anything is sent. */
function noticeText(notice: EnrollmentNotice, token: EnrollmentToken): string {
  const clean = (text: string) => text.replace(/\p{C}+/gu, ' ').trim();
  const titles = deviceCheckIds.map((id) => checks[id].title.toLowerCase()).join(', ');
  return `
This machine is about to report to ${new URL(token.url).host}.

${asRows([
  ['Who is responsible', `${clean(notice.controller)} (${clean(notice.contact)})`],
  ['Why', clean(notice.purpose)],
  ['What is collected', `Settings of this machine, never its content: ${titles}.`],
  ['', 'Kind and version of the operating system. Every field: agent --privacy'],
  ['What is not', 'No names, files, passwords, places, networks, browsing or working hours.'],
  ['Who sees it', clean(notice.seenBy)],
  ['How long', clean(notice.retention)],
])}

Notice ${clean(notice.version)}. Nothing about this machine has been sent yet.

`;
}

async function agrees(): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*(y|yes)\s*$/i.test(await terminal.question('Enroll this machine? [y/N] '));
  } finally {
    terminal.close();
  }
}

/** The organization's policy, if it can be had at once; the first report fetches it otherwise. */
async function firstPolicy(): Promise<void> {
  const { pullPolicy } = await import('../sync/policy-pull.ts');
  const session = await openSession();
  try {
    await pullPolicy({ ...session, now: () => new Date() });
  } catch (error) {
    process.stderr.write(`agent: the policy has not arrived yet: ${(error as Error).message}\n`);
  } finally {
    session.close();
  }
}
