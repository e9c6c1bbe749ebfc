import type { Command } from './arguments.ts';
import { type Arguments, parseArguments, UsageError } from './arguments.ts';
import { CommandError } from './command-error.ts';

/** A command prints its result to stdout, everything else to stderr, and returns the exit code. */
export type CommandRunner = (args: Arguments) => Promise<number>;

/** Each command is loaded only when it was asked for: start-up time is mostly imports. */
const runners: { readonly [C in Command]: () => Promise<CommandRunner> } = {
  check: async () => (await import('./commands/check.ts')).check,
  enroll: async () => (await import('./commands/enroll.ts')).enroll,
  'enroll-file': async () => (await import('./commands/enroll.ts')).enroll,
  report: async () => (await import('./commands/report.ts')).report,
  deliver: async () => (await import('./commands/report.ts')).deliverWaiting,
  'note-media': async () => (await import('./commands/note-media.ts')).noteMedia,
  service: async () => (await import('./commands/service.ts')).service,
  leave: async () => (await import('./commands/leave.ts')).leave,
  status: async () => (await import('./commands/status.ts')).status,
  privacy: async () => (await import('./commands/privacy.ts')).privacy,
  sent: async () => (await import('./commands/sent.ts')).sent,
  'request-waiver': async () => (await import('./commands/request-waiver.ts')).requestWaiver,
  attest: async () => (await import('./commands/attest.ts')).attest,
  'my-device': async () => (await import('./commands/my-device.ts')).myDevice,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  selftest: async () => (await import('./commands/selftest.ts')).selftest,
  update: async () => (await import('./commands/update.ts')).update,
  help: async () => (await import('./commands/help.ts')).help,
  version: async () => (await import('./commands/version.ts')).printVersion,
};

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { command, args } = parseArguments(argv);
    return await (await runners[command]())(args);
  } catch (caught) {
    const error = await understood(caught);
    if (error instanceof UsageError) {
      process.stderr.write(`agent: ${error.message}\n`);
      return 64;
    }
    if (error instanceof CommandError) {
      process.stderr.write(`agent: ${error.message}\n`);
      return error.exitCode;
    }
    // The message may quote what was read, so only the kind of fault is shown; --log-level debug is for the rest.
    process.stderr.write(
      `agent: internal fault (${(error as Error).name}). Please report it with the output of agent --version.\n`,
    );
    if (process.env['MUSTER_DEBUG'] === '1') process.stderr.write(`${(error as Error).stack}\n`);
    return 70;
  }
}

/** A full disk, or a state of another account, may be met anywhere; it is no fault of the program. */
async function understood(error: unknown): Promise<unknown> {
  if (error instanceof UsageError || error instanceof CommandError) return error;
  const [{ stateProblem }, { stateDirectory }] = await Promise.all([
    import('./state/problem.ts'),
    import('./state/directory.ts'),
  ]);
  return stateProblem(error, stateDirectory());
}

// A reader that stops early (`agent --check | head`) is no fault; a disk that is full is none of the machine that was checked.
process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  const why = code === 'ENOSPC' ? 'the disk it goes to is full' : code;
  process.stderr.write(`agent: the result could not be written: ${why}\n`);
  process.exit(70);
});

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
