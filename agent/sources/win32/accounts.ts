import { expectSuccess, type Native, nativeError, pointerIn, room } from './native.ts';

const moreData = 234;
/** A directory's list longer than this is no laptop's. */
const maxRounds = 100;

function freeNetBuffer(native: Native, address: bigint): void {
  if (address !== 0n) native.call('netapi32', 'uint32 NetApiBufferFree(uintptr_t buffer)', address);
}

/** USER_MODALS_INFO_0: five numbers; ages are seconds, 4294967295 = never. */
export function decodePasswordRules(bytes: Buffer) {
  return {
    usrmod0_min_passwd_len: bytes.readUInt32LE(0),
    usrmod0_max_passwd_age: bytes.readUInt32LE(4),
    usrmod0_min_passwd_age: bytes.readUInt32LE(8),
    usrmod0_password_hist_len: bytes.readUInt32LE(16),
  };
}

/** USER_MODALS_INFO_3: seconds, and the number of tries. */
export function decodeLockout(bytes: Buffer) {
  return {
    usrmod3_lockout_threshold: bytes.readUInt32LE(8),
    usrmod3_lockout_duration: bytes.readUInt32LE(0),
    usrmod3_lockout_observation_window: bytes.readUInt32LE(4),
  };
}

/** W06, W07: the local password policy, level 0 or 3. */
export async function userModals(native: Native, level: 0 | 3) {
  const buffer = room();
  expectSuccess(
    await native.callService(
      'netapi32',
      'uint32 NetUserModalsGet(str16 server, uint32 level, void *buffer)',
      null,
      level,
      buffer,
    ),
  );
  const address = pointerIn(buffer);
  try {
    return level === 0
      ? decodePasswordRules(native.read(address, 20))
      : decodeLockout(native.read(address, 12));
  } finally {
    freeNetBuffer(native, address);
  }
}

/** One account of USER_INFO_20: pointers to name, full name and comment, then flags and relative id. */
export function decodeUsers(bytes: Buffer, count: number): { name: bigint; flags: number; rid: number }[] {
  return Array.from({ length: count }, (_, index) => ({
    name: bytes.readBigUInt64LE(32 * index),
    flags: bytes.readUInt32LE(32 * index + 24),
    rid: bytes.readUInt32LE(32 * index + 28),
  }));
}

/** Whether an account signs in with a Microsoft account: the first field of USER_INFO_24. */
async function hasInternetIdentity(native: Native, name: string): Promise<boolean> {
  const buffer = room();
  expectSuccess(
    await native.callService(
      'netapi32',
      'uint32 NetUserGetInfo(str16 server, str16 name, uint32 level, void *buffer)',
      null,
      name,
      24,
      buffer,
    ),
  );
  const address = pointerIn(buffer);
  try {
    return native.read(address, 4).readUInt32LE(0) !== 0;
  } finally {
    freeNetBuffer(native, address);
  }
}

/** W08: the local accounts by relative id, without names. */
export async function localUsers(native: Native) {
  const users: { rid: number; flags: number; internetIdentity: boolean }[] = [];
  const resume = room();
  for (let round = 0; round < maxRounds; round += 1) {
    const buffer = room();
    const count = room();
    const status = await native.callService(
      'netapi32',
      'uint32 NetUserEnum(str16 server, uint32 level, uint32 filter, void *buffer, uint32 size, void *count, void *total, void *resume)',
      null,
      20,
      // FILTER_NORMAL_ACCOUNT: no trust and no machine accounts.
      2,
      buffer,
      0xffffffff,
      count,
      room(),
      resume,
    );
    const address = pointerIn(buffer);
    try {
      if (status !== 0 && status !== moreData) throw nativeError(status);
      const length = count.readUInt32LE(0);
      const found = length === 0 ? [] : decodeUsers(native.read(address, 32 * length), length);
      for (const { name, rid, flags } of found) {
        users.push({
          rid,
          flags,
          internetIdentity: await hasInternetIdentity(native, native.readText(name)),
        });
      }
    } finally {
      freeNetBuffer(native, address);
    }
    if (status === 0) return { users };
  }
  throw nativeError(moreData);
}

/** W02: how the machine is joined to Entra ID; null = not at all. */
export async function entraJoin(native: Native): Promise<{ joinType: number | null }> {
  const info = room();
  expectSuccess(
    await native.callService(
      'netapi32',
      'uint32 NetGetAadJoinInformation(str16 tenant, void *info)',
      null,
      info,
    ),
  );
  const address = pointerIn(info);
  if (address === 0n) return { joinType: null };
  try {
    return { joinType: native.read(address, 4).readUInt32LE(0) };
  } finally {
    native.call('netapi32', 'void NetFreeAadJoinInformation(uintptr_t info)', address);
  }
}

/** W03: 1 none, 2 workgroup, 3 domain. The name that comes with it is not looked at. */
export async function domainJoin(native: Native): Promise<{ status: number }> {
  const name = room();
  const status = room();
  expectSuccess(
    await native.callService(
      'netapi32',
      'uint32 NetGetJoinInformation(str16 server, void *name, void *status)',
      null,
      name,
      status,
    ),
  );
  freeNetBuffer(native, pointerIn(name));
  return { status: status.readUInt32LE(0) };
}

/** W21: whether a management service (MDM) has enrolled the machine. */
export async function managementRegistration(native: Native): Promise<{ registered: boolean }> {
  const registered = room();
  expectSuccess(
    await native.callService(
      'mdmregistration',
      'uint32 IsDeviceRegisteredWithManagement(void *registered, uint32 size, void *name)',
      registered,
      0,
      null,
    ),
  );
  return { registered: registered.readUInt32LE(0) !== 0 };
}
