import { type CommandOptions, type CommandResult, type Person, SourceError } from '../../probe.ts';
import { readLoginSessions, signedIn } from '../../readings/linux/sessions.ts';
import { isSharedName } from '../../readings/shared-names.ts';

/** The plain doors, without anybody's session. */
interface Low {
  command(
    argv: readonly [program: string, ...args: string[]],
    options?: CommandOptions,
  ): Promise<CommandResult>;
}

/** A person of this machine, and where that person's files are. */
export interface LocalPerson extends Person {
  readonly uid: number;
  readonly home: string;
}

/**
 * Who is at the screen, with the real name; null = nobody is signed in here. The active session on seat0, else the only one;
 * with several and none of them active, the one with the lowest id. Asks logind. Throws SourceError where logind does not run.
 */
export async function personAtScreen(sources: Low): Promise<LocalPerson | null> {
  const people = signedIn(await readLoginSessions(sources)).toSorted((a, b) => Number(a.id) - Number(b.id));
  const chosen = people.find(({ active, seat }) => active && seat === 'seat0') ?? people[0];
  return chosen === undefined ? null : localPerson(sources, chosen.name);
}

/** A person by account name, from `getent passwd NAME`. Throws SourceError when there is none. */
export async function localPerson(sources: Low, name: string): Promise<LocalPerson> {
  const { stdout, exitCode } = await sources.command(['getent', 'passwd', name]);
  const [account, , uid, , , home] = stdout.trim().split(':');
  if (exitCode !== 0 || account === undefined || !/^\d{1,10}$/.test(uid ?? '') || !home?.startsWith('/')) {
    throw new SourceError('missing', 'no such account', 'not-found');
  }
  return { name: account, uid: Number(uid), home };
}

/**
 * Whether this process may answer for that person: root can become anyone, everybody else answers for themselves only. When it
 * may not, the person's points are unknown, never those of whoever runs the agent.
 */
export function mayAnswerFor(person: Person, elevated: boolean, ownUid: number): boolean {
  return elevated || person.uid === ownUid;
}

/** Variables of a session that programs need to find its screen and its settings; GSETTINGS_* are never taken over. */
const sessionVariables = [
  'XDG_CURRENT_DESKTOP',
  'XDG_CONFIG_DIRS',
  'XDG_DATA_DIRS',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
];

const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin';

/**
 * How a command is run as the person, in the person's session. From root `runuser` becomes the person, and `env -i` leaves
 * nothing of root's own: a root process that runs gsettings reads root's settings, whatever bus it is given. An agent that is not
 * elevated is that person already and runs it bare.
 */
export function asPerson(
  argv: readonly [string, ...string[]],
  person: LocalPerson,
  elevated: boolean,
  environment: Readonly<Record<string, string>> = {},
): [string, ...string[]] {
  if (!elevated) return [...argv];
  const runtime = `/run/user/${person.uid}`;
  const variables = {
    ...environment,
    PATH: systemPath,
    LC_ALL: 'C',
    LANG: 'C',
    LANGUAGE: '',
    PAGER: '',
    SYSTEMD_PAGER: '',
    HOME: person.home,
    USER: person.name,
    LOGNAME: person.name,
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtime}/bus`,
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ['runuser', '-u', person.name, '--', 'env', '-i', ...assignments, ...argv];
}

/** `runuser -u NAME -- ARGV`, the form in which probes ask for another signed-in person's reads; undefined for anything else. */
export function askedOfAnother(
  argv: readonly [string, ...string[]],
): { readonly name: string; readonly argv: [string, ...string[]] } | undefined {
  const [program, flag, name, dashes, first, ...rest] = argv;
  if (program !== 'runuser' || flag !== '-u' || dashes !== '--') return undefined;
  return name === undefined || first === undefined ? undefined : { name, argv: [first, ...rest] };
}

/** `env` ends with 127 for a program that is not there and 126 for one it may not start: that is no answer of the program. */
export function startFailure(result: CommandResult, program: string): SourceError | undefined {
  if (!/^env: /m.test(result.stderr)) return undefined;
  if (result.exitCode === 127) return new SourceError('missing', `${program} is not installed`, 'ENOENT');
  return result.exitCode === 126
    ? new SourceError('denied', `${program} may not be started`, 'EACCES')
    : undefined;
}

/** The session of the person at the screen, for the live agent. */
export interface LinuxSession {
  /** A stand-in, `generic` where the real name is a shared one; null = nobody is signed in, logind says nothing, or this process may not answer for the person. */
  readonly user: Person | null;
  /** Runs a command; `as: 'user'` and `runuser -u NAME -- ...` in that person's session. Throws SourceError. */
  command(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult>;
  /** Where a path of the stand-in's home (`/home/user/...`) really is. Throws SourceError when nobody is signed in. */
  path(path: string): Promise<string>;
}

/** Finds out who is at the screen, once. Never throws: without an answer of logind nobody is. */
export async function linuxSession(low: Low, elevated: boolean, ownUid: number): Promise<LinuxSession> {
  const person = await whoOrNobody(low);
  const user = person !== null && mayAnswerFor(person, elevated, ownUid) ? person : null;
  const environments = new Map<string, Promise<Record<string, string>>>();
  const run = async (
    argv: readonly [string, ...string[]],
    { as: _, ...options }: CommandOptions,
    other: LocalPerson,
  ) => {
    if (!elevated) return low.command(argv, options);
    const known = environments.get(other.name) ?? sessionEnvironment(low, other);
    environments.set(other.name, known);
    const result = await low.command(asPerson(argv, other, elevated, await known), options);
    const failure = startFailure(result, argv[0]);
    if (failure !== undefined) throw failure;
    return result;
  };
  return {
    // A person really called `user` has a shared name too: the stand-in says so, not the name.
    user: user && { name: isSharedName(user.name) ? 'generic' : 'user', uid: user.uid },
    async command(argv, options = {}) {
      if (options.as === 'user') {
        if (user === null) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
        return run(argv, options, user);
      }
      const asked = askedOfAnother(argv);
      if (asked === undefined) return low.command(argv, options);
      if (!elevated) throw new SourceError('denied', 'only root may become another person', 'EACCES');
      return run(asked.argv, options, await localPerson(low, asked.name));
    },
    async path(path) {
      const [, name, rest] = /^\/home\/([^/]+)(\/.*)?$/.exec(path) ?? [];
      if (name === undefined) return path;
      if (name !== 'user') return `${(await localPerson(low, name)).home}${rest ?? ''}`;
      if (user === null) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
      return `${user.home}${rest ?? ''}`;
    },
  };
}

async function whoOrNobody(low: Low): Promise<LocalPerson | null> {
  try {
    return await personAtScreen(low);
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

/** What the person's user manager knows of the session; nothing where it does not answer. */
async function sessionEnvironment(low: Low, person: LocalPerson): Promise<Record<string, string>> {
  try {
    const { stdout } = await low.command(asPerson(['systemctl', '--user', 'show-environment'], person, true));
    return parseSessionEnvironment(stdout);
  } catch (error) {
    if (error instanceof SourceError) return {};
    throw error;
  }
}

/** `DISPLAY=:0`, a line each; values that systemd had to quote (`$'...'`) are left out. */
export function parseSessionEnvironment(stdout: string): Record<string, string> {
  return Object.fromEntries(
    stdout.split('\n').flatMap((line): [string, string][] => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined || !sessionVariables.includes(name)) return [];
      return value.startsWith("$'") ? [] : [[name, value]];
    }),
  );
}
