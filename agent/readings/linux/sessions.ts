import {
  type CommandOptions,
  type CommandResult,
  SourceError,
  type Sources,
  unparseable,
} from '../../probe.ts';
import { answered, refusal } from './answered.ts';
import { readServices } from './services.ts';

/** A session of logind. Every field as logind says it. */
export interface LoginSession {
  readonly id: string;
  readonly uid: number;
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly active: boolean;
  readonly remote: boolean;
  readonly seat: string;
  readonly desktop: string;
  /** Signed out; only programs left running keep it alive. */
  readonly closing: boolean;
}

type Command = Pick<Sources, 'command'>;

const fields = ['Id', 'User', 'Name', 'Type', 'Class', 'Active', 'State', 'Remote', 'Seat', 'Desktop'];

/**
 * All sessions logind knows: `loginctl list-sessions --no-legend`, of which only the first column is the same in every
 * version, then `loginctl show-session` for each. Empty with exit code 0 = nobody. Throws SourceError where logind does not
 * run, or where one of the sessions could not be read: that one might be a person.
 */
export async function readLoginSessions(sources: Command): Promise<readonly LoginSession[]> {
  const { stdout } = await answered(sources, ['loginctl', 'list-sessions', '--no-legend']);
  const ids = parseSessionIds(stdout);
  const sessions = await Promise.all(ids.map((id) => readLoginSession(sources, id)));
  return sessions.filter((session) => session !== undefined);
}

/** Session ids of `loginctl list-sessions --no-legend`; `No sessions.` of some versions is none. */
export function parseSessionIds(stdout: string): string[] {
  return stdout.split('\n').flatMap((line) => {
    const content = line.trim();
    if (content === '' || content === 'No sessions.') return [];
    const id = content.split(/\s+/)[0] ?? '';
    if (!/^[A-Za-z0-9]{1,32}$/.test(id)) throw unparseable('loginctl list-sessions');
    return [id];
  });
}

async function readLoginSession(sources: Command, id: string): Promise<LoginSession | undefined> {
  const result = await sources.command([
    'loginctl',
    'show-session',
    id,
    ...fields.flatMap((field) => ['-p', field]),
  ]);
  // It ended between the two questions.
  if (result.exitCode !== 0 && /no session|not known|unknown session/i.test(result.stderr)) return undefined;
  if (result.exitCode !== 0) throw new SourceError('failed', 'loginctl show-session failed');
  return parseLoginSession(result.stdout);
}

/** `Id=2`, `User=1000`, `Class=user`, ... in any order. Throws SourceError when User, Class or Type are missing. */
export function parseLoginSession(stdout: string): LoginSession {
  const values = new Map(
    stdout.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1).trim()]] : [];
    }),
  );
  const uid = Number(values.get('User'));
  const name = values.get('Name') ?? '';
  const session = { class: values.get('Class'), type: values.get('Type'), remote: values.get('Remote') };
  if (
    !/^\d{1,10}$/.test(values.get('User') ?? '') ||
    session.class === undefined ||
    session.type === undefined ||
    session.remote === undefined
  )
    throw unparseable('loginctl show-session');
  return {
    id: values.get('Id') ?? '',
    uid,
    name,
    type: session.type,
    class: session.class,
    active: values.get('Active') === 'yes',
    remote: session.remote !== 'no',
    seat: values.get('Seat') ?? '',
    desktop: values.get('Desktop') ?? '',
    closing: values.get('State') === 'closing',
  };
}

/** People at this machine: never a greeter, a user manager, a background session, somebody from afar or somebody who left. */
export function signedIn(sessions: readonly LoginSession[]): LoginSession[] {
  return sessions.filter((session) => session.class === 'user' && !session.remote && !session.closing);
}

/** Sessions with a desktop. */
export function graphical(sessions: readonly LoginSession[]): LoginSession[] {
  return signedIn(sessions).filter(({ type }) => type === 'x11' || type === 'wayland' || type === 'mir');
}

/** One person with a desktop, and the doors to that person's session. */
export interface InSession {
  readonly uid: number;
  /** What logind calls the desktop; may be ''. */
  readonly desktop: string;
  /** `x11`, `wayland` or `mir`. */
  readonly type: string;
  /** `/home/user`, `/home/user2`: the stand-in the live sources replace. */
  readonly home: string;
  command(
    argv: readonly [program: string, ...args: string[]],
    options?: CommandOptions,
  ): Promise<CommandResult>;
  /** A file of the machine, or below `home`. Throws SourceError. */
  file(path: string): Promise<string>;
}

