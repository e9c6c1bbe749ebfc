import { expectTrue, lastError, type Native, pointerIn, room } from './native.ts';
import { decodeTokenGroups, decodeTokenUser } from './sid.ts';

const administrators = 'S-1-5-32-544';
const tokenQuery = 8;
const information = { user: 1, groups: 2, elevation: 20 };

/** What a token tells about the person it belongs to. */
export interface TokenFacts {
  readonly sid: string;
  /** Holds the administrators group, also deny-only: the person can elevate. */
  readonly administrator: boolean;
}

/** Closes a handle; one that is closed already is no matter. */
export function closeHandle(native: Native, handle: bigint): void {
  native.call('kernel32', 'int CloseHandle(uintptr_t handle)', handle);
}

/** Runs `use` with the token of this very process. */
export function withOwnToken<T>(native: Native, use: (token: bigint) => T): T {
  const token = room();
  expectTrue(
    native,
    native.call(
      'advapi32',
      'int OpenProcessToken(uintptr_t process, uint32 access, void *token)',
      // What GetCurrentProcess answers: a constant that stands for the caller.
      0xffffffffffffffffn,
      tokenQuery,
      token,
    ),
  );
  try {
    return use(pointerIn(token));
  } finally {
    closeHandle(native, pointerIn(token));
  }
}

function tokenInformation(native: Native, token: bigint, kind: number): Buffer {
  const prototype =
    'int GetTokenInformation(uintptr_t token, int kind, void *buffer, uint32 size, void *needed)';
  const needed = room();
  native.call('advapi32', prototype, token, kind, null, 0, needed);
  const size = needed.readUInt32LE(0);
  if (size === 0) throw lastError(native);
  const buffer = room(size);
  expectTrue(native, native.call('advapi32', prototype, token, kind, buffer, size, needed));
  return buffer;
}

export function readToken(native: Native, token: bigint): TokenFacts {
  const user = tokenInformation(native, token, information.user);
  const groups = tokenInformation(native, token, information.groups);
  return {
    sid: decodeTokenUser(user, native.address(user)),
    administrator: decodeTokenGroups(groups, native.address(groups)).includes(administrators),
  };
}

/** Whether this process runs with an administrator's full token or as the system. */
export function isTokenElevated(native: Native): boolean {
  return withOwnToken(
    native,
    (token) => tokenInformation(native, token, information.elevation).readUInt32LE(0) !== 0,
  );
}
