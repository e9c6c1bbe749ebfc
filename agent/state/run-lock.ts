import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeStateDirectory } from './file.ts';

/** Another process of the agent is at work on the same state. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

const busy = 5;

/**
 * Makes this process the only one at work on a state directory until `release` or the end of the process, however it ends: the
 * operating system drops the lock. Throws AlreadyRunning.
 */
export function takeRunLock(directory: string): { release(): void } {
  makeStateDirectory(directory);
  const db = new DatabaseSync(join(directory, 'run.lock'), { timeout: 0 });
  try {
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === busy) {
      throw new AlreadyRunning('another run of the agent is under way');
    }
    throw error;
  }
  return { release: () => db.close() };
}
