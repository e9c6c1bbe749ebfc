import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { isDamage } from '../state/database.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import { BrokenState, type Enrollment, enrollmentOfCopy, readEnrollment } from '../state/enrollment.ts';
import { readKeptPolicy, type SignedPolicy } from './kept-policy.ts';
import { Outbox } from './outbox.ts';

/** What an enrolled machine keeps, for looking at: nothing is locked, written or sent, so that every user of it may. */
export interface View {
  readonly directory: string;
  readonly enrollment: Enrollment;
  /** Undefined until the first report. */
  readonly outbox: Outbox | undefined;
  readonly policy: SignedPolicy | undefined;
  close(): void;
}

/** Opens the state for looking at. Throws CommandError when this machine is not enrolled, or when what was sent cannot be read. */
export async function openView(): Promise<View> {
  const directory = enrolledDirectory() ?? stateDirectory();
  let enrollment: Enrollment | undefined;
  let why = 'this machine is not enrolled: nothing is sent to anybody';
  try {
    enrollment = await readEnrollment(directory);
  } catch (error) {
    if (!(error instanceof BrokenState)) throw error;
    why = error.message;
  }
  const outbox = await outboxToLookAt(directory);
  // The next run puts it back from there, and goes on sending.
  enrollment ??= outbox === undefined ? undefined : enrollmentOfCopy(outbox.recall('enrollment'));
  if (enrollment === undefined) {
    outbox?.close();
    throw new CommandError('notEnrolled', why);
  }
  const { kept } = await readKeptPolicy(directory, enrollment.collectorKey);
  return { directory, enrollment, outbox, policy: kept, close: () => outbox?.close() };
}

async function outboxToLookAt(directory: string): Promise<Outbox | undefined> {
  const size = statSync(join(directory, 'outbox.db'), { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return undefined;
  try {
    return await Outbox.open(directory, { readOnly: true });
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Never "nothing was sent": that could not be read.
    throw new CommandError(
      'later',
      'outbox.db, which has the list of what was sent, is damaged; the next report (agent --report) keeps it aside and begins a new one',
    );
  }
}
