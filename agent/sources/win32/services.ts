import { expectTrue, type Native, nativeError, room } from './native.ts';

/** The services that some check asks for; no other is kept. */
const asked = [
  'MpsSvc',
  'WinDefend',
  'Sense',
  'wlansvc',
  'TermService',
  'sshd',
  'WinRM',
  'tvnserver',
  'uvnc_service',
  'winvnc4',
  'vncserver',
  'WMPNetworkSvc',
  'icssvc',
  'W32Time',
  'fhsvc',
];
const spelling = new Map(asked.map((name) => [name.toLowerCase(), name]));

const moreData = 234;
const entryBytes = 56;
/** The most the service manager fills in at once. */
const bufferBytes = 256 * 1024;
const maxRounds = 100;

/** ENUM_SERVICE_STATUS_PROCESSW: pointers to name and display name, then type and state. `base`: where the bytes lay. */
export function decodeServices(bytes: Buffer, count: number, base: bigint): Record<string, number> {
  const states = Array.from({ length: count }, (_, index) => {
    const start = Number(bytes.readBigUInt64LE(entryBytes * index) - base);
    const name = spelling.get(textAt(bytes, start).toLowerCase());
    return [name, bytes.readUInt32LE(entryBytes * index + 20)] as const;
  });
  return Object.fromEntries(states.filter(([name]) => name !== undefined));
}

function textAt(bytes: Buffer, start: number): string {
  let end = start;
  while (bytes.readUInt16LE(end) !== 0) end += 2;
  return bytes.toString('utf16le', start, end);
}

/** W10: state of the services checks ask for; 1 stopped, 4 running, absent = not installed. */
export function serviceStates(native: Native): { services: Record<string, number> } {
  const manager = native.call(
    'advapi32',
    'uintptr_t OpenSCManagerW(str16 machine, str16 database, uint32 access)',
    null,
    null,
    // SC_MANAGER_CONNECT and SC_MANAGER_ENUMERATE_SERVICE.
    5,
  );
  expectTrue(native, manager);
  try {
    const services: Record<string, number> = {};
    const resume = room();
    for (let round = 0; round < maxRounds; round += 1) {
      const buffer = room(bufferBytes);
      const count = room();
      const done = native.call(
        'advapi32',
        'int EnumServicesStatusExW(uintptr_t manager, int level, uint32 type, uint32 state, void *buffer, uint32 size, void *needed, void *count, void *resume, str16 group)',
        manager,
        0,
        // SERVICE_WIN32, SERVICE_STATE_ALL.
        0x30,
        3,
        buffer,
        bufferBytes,
        room(),
        count,
        resume,
        null,
      );
      const error = done === 0 ? native.lastError() || 0x1f : 0;
      if (error !== 0 && error !== moreData) throw nativeError(error);
      Object.assign(services, decodeServices(buffer, count.readUInt32LE(0), native.address(buffer)));
      if (error === 0) return { services };
    }
    throw nativeError(moreData);
  } finally {
    native.call('advapi32', 'int CloseServiceHandle(uintptr_t handle)', manager);
  }
}
