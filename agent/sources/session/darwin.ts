import {
  type CommandOptions,
  type CommandResult,
  type Person,
  SourceError,
  type Sources,
} from '../../probe.ts';
import { consoleUser } from '../../readings/darwin/person.ts';
import { isSharedName } from '../../readings/shared-names.ts';

/**
 * Who is at the screen of this Mac, with the real name; null = nobody, or only the login window. Asks scutil, then who owns
 * /dev/console; when only the latter answers the uid comes from `id`. Throws SourceError. Known from recordings and
 * documentation only: never run on a real Mac.
 */
export async function personAtScreen(sources: Pick<Sources, 'command'>): Promise<Person | null> {
  const person = await consoleUser(sources as Sources);
  if (person === null || person.uid !== undefined) return person;
  const { stdout } = await sources.command(['/usr/bin/id', '-u', person.name]);
  const uid = /^(\d{1,10})\n$/.exec(stdout)?.[1];
  // System accounts own the console only while nobody is signed in.
  if (uid === undefined || Number(uid) < 500) return null;
  return { ...person, uid: Number(uid) };
}

/**
 * Whether this process may answer for that person: root can become anyone, everybody else answers for themselves only.
 * When it may not, the person's points are unknown, never those of whoever runs the agent.
 */
export function mayAnswerFor(person: Person, elevated: boolean, ownUid: number): boolean {
  return elevated || person.uid === ownUid;
}

/**
 * How a command is run in the session of the person at the screen. From root both halves are needed: `launchctl asuser` moves
 * into the session but stays root, `sudo -u` becomes the person but stays outside. An agent that is not elevated is that
 * person already and runs it bare.
 */
export function asPerson(
  argv: readonly [string, ...string[]],
  person: Person,
  elevated: boolean,
): [string, ...string[]] {
  if (!elevated) return [...argv];
  // Bare, root would answer with its own settings.
  if (person.uid === undefined) throw new SourceError('no-session', 'the session has no uid', 'no-session');
  return ['/bin/launchctl', 'asuser', String(person.uid), '/usr/bin/sudo', '-u', person.name, '-H', ...argv];
}

/** The plain doors, without anybody's session. */
interface Low {
  command(
    argv: readonly [program: string, ...args: string[]],
    options?: CommandOptions,
  ): Promise<CommandResult>;
}

/** The session of the person at the screen, for the live agent. */
export interface DarwinSession {
  /** A stand-in, `generic` where the real name is a shared one; null = nobody, or nobody this process may answer for. */
  readonly user: Person | null;
  /** Runs a command; the argument `user` is the person, `as: 'user'` runs in that person's session. Throws SourceError. */
  command(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult>;
  /** Where a path of the stand-in (`/Users/user/...`, `/Library/Managed Preferences/user/...`) really is. Throws SourceError when nobody is signed in. */
  path(path: string): Promise<string>;
}

/** Programs that only root is answered by. Others are not asked at all: some would wait for a password, or refuse with exit code 0. */
const forRoot = new Set([
  '/usr/libexec/mdmclient QuerySecurityInfo',
  '/usr/bin/pwpolicy -getaccountpolicies',
  '/bin/launchctl list',
  '/usr/bin/dscl . -list /Users hint',
  '/usr/sbin/systemsetup -getusingnetworktime',
  '/usr/bin/sudo -n -l -U user',
]);

/** Finds out who is at the screen, once. Never throws: without an answer nobody is. Known from documentation only. */
export async function darwinSession(low: Low, elevated: boolean, ownUid: number): Promise<DarwinSession> {
  const person = await whoOrNobody(low);
  const user = person !== null && mayAnswerFor(person, elevated, ownUid) ? person : null;
  const noSession = () => new SourceError('no-session', 'nobody is at the screen', 'no-session');
  let home: Promise<string> | undefined;
  return {
    user: user && {
      name: isSharedName(user.name) ? 'generic' : 'user',
      ...(user.uid !== undefined && { uid: user.uid }),
    },
    async command([program, ...args], { as, ...given } = {}) {
      const options = { timeoutMs: 10_000, ...given };
      if (!elevated && forRoot.has([program, ...args].join(' ')))
        throw new SourceError('denied', 'only root is told', 'EACCES');
      const real = args.map((argument) => (argument === 'user' && user !== null ? user.name : argument));
      if (as !== 'user') return low.command([program, ...real], options);
      if (user === null) throw noSession();
      return low.command(asPerson([program, ...real], user, elevated), options);
    },
    async path(path) {
      const managed = /^\/Library\/Managed Preferences\/user(\/.*)?$/.exec(path);
      const own = /^\/Users\/user(\/.*)?$/.exec(path);
      if (managed === null && own === null) return path;
      if (user === null) throw noSession();
      if (managed !== null) return `/Library/Managed Preferences/${user.name}${managed[1] ?? ''}`;
      home ??= homeOf(low, user.name);
      return `${await home}${own?.[1] ?? ''}`;
    },
  };
}

async function whoOrNobody(low: Low): Promise<Person | null> {
  try {
    return await personAtScreen(low);
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

/** `dscl . -read /Users/NAME NFSHomeDirectory`: `NFSHomeDirectory: /Users/name`. Throws SourceError when it does not say. */
async function homeOf(low: Low, name: string): Promise<string> {
  const { stdout } = await low.command(['/usr/bin/dscl', '.', '-read', `/Users/${name}`, 'NFSHomeDirectory']);
  const home = /^NFSHomeDirectory:\s*(\/.*\S)\s*$/m.exec(stdout)?.[1];
  if (home === undefined) throw new SourceError('missing', 'the account has no home folder', 'not-found');
  return home;
}
