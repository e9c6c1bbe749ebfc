import { type Arguments, UsageError } from '../arguments.ts';
import { enrolledDirectory, stateDirectory } from '../state/directory.ts';
import type { RunInterval } from '../state/interval.ts';

/** `agent --service`: reports again and again until it is told to stop. */
export async function service(args: Arguments): Promise<number> {
  const directory = stateDirectory();
  if (args.managed === true) return managed(args, directory);
  if (enrolledDirectory() !== directory) {
    const { notEnrolled } = await import('../sync/not-enrolled.ts');
    throw await notEnrolled(directory);
  }
  const { ownInterval } = await import('../state/interval.ts');
  const interval = givenInterval(ownInterval);
  const { runService } = await import('../service/loop.ts');
  return runService({ directory, interval, logLevel: args['log-level'] ?? 'info' });
}

/** Windows starts the service with the computer, enrolled or not. */
async function managed(args: Arguments, directory: string): Promise<number> {
  const [{ ownInterval }, { runManaged }] = await Promise.all([
    import('../state/interval.ts'),
    import('../service/managed.ts'),
  ]);
  const interval = givenInterval(ownInterval);
  return runManaged({ directory, interval, logLevel: args['log-level'] ?? 'info' });
}

function givenInterval(read: (env: NodeJS.ProcessEnv) => RunInterval | undefined): RunInterval | undefined {
  try {
    return read(process.env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
