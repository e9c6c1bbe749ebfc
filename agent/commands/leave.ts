import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arguments, UsageError } from '../arguments.ts';
import { CommandError, commandExitCodes } from '../command-error.ts';
import { stateDirectory } from '../state/directory.ts';
import { readEnrollment, removeEnrollment } from '../state/enrollment.ts';
import { removeChainCopy } from '../sync/chain-copy.ts';
import { deviceRequest } from '../sync/device-request.ts';
import { removeDeviceKey } from '../sync/identity.ts';
import { removeKeptPolicy } from '../sync/kept-policy.ts';
import { openSession, type Session } from '../sync/session.ts';

/** `agent --leave`: tells the collector to accept nothing more from this key, then removes the key and everything kept. */
export async function leave(args: Arguments): Promise<number> {
  if (args.yes !== true && process.stdin.isTTY !== true) {
    throw new UsageError('there is no terminal to ask on; to leave without being asked: --yes');
  }
  const directory = stateDirectory();
  const session = await sessionIfKey(directory);
  const enrollment = session?.enrollment ?? (await readEnrollment(directory));
  if (enrollment === undefined) throw new Error('a session without an enrollment');
  const { organization } = enrollment;
  try {
    if (args.yes !== true && !(await agrees(organization))) {
      process.stderr.write('Nothing was changed.\n');
      return 0;
    }
    const told = session !== undefined && (await tell(session));
    // The enrollment first: whatever is cut off here, nothing is sent any more.
    session?.outbox.remember('enrollment', undefined);
    await removeEnrollment(directory);
    await removeDeviceKey(directory);
    await removeKeptPolicy(directory);
    await removeChainCopy(directory);
    process.stdout.write(
      `This machine has left ${organization}. Its key and everything that was kept here are removed.\n`,
    );
    if (!told) {
      process.stderr.write(
        `agent: ${organization} could not be told; ask its contact (${enrollment.notice.contact}) to remove device ${enrollment.device}\n`,
      );
    }
  } finally {
    session?.close();
  }
  await removeRest(directory);
  return 0;
}

/** Undefined where only the key is gone or damaged: the collector cannot be told then, and one can leave all the same. */
async function sessionIfKey(directory: string): Promise<Session | undefined> {
  try {
    return await openSession(directory);
  } catch (error) {
    const lacksKey = error instanceof CommandError && error.exitCode === commandExitCodes.notEnrolled;
    if (lacksKey && (await readEnrollment(directory)) !== undefined) return undefined;
    throw error;
  }
}

const kept = [
  'outbox.db',
  'schedule.json',
  'history.json',
  'media.db',
  'watch.json',
  'answers.json',
  'run.lock',
].concat(['enrollment.json', 'policy.json', 'chain.json', 'device-key', 'updates']);

/** Whatever else is ours in this folder: also what was set aside as damaged, and what a crash left half written. */
async function removeRest(directory: string): Promise<void> {
  for (const found of await readdir(directory)) {
    const name = kept.find((own) => found.startsWith(own));
    const rest = name === undefined ? undefined : found.slice(name.length);
    if (rest === undefined || !/^(?:-wal|-shm|-journal|\.broken-.*|\.\d+\.new)?$/.test(rest)) continue;
    await rm(join(directory, found), { recursive: true, force: true });
  }
}

async function tell(session: Session): Promise<boolean> {
  try {
    await deviceRequest({ ...session, now: () => new Date() }, { method: 'DELETE', path: '/api/v1/enroll' });
    return true;
  } catch {
    // Leaving is the person's to decide, whether anybody can be told or not.
    return session.outbox.recall('revokedAt') !== undefined;
  }
}

async function agrees(organization: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Leave ${organization}? Its reports stay there; the key here is removed, and coming back needs a new token. [y/N] `,
    );
    return /^\s*(y|yes)\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
}
