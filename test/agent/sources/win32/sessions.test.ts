import { describe, expect, it } from 'vitest';
import { isSharedName } from '../../../../agent/readings/shared-names.ts';
import type { NativeArgument } from '../../../../agent/sources/win32/native.ts';
import { enumerateSessions, personInSession } from '../../../../agent/sources/win32/sessions.ts';
import { decodeSid } from '../../../../agent/sources/win32/sid.ts';
import { isTokenElevated } from '../../../../agent/sources/win32/token.ts';
import { FakeNative, out, sidBytes, structure } from './fake-native.ts';

const administrators = sidBytes(32, 544);
const everyone = sidBytes(11);
const anna = sidBytes(21, 7, 8, 9, 1001);
const ben = sidBytes(21, 7, 8, 9, 1002);
const sid = (bytes: Buffer) => decodeSid(bytes);

interface FakeSession {
  readonly id: number;
  readonly state: number;
  readonly user?: string;
  readonly protocol?: number;
}

interface FakeMachine {
  readonly sessions: readonly FakeSession[];
  /** Tokens by session, for LocalSystem. */
  readonly tokens?: Record<number, Buffer[]>;
  readonly accounts?: Record<string, Buffer>;
  /** Session and token (user, then groups) of the agent itself. */
  readonly own?: { readonly session: number; readonly token: Buffer[]; readonly elevated?: number };
  readonly console?: number;
}

/** A token's handle is the number 1000 + session; 999 is the agent's own. */
function machine({ sessions, tokens = {}, accounts = {}, own, console = 1 }: FakeMachine): FakeNative {
  const tokenOf = (handle: NativeArgument | undefined) =>
    handle === 999n ? (own?.token ?? []) : (tokens[Number(handle) - 1_000] ?? []);
  const native: FakeNative = new FakeNative({
    WTSEnumerateSessionsW: (...args) => {
      const rows = sessions.map(({ id, state }) => structure(24, { 0: id, 16: state }));
      out(args[3]).writeBigUInt64LE(native.hold(Buffer.concat(rows)));
      out(args[4]).writeUInt32LE(rows.length);
      return 1;
    },
    WTSQuerySessionInformationW: (_server, id, kind, memory, size) => {
      const session = sessions.find((one) => one.id === id);
      if (session?.user === undefined) return native.fail(5);
      const [domain = '', name = ''] = session.user.split('\\');
      const protocol = structure(4, { 0: session.protocol ?? 0 }).subarray(0, 2);
      const bytes = kind === 16 ? protocol : Buffer.from(`${kind === 5 ? name : domain}\0`, 'utf16le');
      out(memory).writeBigUInt64LE(native.hold(bytes));
      out(size).writeUInt32LE(bytes.length);
      return 1;
    },
    WTSQueryUserToken: (id, token) => {
      if (tokens[Number(id)] === undefined) return native.fail(1314);
      out(token).writeBigUInt64LE(1_000n + BigInt(Number(id)));
      return 1;
    },
    WTSFreeMemory: () => 0,
    WTSGetActiveConsoleSessionId: () => console,
    LookupAccountNameW: (_system, account, place) => {
      const bytes = accounts[String(account)];
      if (bytes === undefined) return native.fail(1332);
      bytes.copy(out(place));
      return 1;
    },
    GetCurrentProcessId: () => 4_242,
    ProcessIdToSessionId: (_process, session) => {
      if (own === undefined) return native.fail(87);
      out(session).writeUInt32LE(own.session);
      return 1;
    },
    OpenProcessToken: (_process, _access, token) => {
      out(token).writeBigUInt64LE(999n);
      return 1;
    },
    GetTokenInformation: (token, kind, buffer, _size, needed) => {
      const accountsHeld = tokenOf(token);
      if (kind === 20) {
        out(needed).writeUInt32LE(4);
        if (buffer !== null) out(buffer).writeUInt32LE(own?.elevated ?? 0);
        return buffer === null ? native.fail(122) : 1;
      }
      const held = kind === 1 ? accountsHeld.slice(0, 1) : accountsHeld.slice(1);
      const head = kind === 1 ? 0 : 8;
      const size = head + 16 * held.length + held.reduce((sum, bytes) => sum + bytes.length, 0);
      out(needed).writeUInt32LE(size);
      if (buffer === null) return native.fail(122);
      const memory = out(buffer);
      const base = native.address(memory);
      if (kind === 2) memory.writeUInt32LE(held.length, 0);
      let at = head + 16 * held.length;
      for (const [index, bytes] of held.entries()) {
        memory.writeBigUInt64LE(base + BigInt(at), head + 16 * index);
        bytes.copy(memory, at);
        at += bytes.length;
      }
      return 1;
    },
    CloseHandle: () => 1,
  });
  return native;
}

