import { parseArgs } from 'node:util';

type Flags = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly value?: string; readonly text: string }>
>;

/** Everything `collector` understands: read by the parser and by the help. */
export const commands = {
  setup: {
    text: 'make the database, the keys, the first organization and its first administrator',
    flags: {
      organization: { type: 'string', value: 'NAME', text: 'the company whose laptops are looked after' },
      admin: { type: 'string', value: 'EMAIL', text: 'who may sign in and change everything' },
      policy: {
        type: 'string',
        value: 'PRESET|FILE',
        text: 'base (default), another preset such as kelia, or a policy file in YAML',
      },
      contact: {
        type: 'string',
        value: 'TEXT',
        text: 'whom staff can ask about their data (default: the admin)',
      },
    },
  },
  serve: { text: 'take in reports and show the pages until it is stopped', flags: {} },
  demo: {
    text: 'make a fleet that is all made up, with a past, in a folder of its own, and show it',
    flags: {
      devices: { type: 'string', value: 'NUMBER', text: 'how many laptops (default 200)' },
      days: { type: 'string', value: 'NUMBER', text: 'how long a past (default 90)' },
    },
  },
  clauses: {
    text: 'keep the sentences of an organization’s own written policy, and what answers each',
    flags: {
      file: { type: 'string', value: 'FILE', text: 'the sentences in YAML; docs/policies.md says how' },
      organization: { type: 'string', value: 'NAME', text: 'whose (needed when there are several)' },
    },
  },
  token: {
    text: 'print a token that enrolls one laptop',
    flags: {
      organization: {
        type: 'string',
        value: 'NAME',
        text: 'for which organization (needed when there are several)',
      },
      expires: { type: 'string', value: 'TIME', text: 'how long it is good: 30m, 24h, 7d (default 24h)' },
      owner: { type: 'string', value: 'WHOSE', text: 'whose laptop it is: company, contractor or personal' },
    },
  },
  device: {
    text: 'say whose a laptop is, that it is on leave, or take it out',
    flags: {
      label: { type: 'string', value: 'LABEL', text: 'which one, for example D-7K3F9Q2M' },
      owner: { type: 'string', value: 'WHOSE', text: 'company, contractor or personal' },
      agreement: {
        type: 'string',
        value: 'REFERENCE',
        text: 'with --owner contractor: the agreement that puts it under these rules',
      },
      leave: { type: 'string', value: 'DAY', text: 'not counted and nobody alerted until then' },
      back: { type: 'boolean', text: 'its leave is over' },
      retire: { type: 'boolean', text: 'accept nothing from it any more; its evidence stays' },
      organization: { type: 'string', value: 'NAME', text: 'of which organization' },
    },
  },
  'sign-in-link': {
    text: 'print a link that signs a person in once',
    flags: {
      email: { type: 'string', value: 'EMAIL', text: 'for whom' },
    },
  },
  password: {
    text: 'set a person’s password, read from standard input',
    flags: { email: { type: 'string', value: 'EMAIL', text: 'whose' } },
  },
  user: {
    text: 'accounts and roles: collector user list, add, role, disable or enable',
    actions: ['list', 'add', 'role', 'disable', 'enable'],
    flags: {
      email: { type: 'string', value: 'EMAIL', text: 'whose account (all but list)' },
      name: { type: 'string', value: 'NAME', text: 'what a new account is called' },
      role: {
        type: 'string',
        value: 'ROLE',
        text: 'admin, contractor, reviewer, manager, dpo or auditor (add, role)',
      },
      until: { type: 'string', value: 'DAY', text: 'last day of the role, 2026-12-31; an auditor needs one' },
      remove: { type: 'boolean', text: 'take the role away instead of giving it (role)' },
      organization: { type: 'string', value: 'NAME', text: 'in which organization' },
      json: { type: 'boolean', text: 'for programs (list)' },
    },
  },
  status: {
    text: 'the fleet in the terminal',
    flags: {
      organization: { type: 'string', value: 'NAME', text: 'only this organization' },
      json: { type: 'boolean', text: 'for programs' },
    },
  },
  report: {
    text: 'what a month or a quarter was like: the same numbers as the page',
    flags: {
      month: { type: 'string', value: 'MONTH', text: 'for example 2026-10' },
      quarter: { type: 'string', value: 'QUARTER', text: 'for example 2026-Q3' },
      format: {
        type: 'string',
        value: 'FORMAT',
        text: 'text (default), csv, pdf or html, to standard output',
      },
      organization: {
        type: 'string',
        value: 'NAME',
        text: 'which organization (needed when there are several)',
      },
    },
  },
  verify: {
    text: 'verify every signature, digest and chain of the stored evidence again',
    flags: {
      bundle: { type: 'string', value: 'FILE', text: 'an evidence bundle instead, without a collector' },
      json: { type: 'boolean', text: 'for programs' },
    },
  },
  doctor: {
    text: 'look at settings, keys, certificate, disk, database, evidence and backups',
    flags: { json: { type: 'boolean', text: 'for programs' } },
  },
  health: { text: 'ask the collector that serves here whether it can work', flags: {} },
  backup: {
    text: 'write everything into one sealed file, while the collector serves',
    flags: {
      to: { type: 'string', value: 'FILE', text: 'a file that is not there yet' },
      'passphrase-file': { type: 'string', value: 'FILE', text: 'seal it with the passphrase in this file' },
      recipient: { type: 'string', value: 'AGE1...', text: 'or for whoever has the key of this recipient' },
    },
  },
  'backup-key': {
    text: 'make a key for backups and print its recipient; keep the key elsewhere',
    flags: { to: { type: 'string', value: 'FILE', text: 'a file that is not there yet' } },
  },
  restore: {
    text: 'put a backup into an empty place',
    flags: {
      from: { type: 'string', value: 'FILE', text: 'the backup' },
      'passphrase-file': { type: 'string', value: 'FILE', text: 'the file with its passphrase' },
      'key-file': { type: 'string', value: 'FILE', text: 'or with the key of its recipient' },
    },
  },
  republish: {
    text: 'publish the policy in force again, above what laptops hold; after an old backup came back',
    flags: {
      organization: { type: 'string', value: 'NAME', text: 'whose (needed when there are several)' },
    },
  },
  migrate: {
    text: 'move everything into another, empty database',
    flags: {
      from: {
        type: 'string',
        value: 'ADDRESS',
        text: 'sqlite:PATH or postgres://... (stop the collector first)',
      },
      to: { type: 'string', value: 'ADDRESS', text: 'postgres://... or sqlite:PATH' },
    },
  },
  help: { text: 'this help', flags: {} },
  version: { text: 'the version of this collector', flags: {} },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly text: string;
      readonly flags: Flags;
      /** The word that has to come after the command. */
      readonly actions?: readonly string[];
    }
  >
