import type { Person } from '../../probe.ts';
import { isSharedName } from '../../readings/shared-names.ts';
import { expectTrue, type Native, pointerIn, room } from './native.ts';
import { decodeSid } from './sid.ts';
import { closeHandle, readToken, type TokenFacts, withOwnToken } from './token.ts';

const active = 0;
const disconnected = 4;
const sessionInfo = { userName: 5, domainName: 7, clientProtocolType: 16 };

/** A session of WTSEnumerateSessions: WTS_SESSION_INFOW has the id, a pointer to the station's name, and the state. */
export interface ListedSession {
  readonly id: number;
  readonly state: number;
}

export function decodeSessions(bytes: Buffer, count: number): ListedSession[] {
  return Array.from({ length: count }, (_, index) => ({
    id: bytes.readUInt32LE(24 * index),
    state: bytes.readUInt32LE(24 * index + 16),
  }));
}

/** Somebody signed in. What the rights did not suffice for is left out, never guessed. */
interface SignedIn extends ListedSession {
  readonly name: string;
  readonly remote?: boolean;
  readonly sid?: string;
  readonly administrator?: boolean;
}

function listSessions(native: Native): ListedSession[] {
  const list = room();
  const count = room();
  expectTrue(
    native,
    native.call(
      'wtsapi32',
      'int WTSEnumerateSessionsW(uintptr_t server, uint32 reserved, uint32 version, void *list, void *count)',
      0,
      0,
      1,
      list,
      count,
    ),
  );
  const length = count.readUInt32LE(0);
  try {
    return length === 0 ? [] : decodeSessions(native.read(pointerIn(list), 24 * length), length);
  } finally {
    native.call('wtsapi32', 'void WTSFreeMemory(uintptr_t memory)', pointerIn(list));
  }
}

function querySession<T>(
  native: Native,
  id: number,
  kind: number,
  decode: (address: bigint, size: number) => T,
): T | undefined {
  const memory = room();
  const size = room();
  const answer = native.call(
    'wtsapi32',
    'int WTSQuerySessionInformationW(uintptr_t server, uint32 session, int kind, void *memory, void *size)',
    0,
    id,
    kind,
    memory,
    size,
  );
  if (answer === 0) return undefined;
  try {
    return decode(pointerIn(memory), size.readUInt32LE(0));
  } finally {
    native.call('wtsapi32', 'void WTSFreeMemory(uintptr_t memory)', pointerIn(memory));
  }
}

/** Only LocalSystem may ask for another session's token. */
function sessionToken(native: Native, id: number): TokenFacts | undefined {
  const token = room();
  const answer = native.call('wtsapi32', 'int WTSQueryUserToken(uint32 session, void *token)', id, token);
  if (answer === 0) return undefined;
  try {
    return readToken(native, pointerIn(token));
  } finally {
    closeHandle(native, pointerIn(token));
  }
}

function sidOfAccount(native: Native, account: string): string | undefined {
  const sid = room(68);
  const size = room();
  size.writeUInt32LE(68);
  const domain = room(1024);
  const domainSize = room();
  domainSize.writeUInt32LE(512);
  const answer = native.call(
    'advapi32',
    'int LookupAccountNameW(str16 system, str16 account, void *sid, void *size, void *domain, void *domainSize, void *use)',
    null,
    account,
    sid,
    size,
    domain,
    domainSize,
    room(),
  );
  return answer === 0 ? undefined : decodeSid(sid);
}

function ownSession(native: Native): number | undefined {
  const id = room();
  const process = native.call('kernel32', 'uint32 GetCurrentProcessId()');
  const answer = native.call(
    'kernel32',
    'int ProcessIdToSessionId(uint32 process, void *session)',
    process,
    id,
  );
  return answer === 0 ? undefined : id.readUInt32LE(0);
}

/**
 * The person's account by the session's own token; else by name, and then the groups are known only when this process belongs to
 * that same person: an agent elevated with another account's password says nothing about the one at the screen.
 */
function identify(native: Native, id: number, account: string): Partial<TokenFacts> {
  const token = sessionToken(native, id);
  if (token !== undefined) return token;
  const sid = sidOfAccount(native, account);
  if (sid === undefined) return {};
  if (ownSession(native) !== id) return { sid };
  const own = withOwnToken(native, (handle) => readToken(native, handle));
  return own.sid === sid ? own : { sid };
}

function signedIn(native: Native): SignedIn[] {
  return listSessions(native)
    .filter(({ id, state }) => id !== 0 && (state === active || state === disconnected))
    .flatMap((session) => {
      const text = (address: bigint) => native.readText(address);
      const name = querySession(native, session.id, sessionInfo.userName, text);
      // Nobody has signed in there yet: the sign-in screen is a session too.
      if (name === '') return [];
      if (name === undefined) return [{ ...session, name: '' }];
      const domain = querySession(native, session.id, sessionInfo.domainName, text) ?? '';
      const protocol = querySession(native, session.id, sessionInfo.clientProtocolType, (address) =>
        native.read(address, 2).readUInt16LE(0),
      );
      return [
        {
          ...session,
          name,
          ...(protocol !== undefined && { remote: protocol !== 0 }),
          ...identify(native, session.id, domain === '' ? name : `${domain}\\${name}`),
        },
      ];
    });
}

/** W01: who is signed in. A field is absent when the rights did not suffice to read it. */
export function enumerateSessions(native: Native) {
  return {
    sessions: signedIn(native).map(({ name, ...session }) => ({
      ...session,
      ...(name !== '' && { genericName: isSharedName(name) }),
    })),
  };
}

/** The person at the screen, else one working over Remote Desktop; null when every session is idle or disconnected. */
export function personInSession(native: Native): Person | null {
  const people = signedIn(native).filter(({ state, name }) => state === active && name !== '');
  const console = native.call('kernel32', 'uint32 WTSGetActiveConsoleSessionId()');
  const person = people.find(({ id }) => id === console) ?? people[0];
  if (person === undefined) return null;
  return { name: person.name, ...(person.sid !== undefined && { sid: person.sid }) };
}
