import type { Arguments } from '../arguments.ts';
import { commandExitCodes } from '../command-error.ts';
import { SourceError } from '../probe.ts';
import { killChildren } from '../sources/exec.ts';
import { liveSources } from '../sources/live.ts';
import { readOnce } from '../sources/memo.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import { MediaLog, type MediumDay } from '../state/media.ts';
import { lookAtMedia } from '../watch/note.ts';

/**
 * `agent --note-media`: notes which removable media are mounted now, for the days of the next report. The service starts it when
 * something was mounted. With `--verbose` it prints everything that is kept. Exit code 75 where not everything could be told.
 */
export async function noteMedia(args: Arguments): Promise<number> {
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
    if (args.verbose === true) process.stdout.write(asText(log.days()));
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

function asText(days: readonly MediumDay[]): string {
  if (days.length === 0) return 'No removable media were seen in the last 90 days.\n';
  const lines = days.map(
    ({ day, stick, encrypted, writable }) =>
      `${day}  ${stick.slice(0, 8)}  ${encrypted ? 'encrypted' : 'not encrypted'}, ${writable ? 'writable' : 'read-only'}\n`,
  );
  return [
    'Removable media seen here, by day; the number stands for a stick on this machine only\n',
    ...lines,
  ].join('');
}
