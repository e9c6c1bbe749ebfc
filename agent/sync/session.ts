import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { stateDirectory } from '../state/directory.ts';
import {
  BrokenState,
  type Enrollment,
  enrollmentOfCopy,
  readEnrollment,
  writeEnrollment,
} from '../state/enrollment.ts';
import { stateProblem } from '../state/problem.ts';
import { AlreadyRunning, takeRunLock } from '../state/run-lock.ts';
import { recoverChain } from './chain-copy.ts';
import { type Collector, CollectorError, openCollector } from './client.ts';
import { DamagedKey, type DeviceKey, readDeviceKey } from './identity.ts';
import { notEnrolled } from './not-enrolled.ts';
import { Outbox } from './outbox.ts';

/** Everything an enrolled agent works with. This process is the only one at work on it until `close`. */
export interface Session {
  readonly directory: string;
  readonly enrollment: Enrollment;
  readonly key: DeviceKey;
  readonly outbox: Outbox;
  readonly collector: Collector;
  close(): void;
}

/** Opens the state of an enrolled agent. Throws CommandError that says what to do. */
export async function openSession(directory = stateDirectory()): Promise<Session> {
  const lock = lockState(directory);
  try {
    const enrollment = await enrollmentOf(directory);
    const key = await keyOf(directory);
    const outbox = await Outbox.open(directory);
    await recoverChain(directory, outbox);
    const copy = JSON.stringify(enrollment);
    if (outbox.recall('enrollment') !== copy) outbox.remember('enrollment', copy);
    const collector = openCollector(enrollment.url, enrollment.pin);
    return {
      directory,
      enrollment,
      key,
      outbox,
      collector,
      close() {
        collector.close();
        outbox.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Makes this process the only one at work on the state. Throws CommandError. */
export function lockState(directory: string): { release(): void } {
  try {
    return takeRunLock(directory);
  } catch (error) {
    if (error instanceof AlreadyRunning) {
      throw new CommandError('later', 'another run of the agent is under way; try again in a moment');
    }
    throw stateProblem(error, directory);
  }
}

async function enrollmentOf(directory: string): Promise<Enrollment> {
  try {
    const enrollment = await readEnrollment(directory);
    if (enrollment !== undefined) return enrollment;
  } catch (error) {
    if (!(error instanceof BrokenState)) throw stateProblem(error, directory);
    process.stderr.write(`agent: ${error.message}\n`);
  }
  const copy = await enrollmentCopy(directory);
  if (copy !== undefined) {
    await writeEnrollment(directory, copy);
    process.stderr.write('agent: the enrollment was put back from its copy in the outbox\n');
    return copy;
  }
  throw await notEnrolled(directory);
}

/** The enrollment as the outbox remembers it; forgotten there when this machine leaves. */
async function enrollmentCopy(directory: string): Promise<Enrollment | undefined> {
  if (!existsSync(join(directory, 'outbox.db'))) return undefined;
  const outbox = await Outbox.open(directory);
  try {
    return enrollmentOfCopy(outbox.recall('enrollment'));
  } finally {
    outbox.close();
  }
}

async function keyOf(directory: string): Promise<DeviceKey> {
  let key: DeviceKey | undefined;
  try {
    key = await readDeviceKey(directory);
  } catch (error) {
    if ((error as Error).name === 'ExposedKey') throw new CommandError('refused', (error as Error).message);
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw stateProblem(error, directory);
    if (error instanceof DamagedKey) {
      throw new CommandError(
        'notEnrolled',
        'the device key is damaged; agent --leave, then enroll again with a new token',
      );
    }
    throw new CommandError('later', 'the device key cannot be read now; is the keychain locked?');
  }
  if (key === undefined) {
    throw new CommandError(
      'notEnrolled',
      'the device key is gone; agent --leave, then enroll again with a new token',
    );
  }
  return key;
}

/** A collector's failure as the end of a command. */
export function collectorProblem(error: unknown): unknown {
  if (!(error instanceof CollectorError)) return error;
  const kind = error.kind === 'unreachable' || error.kind === 'busy' ? 'later' : 'refused';
  return new CommandError(
    kind,
    error.detail === undefined ? error.message : `${error.message}. ${error.detail}`,
  );
}