/** Who has a desktop session now. */
export type DesktopPeople =
  /** No graphical session can exist: no display manager, no desktop installed, nobody graphical. */
  | { readonly kind: 'no-desktop' }
  /** There is a desktop, and nobody has a session on it. */
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'people';
      readonly people: readonly InSession[];
      /** Somebody else has a session too, which only root could look into. */
      readonly hidden: boolean;
    };

/** Throws SourceError when logind says nothing. */
export async function readDesktopPeople(sources: Sources): Promise<DesktopPeople> {
  const sessions = graphical(await readLoginSessions(sources));
  if (sessions.length === 0) {
    return (await desktopCanExist(sources)) ? { kind: 'nobody' } : { kind: 'no-desktop' };
  }
  const { user } = sources;
  if (user === null) return { kind: 'nobody' };
  const isUser = (session: LoginSession) =>
    user.uid === undefined ? session.name === user.name : session.uid === user.uid;
  const own = sessions.find(isUser);
  const others = [
    ...new Map(
      sessions.filter((session) => !isUser(session)).map((session) => [session.uid, session]),
    ).values(),
  ];
  const people = own === undefined ? [] : [atTheScreen(sources, own)];
  if (!sources.elevated) return { kind: 'people', people, hidden: others.length > 0 };
  return {
    kind: 'people',
    people: [...people, ...others.map((other) => besides(sources, other))],
    hidden: false,
  };
}

function atTheScreen(sources: Sources, session: LoginSession): InSession {
  return {
    uid: session.uid,
    desktop: session.desktop,
    type: session.type,
    home: '/home/user',
    command: (argv, options) => sources.command(argv, { ...options, as: 'user' }),
    file: (path) => sources.file(path),
  };
}

/** Another signed-in person (fast user switching): only root may look, and has to become that person for it. */
function besides(sources: Sources, session: LoginSession): InSession {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(session.name)) throw unparseable('loginctl show-session');
  return {
    uid: session.uid,
    desktop: session.desktop,
    type: session.type,
    home: `/home/${session.name}`,
    command: (argv, options) => sources.command(['runuser', '-u', session.name, '--', ...argv], options),
    file: (path) => sources.file(path),
  };
}

async function desktopCanExist(sources: Sources): Promise<boolean> {
  if ((await readDisplayManager(sources)) !== undefined) return true;
  for (const path of ['/usr/share/xsessions', '/usr/share/wayland-sessions']) {
    try {
      if ((await sources.directory(path)).length > 0) return true;
    } catch (error) {
      if (!(error instanceof SourceError && error.code === 'ENOENT')) return true;
    }
  }
  return false;
}

/**
 * `readlink -e /etc/systemd/system/display-manager.service`: `gdm`, `gdm3`, `sddm`, `lightdm`, `greetd`, `lxdm`, ... or
 * undefined for none (exit code 1, nothing printed). Throws SourceError for anything else.
 */
export async function readDisplayManager(sources: Command): Promise<string | undefined> {
  const result = await answered(sources, ['readlink', '-e', '/etc/systemd/system/display-manager.service'], {
    exitCodes: [0, 1],
  });
  const { stdout, stderr, exitCode } = result;
  const path = stdout.trim();
  if (exitCode === 1 && path === '') {
    // That there is none it says in silence.
    if (stderr.trim() !== '' && !/No such file/i.test(stderr)) throw refusal('readlink', result);
    return undefined;
  }
  const name = /^(?:.*\/)?([A-Za-z0-9_@.-]+)\.service$/.exec(path)?.[1];
  if (exitCode !== 0 || name === undefined) throw unparseable('readlink display-manager.service');
  return name;
}

/**
 * Like `readDisplayManager`, but throws SourceError where the link says nothing: NixOS calls the unit of each of them
 * `display-manager`, and where systemd does not start the machine there is no link, whatever is started.
 */
export async function readNamedDisplayManager(sources: Command): Promise<string | undefined> {
  const name = await readDisplayManager(sources);
  if (name === 'display-manager') throw new SourceError('unsupported', 'the unit names no display manager');
  // Where systemd does not say that it started the machine there may be one all the same.
  if (name === undefined) await readServices(sources).catch(unlessNotRecorded);
  return name;
}

/** A recording of a few reads only says nothing against systemd. */
function unlessNotRecorded(error: unknown): void {
  if (!(error instanceof SourceError && error.code === 'not-recorded')) throw error;
}

/** GDM under either of its names (`gdm3` on Debian and Ubuntu). */
export const isGdm = (displayManager: string | undefined): boolean =>
  displayManager === 'gdm' || displayManager === 'gdm3';
