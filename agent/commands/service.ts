import type { Arguments } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';

/** `agent --service`: reports again and again until it is told to stop. */
export async function service(args: Arguments): Promise<number> {
  const directory = stateDirectory();
  if (enrolledDirectory() !== directory) {
    throw new CommandError(
      'notEnrolled',
      'this machine is not enrolled; ask for a token, then: agent --enroll TOKEN',
    );
  }
  const { ownInterval } = await import('../state/interval.ts');
  const interval = ownInterval(process.env);
  const { runService } = await import('../service/loop.ts');
  return runService({ directory, interval, logLevel: args['log-level'] ?? 'info' });
}
