import type { Mode } from '../../shared/check.ts';
import { mediumPoint } from '../../shared/medium.ts';
import type { PointPolicy, Policy } from '../../shared/policy.ts';
import type { Arguments } from '../arguments.ts';
import { commandExitCodes } from '../command-error.ts';
import { choosePolicy } from '../policy.ts';
import { SourceError } from '../probe.ts';
import { killChildren } from '../sources/exec.ts';
import { liveSources } from '../sources/live.ts';
import { readOnce } from '../sources/memo.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import { MediaLog, type MediumDay } from '../state/media.ts';
import { notEnrolled } from '../sync/not-enrolled.ts';
import { approvedNumbers } from '../watch/approvals.ts';
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
  if (enrolledDirectory() !== directory) throw await notEnrolled(directory);
  const sources = readOnce(await liveSources());
  try {
    const { media, complete } = await lookAtMedia(sources);
    const log = await MediaLog.open(directory);
    const chosen = await choosePolicy(directory);
    const { mode, params } = mediaPolicy(chosen.policy);
    const approved = approvedNumbers(chosen, params.media, sources.now);
    log.note(media, sources.now, approved);
    if (args.verbose === true) {
      process.stdout.write(asText(log.days(), mode === 'off' ? undefined : (approved ?? new Set())));
    }
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

interface MediaPolicy {
  readonly mode: Mode;
  readonly params: { readonly media: readonly string[] };
}

const mediaPolicy = ({ checks }: Policy) =>
  checks[mediumPoint.check][mediumPoint.point] as PointPolicy & MediaPolicy;

/** `approved` are the numbers that may be used now; undefined where the organization does not ask for that. */
function asText(days: readonly MediumDay[], approved: ReadonlySet<string> | undefined): string {
  if (days.length === 0) return 'No removable media were seen in the last 90 days.\n';
  const lines = days.map((day) => {
    const words = [day.encrypted ? 'encrypted' : 'not encrypted', day.writable ? 'writable' : 'read-only'];
    if (approved !== undefined) words.push(approvalWords(day, approved));
    return `${day.day}  ${(day.number ?? 'has no number').padEnd(13)}  ${words.join(', ')}\n`;
  });
  return [
    'Removable media seen here, by day; the number stands for a stick on this machine only\n',
    ...lines,
  ].join('');
}

function approvalWords(day: MediumDay, approved: ReadonlySet<string>): string {
  if (day.number !== undefined && approved.has(day.number)) return 'approved';
  if (day.approved === undefined) return 'approval not known';
  return day.approved ? 'approved then' : 'not approved';
}
