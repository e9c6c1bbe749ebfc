import { SourceError, type Sources } from '../../probe.ts';
import { flag, integer, object, text } from './values.ts';

/** A person who is signed in. */
export interface Session {
  readonly sid: string;
  /** At the screen or on a remote desktop; false = signed in, but disconnected (and thereby locked). */
  readonly active: boolean;
  /** The token holds the Administrators group, also where it is set aside until elevation. */
  readonly administrator?: boolean;
  /** The account's name is one that no person has (`user`, `office`); compared on the spot. */
  readonly genericName?: boolean;
}

/** Accounts of this machine or its domain, and Entra accounts. Services and virtual accounts have other SIDs. */
const personSid = /^S-1-(?:5-21|12-1)-[\d-]+$/i;

async function fromTerminalServices(sources: Sources): Promise<Session[]> {
  const what = 'WTSEnumerateSessions';
  const { sessions } = object(await sources.win32(what, []), what);
  if (!Array.isArray(sessions)) throw new SourceError('unparseable', `${what}: unexpected answer`);
  return sessions
    .map((item) => {
      const session = object(item, what);
      return {
        id: integer(session['id'], what),
        state: integer(session['state'], what, 0, 9),
        sid: text(session['sid'], what),
        administrator: flag(session['administrator'], what),
        genericName: flag(session['genericName'], what),
      };
    })
    .filter(({ id, state, sid }) => id !== 0 && (state === 0 || state === 4) && personSid.test(sid))
    .map(({ state, ...session }) => ({
      sid: session.sid,
      active: state === 0,
      administrator: session.administrator,
      genericName: session.genericName,
    }));
}

/** Loaded hives belong to people who are signed in; whether at the screen is not told. */
async function fromLoadedHives(sources: Sources): Promise<Session[]> {
  const { subkeys } = await sources.registry('HKU');
  return subkeys.filter((sid) => personSid.test(sid)).map((sid) => ({ sid, active: true }));
}

/**
 * The people signed in, from WTSEnumerateSessions. Throws SourceError; an empty list means that nobody is signed in.
 */
export function readTerminalSessions(sources: Sources): Promise<readonly Session[]> {
  return fromTerminalServices(sources);
}

/**
 * The people signed in, never empty: from the terminal services, else from the hives loaded under HKU. SourceError
 * `no-session` when nobody is.
 */
export async function readSessions(sources: Sources): Promise<readonly Session[]> {
  let sessions: readonly Session[];
  try {
    sessions = await fromTerminalServices(sources);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    try {
      sessions = await fromLoadedHives(sources);
    } catch (second) {
      if (!(second instanceof SourceError)) throw second;
      throw error;
    }
  }
  if (sessions.length === 0) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
  return sessions;
}
