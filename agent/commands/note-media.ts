import { commandExitCodes } from '../command-error.ts';
import { SourceError } from '../probe.ts';
import { killChildren } from '../sources/exec.ts';
import { liveSources } from '../sources/live.ts';
import { readOnce } from '../sources/memo.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import { MediaLog } from '../state/media.ts';
import { lookAtMedia } from '../watch/note.ts';

/**
 * `agent --note-media`: notes which removable media are mounted now, for the days of the next report. The service starts it when
 * something was mounted. Exit code 75 where not everything could be told.
 */
export async function noteMedia(): Promise<number> {
  process.once('SIGTERM', () => {
    killChildren();
    process.kill(process.pid, 'SIGTERM');
  });
  const directory = stateDirectory();
  // After somebody has left, nothing is kept any more.
  if (enrolledDirectory() !== directory) return commandExitCodes.notEnrolled;
  const sources = readOnce(await liveSources());
  try {
    const { media, complete } = await lookAtMedia(sources);
    const log = await MediaLog.open(directory);
    log.note(media, sources.now);
    log.close();
    return complete ? 0 : commandExitCodes.later;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // Where the disks cannot be listed there is nothing to note; the next look is when something changes, or tomorrow.
    return commandExitCodes.later;
  } finally {
    killChildren();
  }
}
