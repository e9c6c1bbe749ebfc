import { type Arguments, type Command, parseArguments, UsageError } from './arguments.ts';

/** A command prints its result to stdout, everything else to stderr, and returns the exit code. */
export type CommandRunner = (args: Arguments) => Promise<number>;

/** Each command is loaded only when it was asked for. */
const runners: { readonly [C in Command]: () => Promise<CommandRunner> } = {
  setup: async () => (await import('./commands/setup.ts')).setup,
  serve: async () => (await import('./commands/serve.ts')).serve,
  demo: async () => (await import('./commands/demo.ts')).demo,
  clauses: async () => (await import('./commands/clauses.ts')).clauses,
  token: async () => (await import('./commands/token.ts')).token,
  device: async () => (await import('./commands/device.ts')).device,
  'sign-in-link': async () => (await import('./commands/sign-in-link.ts')).signInLink,
  password: async () => (await import('./commands/password.ts')).password,
  user: async () => (await import('./commands/user.ts')).user,
  status: async () => (await import('./commands/status.ts')).status,
  report: async () => (await import('./commands/report.ts')).report,
  verify: async () => (await import('./commands/verify.ts')).verify,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  health: async () => (await import('./commands/health.ts')).health,
  backup: async () => (await import('./commands/backup.ts')).backup,
  'backup-key': async () => (await import('./commands/backup.ts')).backupKey,
  restore: async () => (await import('./commands/restore.ts')).restore,
  republish: async () => (await import('./commands/republish.ts')).republish,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  help: async () => (await import('./commands/help.ts')).help,
  version: async () => (await import('./commands/help.ts')).printVersion,
};

/** What a person can put right, with the words that say how. */
const plain = new Set([
  'ConfigurationError',
  'NoCollectorKey',
  'NewerDatabase',
  'DatabaseAddressError',
  'NotSetUp',
  'NotEmpty',
  'OtherKey',
  'SealError',
  'TransferFailed',
]);

/** Exit codes: 0 done, 1 the answer is no (evidence is broken), 64 wrong usage, 70 internal fault, 78 wrong settings. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { command, args } = parseArguments(argv);
    return await (await runners[command]())(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`collector: ${error.message}\n`);
      return 64;
    }
    if (error instanceof Error && plain.has(error.name)) {
      process.stderr.write(`collector: ${error.message}\n`);
      return 78;
    }
    const { name, code } = error as NodeJS.ErrnoException;
    process.stderr.write(`collector: internal fault (${[name, code].filter(Boolean).join(' ')}).\n`);
    if (process.env['MUSTER_DEBUG'] === '1') process.stderr.write(`${(error as Error).stack}\n`);
    return 70;
  }
}

// A reader that stops early (`collector status --json | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
