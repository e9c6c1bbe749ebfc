import { type Person, SourceError, type Sources } from '../../probe.ts';
import { consoleUser } from '../../readings/darwin/person.ts';

/**
 * Who is at the screen of this Mac, with the real name; null = nobody, or only the login window. Asks scutil, then who owns
 * /dev/console; when only the latter answers the uid comes from `id`. Throws SourceError. Known from recordings and
 * documentation only: never run on a real Mac.
 */
export async function personAtScreen(sources: Pick<Sources, 'command'>): Promise<Person | null> {
  const person = await consoleUser(sources as Sources);
  if (person === null || person.uid !== undefined) return person;
  const { stdout } = await sources.command(['/usr/bin/id', '-u', person.name]);
  const uid = /^(\d{1,10})\n?$/.exec(stdout)?.[1];
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
