import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { enrolledDirectory } from '../state/directory.ts';
import { BrokenState, type Enrollment, readEnrollment } from '../state/enrollment.ts';
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

/** Opens the state for looking at. Throws CommandError when this machine is not enrolled. */
export async function openView(): Promise<View> {
  const directory = enrolledDirectory();
  let enrollment: Enrollment | undefined;
  try {
    enrollment = directory === undefined ? undefined : await readEnrollment(directory);
  } catch (error) {
    if (error instanceof BrokenState) throw new CommandError('notEnrolled', error.message);
    throw error;
  }
  if (directory === undefined || enrollment === undefined) {
    throw new CommandError('notEnrolled', 'this machine is not enrolled: nothing is sent to anybody');
  }
  const { kept } = await readKeptPolicy(directory, enrollment.collectorKey);
  const outbox = existsSync(join(directory, 'outbox.db'))
    ? await Outbox.open(directory, { readOnly: true })
    : undefined;
  return { directory, enrollment, outbox, policy: kept, close: () => outbox?.close() };
}