>;

export type Command = keyof typeof commands;
export type Arguments = Readonly<Record<string, string | boolean | undefined>>;

/** Wrong usage: exit code 64 and one line that helps. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws UsageError with one line that says what to type instead. */
export function parseArguments(argv: readonly string[]): { command: Command; args: Arguments } {
  const [first, ...rest] = argv;
  if (first === undefined)
    throw new UsageError('say what to do, for example: collector serve   (all: collector help)');
  if (first === '--help' || first === '-h' || rest.includes('--help')) return { command: 'help', args: {} };
  if (first === '--version') return { command: 'version', args: {} };
  if (!Object.hasOwn(commands, first)) {
    throw new UsageError('there is no such command   (all: collector help)');
  }
  const command = first as Command;
  const described: { readonly flags: Flags; readonly actions?: readonly string[] } = commands[command];
  const { flags, actions } = described;
  const action = actions === undefined ? undefined : rest.shift();
  if (actions !== undefined && (action === undefined || !actions.includes(action))) {
    throw new UsageError(`${command}: say what to do: ${actions.join(', ')}   (all: collector help)`);
  }
  const options = Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }]));
  try {
    const { values } = parseArgs({ args: rest, options, strict: true, allowPositionals: false });
    return { command, args: { ...values, action } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const known = Object.keys(flags).map((name) => `--${name}`);
    const what =
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
        ? 'unknown flag'
        : code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
          ? 'unexpected word'
          : 'a flag lacks its value or has one too many';
    throw new UsageError(
      `${command}: ${what}; it takes ${known.length === 0 ? 'no flags' : known.join(', ')}   (all: collector help)`,
    );
  }
}

/** A flag with a value, or undefined. */
export const textOf = (args: Arguments, name: string): string | undefined =>
  typeof args[name] === 'string' ? args[name] : undefined;

/** A flag with a whole number, or what counts where it is left out. Throws UsageError outside its bounds. */
export function numberOf(
  args: Arguments,
  name: string,
  otherwise: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const text = textOf(args, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}`);
}

/** A length of time as people write it: `30m`, `24h`, `7d`; in milliseconds. Throws UsageError. */
export function parseTime(text: string): number {
  const match = /^(\d{1,4})([mhd])$/.exec(text);
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ''];
  const time = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!(time > 0)) throw new UsageError('a time is written like 30m, 24h or 7d');
  return time;
}