describe('sessions', () => {
  it('as the system: each person by the token of the session, service and sign-in sessions left out', () => {
    const native = machine({
      sessions: [
        { id: 0, state: 4, user: '\\SYSTEM' },
        { id: 1, state: 0, user: 'LAPTOP\\anna' },
        { id: 2, state: 4, user: 'LAPTOP\\Office 2', protocol: 2 },
        { id: 3, state: 1, user: '\\' },
        { id: 4, state: 0, user: '\\' },
        { id: 65_536, state: 6, user: '\\' },
      ],
      tokens: { 1: [anna, everyone, administrators], 2: [ben, everyone] },
    });
    const result = enumerateSessions(native);
    expect(result).toEqual({
      sessions: [
        { id: 1, state: 0, remote: false, sid: sid(anna), administrator: true, genericName: false },
        { id: 2, state: 4, remote: true, sid: sid(ben), administrator: false, genericName: true },
      ],
    });
    expect(JSON.stringify(result)).not.toMatch(/anna|LAPTOP|Office/);
  });
  it('as the person: own groups by the own token', () => {
    const native = machine({
      sessions: [{ id: 1, state: 0, user: 'AzureAD\\AnnaBerg' }],
      accounts: { 'AzureAD\\AnnaBerg': anna },
      own: { session: 1, token: [anna, administrators] },
    });
    expect(enumerateSessions(native).sessions).toEqual([
      { id: 1, state: 0, remote: false, sid: sid(anna), administrator: true, genericName: false },
    ]);
  });
  it("elevated with somebody else's password: the other token says nothing about the person", () => {
    const native = machine({
      sessions: [{ id: 1, state: 0, user: 'LAPTOP\\anna' }],
      accounts: { 'LAPTOP\\anna': anna },
      own: { session: 1, token: [ben, administrators], elevated: 1 },
    });
    const [session] = enumerateSessions(native).sessions;
    expect(session).toEqual({ id: 1, state: 0, remote: false, sid: sid(anna), genericName: false });
  });
  it('leaves out what it had no right to read', () => {
    const native = machine({ sessions: [{ id: 2, state: 4 }] });
    expect(enumerateSessions(native)).toEqual({ sessions: [{ id: 2, state: 4 }] });
  });
});

describe('the person at the screen', () => {
  const sessions = [
    { id: 3, state: 0, user: 'LAPTOP\\ben', protocol: 2 },
    { id: 1, state: 0, user: 'LAPTOP\\anna' },
  ];
  const tokens = { 1: [anna, everyone], 3: [ben, everyone] };
  it('is the one at the console, else one over Remote Desktop', () => {
    expect(personInSession(machine({ sessions, tokens }))).toEqual({ name: 'anna', sid: sid(anna) });
    expect(personInSession(machine({ sessions, tokens, console: 7 }))).toEqual({
      name: 'ben',
      sid: sid(ben),
    });
  });
  it('is nobody when all sessions are disconnected', () => {
    expect(
      personInSession(machine({ sessions: [{ id: 1, state: 4, user: 'LAPTOP\\anna' }], tokens })),
    ).toBeNull();
  });
});

it('elevation is what the token says', () => {
  const own = { session: 1, token: [anna, administrators] };
  expect(isTokenElevated(machine({ sessions: [], own: { ...own, elevated: 1 } }))).toBe(true);
  expect(isTokenElevated(machine({ sessions: [], own: { ...own, elevated: 0 } }))).toBe(false);
});

describe('shared names', () => {
  it.each(['office', 'Admin', 'user1', 'PC-03', 'Front Desk', 'Empfang', 'test.user', 'BÜRO 2'])(
    '%s is one',
    (name) => expect(isSharedName(name)).toBe(true),
  );
  it.each(['anna', 'jan.novak', 'administratorova', 'Officer Tim', 'b.user-smith', '007'])(
    '%s is none',
    (name) => expect(isSharedName(name)).toBe(false),
  );
});
