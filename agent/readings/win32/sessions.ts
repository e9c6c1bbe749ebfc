import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { flag, integer, object, optional, text } from './values.ts';

/** A person who is signed in. */
export interface Session {
  readonly sid: string;
  /** At the screen or on a remote desktop; false = signed in, but disconnected (and thereby locked). */
  readonly active: boolean;
}

/** What the terminal services tell of somebody signed in; undefined = the rights did not suffice to see it. */
export interface TerminalSession {
  readonly sid: string | undefined;
  readonly active: boolean;
  /** The token holds the Administrators group, also where it is set aside until elevation. */
  readonly administrator: boolean | undefined;
  /** The account's name is one that no person has (`user`, `office`); compared on the spot. */
  readonly genericName: boolean | undefined;
}

const what = 'WTSEnumerateSessions';
/** Accounts of this machine or its domain, and Entra accounts. Services and virtual accounts have other SIDs. */
const personSid = /^S-1-(?:5-21|12-1)-[\d-]+$/i;
const sessionState = { active: 0, disconnected: 4 } as const;

/**
 * The people signed in, from WTSEnumerateSessions: an empty list means nobody. Only LocalSystem may ask for the token of
 * another session, so that of a second person less may be told than of the first. Throws SourceError.
 */
export async function readTerminalSessions(sources: Sources): Promise<readonly TerminalSession[]> {
  const { sessions } = object(await sources.win32(what, []), what);
  if (!Array.isArray(sessions)) throw unparseable(what);
  return sessions
    .map((item) => object(item, what))
    .map((session) => ({
      session,
      id: integer(session['id'], what),
      state: integer(session['state'], what, 0, 9),
    }))
    .filter(
      ({ id, state }) => id !== 0 && (state === sessionState.active || state === sessionState.disconnected),
    )
    .map(({ session, state }) => ({
      sid: optional(session['sid'], (value) => text(value, what)),
      active: state === sessionState.active,
      administrator: optional(session['administrator'], (value) => flag(value, what)),
      genericName: optional(session['genericName'], (value) => flag(value, what)),
    }))
    .filter(({ sid }) => sid === undefined || personSid.test(sid));
}

/** Whether something is so of anybody signed in. SourceError when it is known of nobody, and of somebody not at all. */
export function ofAnybody(answers: readonly (boolean | undefined)[]): boolean {
  if (answers.includes(true)) return true;
  if (answers.includes(undefined)) throw new SourceError('denied', `${what}: not told of everyone signed in`);
  return false;
}

/** Loaded hives belong to people who are signed in; whether at the screen is not told. */
async function fromLoadedHives(sources: Sources): Promise<Session[]> {
  const { subkeys } = await sources.registry('HKU');
  return subkeys.filter((sid) => personSid.test(sid)).map((sid) => ({ sid, active: true }));
}

/** Those signed in who are wanted, each with the SID their settings are kept under: from the terminal services, else from HKU. */
async function readPeople(sources: Sources, wanted: 'all' | 'active'): Promise<readonly Session[]> {
  try {
    return (await readTerminalSessions(sources))
      .filter(({ active }) => active || wanted === 'all')
      .map(({ sid, active }) => {
        if (sid === undefined) throw unparseable(what);
        return { sid, active };
      });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    try {
      return await fromLoadedHives(sources);
    } catch (second) {
      if (!(second instanceof SourceError)) throw second;
      throw error;
    }
  }
}

/**
 * The people signed in, never empty: from the terminal services, else from the hives loaded under HKU. SourceError
 * `no-session` when nobody is.
 */
export async function readSessions(sources: Sources): Promise<readonly Session[]> {
  const people = await readPeople(sources, 'all');
  if (people.length === 0) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
  return people;
}

/** As `readSessions`, without those who are disconnected and thereby locked out already. */
export async function readActiveSessions(sources: Sources): Promise<readonly Session[]> {
  const people = await readPeople(sources, 'active');
  if (people.length === 0) throw new SourceError('no-session', 'nobody is at the screen', 'no-session');
  return people;
}
