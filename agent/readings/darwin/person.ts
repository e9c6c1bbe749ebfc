import { firstOf, type Person, SourceError, type Sources, unparseable } from '../../probe.ts';

/** What `screenPerson` can say; a person's name is the stand-in everywhere but in the live session source. */
export type PersonAtScreen = Person | null;

/** Throws SourceError when nobody is at the screen: the point lives in a session and there is none. */
export function requireSession(sources: Sources): void {
  if (sources.user === null) throw new SourceError('no-session', 'nobody is at the screen', 'no-session');
}

/** Not people: the login window, the setup assistant before the first account, and root. */
const nobody = new Set(['loginwindow', 'root', '_mbsetupuser']);

/**
 * Reads `show State:/Users/ConsoleUser` of scutil: the entry of SessionInfo with `kCGSSessionOnConsoleKey : TRUE`; the outer
 * `Name` may be that of a background session. Null = nobody. macOS 12 to 27. Throws SourceError.
 */
export function parseConsoleUser(stdout: string): PersonAtScreen {
  const lines = stdout.split(/\r?\n/).map((line) => line.trim());
  if (lines.includes('No such key')) return null;
  if (lines[0] !== '<dictionary> {' || !lines.includes('}')) throw unparseable('scutil');
  const sessions: Map<string, string>[] = [];
  let session: Map<string, string> | undefined;
  for (const line of lines) {
    if (/^\d+ : <dictionary> \{$/.test(line)) {
      session = new Map();
      sessions.push(session);
    } else if (line === '}') session = undefined;
    else {
      const entry = /^(\w+) : (.*)$/.exec(line);
      if (entry?.[1] !== undefined) session?.set(entry[1], entry[2] ?? '');
    }
  }
  const atScreen = sessions.filter((entry) => entry.get('kCGSSessionOnConsoleKey') === 'TRUE');
  if (atScreen.length > 1) throw unparseable('scutil');
  // A state without any session is the login window's.
  const name = atScreen[0]?.get('kCGSSessionUserNameKey');
  const uid = atScreen[0]?.get('kCGSSessionUserIDKey');
  if (atScreen.length === 0) return null;
  if (name === undefined || name === '' || uid === undefined || !/^-?\d{1,10}$/.test(uid))
    throw unparseable('scutil');
  return nobody.has(name) || Number(uid) < 500 ? null : { name, uid: Number(uid) };
}

async function fromSessions(sources: Sources): Promise<PersonAtScreen> {
  const { stdout } = await sources.command(['/usr/sbin/scutil'], {
    stdin: 'show State:/Users/ConsoleUser\n',
  });
  return parseConsoleUser(stdout);
}

async function fromConsole(sources: Sources): Promise<PersonAtScreen> {
  const { stdout } = await sources.command(['/usr/bin/stat', '-f', '%Su', '/dev/console']);
  const name = /^([A-Za-z0-9_][\w.@-]{0,254})\n$/.exec(stdout)?.[1];
  if (name === undefined) throw unparseable('stat');
  return nobody.has(name) ? null : { name };
}

/** Who is at the screen: scutil's sessions, else who owns /dev/console; null = nobody. Throws SourceError. */
export function consoleUser(sources: Sources): Promise<PersonAtScreen> {
  return firstOf(
    () => fromSessions(sources),
    () => fromConsole(sources),
  );
}
