import { parseArgs } from 'node:util';

/** Everything `agent` understands. Read by the parser, by `--help` and by the shell completions. */
export const flags = {
  check: { type: 'boolean', text: 'check this machine now and show the verdict, the reason and the fix' },
  only: { type: 'string', value: 'CHECKS', text: 'with --check: only these checks, separated by commas' },
  policy: {
    type: 'string',
    value: 'POLICY',
    text: 'with --check: judge by a policy that comes with the agent, or by a file',
  },
  format: { type: 'string', value: 'FORMAT', text: 'table (default) or json; with --check junit, too' },
  verbose: {
    type: 'boolean',
    text: 'with --check: every point, passed ones too; with --note-media: every day',
  },
  record: { type: 'string', value: 'FILE', text: 'with --check: keep what was read, scrubbed, in FILE' },
  replay: { type: 'string', value: 'FILE', text: 'with --check: judge a recording instead of this machine' },
  enroll: { type: 'string', value: 'TOKEN', text: 'make this machine a device of an organization' },
  'enroll-file': { type: 'string', value: 'FILE', text: 'the same, with the token in a file' },
  yes: { type: 'boolean', text: 'with --enroll and --leave: do it without being asked' },
  report: { type: 'boolean', text: 'check this machine and send one signed report' },
  'note-media': {
    type: 'boolean',
    text: 'note the removable media mounted now; the service does it by itself',
  },
  service: { type: 'boolean', text: 'report again and again until stopped' },
  managed: { type: 'boolean', text: 'with --service: as Windows’ service manager starts it' },
  deliver: { type: 'boolean', text: 'send the reports that wait, without a new check' },
  leave: { type: 'boolean', text: 'end the enrollment, and remove the key and everything that was kept' },
  status: { type: 'boolean', text: 'where this machine stands: enrollment, policy, last and next report' },
  privacy: { type: 'boolean', text: 'every field that is sent, with its last value, why, and who sees it' },
  sent: { type: 'boolean', text: 'every report that left this machine: when, to whom, how it was answered' },
  number: { type: 'string', value: 'N', text: 'with --sent: what report N said, word for word' },
  'dry-run': { type: 'boolean', text: 'with --check: the report as it would be sent; sends nothing' },
  'request-waiver': {
    type: 'string',
    value: 'CHECK',
    text: 'ask to be excused from a check, or from one CHECK/POINT; removable-media/approved/NUMBER asks to approve a stick',
  },
  reason: { type: 'string', value: 'TEXT', text: 'with --request-waiver: why' },
  attest: {
    type: 'boolean',
    text: 'what the organization asks you to state, word for word; each answer is signed here',
  },
  'my-device': { type: 'boolean', text: 'a link to the page with everything kept about this machine' },
  doctor: { type: 'boolean', text: 'what stands in the way of checks and reports' },
  selftest: {
    type: 'boolean',
    text: 'try every check on a recorded machine in order, and on one that is not',
  },
  update: {
    type: 'boolean',
    text: 'take a newer agent from the collector, where it was installed that way; the service does it daily',
  },
  'log-level': {
    type: 'string',
    value: 'LEVEL',
    text: 'with --report or --service: silent, error, warn, info, debug',
  },
  help: { type: 'boolean', text: 'this help' },
  version: { type: 'boolean', text: 'the version of this agent' },
} as const satisfies Record<string, { type: 'boolean' | 'string'; value?: string; text: string }>;

export type Flag = keyof typeof flags;
type ValueOf<F extends Flag> = (typeof flags)[F]['type'] extends 'boolean' ? boolean : string;
export type Arguments = { readonly [F in Flag]?: ValueOf<F> };

/** Wrong usage: exit code 64 and one line that helps. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The flags that say what to do; exactly one of them is given. */
export const commands = [
  'check',
  'enroll',
  'enroll-file',
  'report',
  'deliver',
  'note-media',
  'service',
  'leave',
  'status',
  'privacy',
  'sent',
  'request-waiver',
  'my-device',
  'attest',
  'doctor',
  'selftest',
  'update',
  'help',
  'version',
] as const satisfies readonly Flag[];
export type Command = (typeof commands)[number];

/** Flags that belong to a command; given without it they are an error, not silently ignored. */
const belongsTo: { readonly [F in Flag]?: readonly Command[] } = {
  only: ['check'],
  policy: ['check'],
  format: ['check', 'status', 'privacy', 'sent', 'doctor', 'selftest'],
  verbose: ['check', 'note-media'],
  record: ['check'],
  replay: ['check'],
  'dry-run': ['check'],
  number: ['sent'],
  reason: ['request-waiver'],
  managed: ['service'],
  yes: ['enroll', 'enroll-file', 'leave'],
  'log-level': ['report', 'deliver', 'note-media', 'service', 'update'],
};

/** Reads the command line. Throws UsageError with one line that says what to type instead. */
export function parseArguments(argv: readonly string[]): { command: Command; args: Arguments } {
  const options = Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }]));
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }) as {
      values: Record<string, string | boolean | undefined>;
    });
  } catch (error) {
    throw new UsageError(explain(argv, error as NodeJS.ErrnoException));
  }
  const given = commands.filter((name) => values[name] === true || typeof values[name] === 'string');
  const command = given.includes('help') ? 'help' : given.includes('version') ? 'version' : given[0];
  if (command === undefined) {
    throw new UsageError('say what to do, for example: agent --check   (all flags: agent --help)');
  }
  if (given.length > 1 && command !== 'help' && command !== 'version') {
    throw new UsageError(`--${given[0]} and --${given[1]} do not go together`);
  }
  if (command !== 'help' && command !== 'version') {
    for (const name of Object.keys(values) as Flag[]) {
      const owners = belongsTo[name];
      if (owners !== undefined && !owners.includes(command)) {
        const list = owners
          .map((owner) => `--${owner}`)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1');
        throw new UsageError(`--${name} goes with ${list} only`);
      }
    }
  }
  return { command, args: values as Arguments };
}

function explain(argv: readonly string[], error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const unknown = argv.find((argument) => argument.startsWith('-') && !known(argument)) ?? '';
    const name = unknown.replace(/=.*/, '');
    const nearest = closest(name.replace(/^-+/, ''));
    return `unknown flag ${name}${nearest === undefined ? '' : `, did you mean --${nearest}?`}   (all flags: agent --help)`;
  }
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    // The word itself is never repeated: it may be a piece of a token.
    const [word = ''] = argv;
    const meant = word.startsWith('-') ? undefined : closest(word);
    return meant === undefined
      ? 'unexpected word on the command line; what has blanks in it goes in quotes   (all flags: agent --help)'
      : `commands are flags here, did you mean --${meant}?   (all flags: agent --help)`;
  }
  const flag = /--([a-z-]+)/.exec(error.message)?.[1] as Flag | undefined;
  const entry = flag === undefined ? undefined : (flags[flag] as { type: string; value?: string });
  if (flag !== undefined && entry !== undefined) {
    return entry.type === 'string' ? `--${flag} needs ${entry.value}` : `--${flag} takes no value`;
  }
  return 'the command line was not understood   (all flags: agent --help)';
}

const known = (argument: string) => Object.hasOwn(flags, argument.replace(/^--/, '').replace(/=.*/, ''));

/** The flag with the fewest letters changed, if that is at most three. */
function closest(name: string): string | undefined {
  const ranked = Object.keys(flags)
    .map((flag) => [flag, distance(name, flag)] as const)
    .toSorted((a, b) => a[1] - b[1]);
  const best = ranked[0];
  return best !== undefined && best[1] <= 3 && best[1] < name.length ? best[0] : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
