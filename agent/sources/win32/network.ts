import { expectSuccess, type Native, nativeError, pointerIn, room } from './native.ts';

const insufficientBuffer = 122;
const moreData = 234;
const special = 0x80000000;

/** SHARE_INFO_1: type at 8, of 24 bytes. Counts what is offered to others; C$, ADMIN$ and IPC$ are marked special. */
export function countShares(bytes: Buffer, count: number): { disk: number; printer: number } {
  const types = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(24 * index + 8)).filter(
    (type) => (type & special) === 0,
  );
  return {
    disk: types.filter((type) => (type & 0xff) === 0).length,
    printer: types.filter((type) => (type & 0xff) === 1).length,
  };
}

/** W14: shared folders and printers. */
export async function shares(native: Native): Promise<{ disk: number; printer: number }> {
  const sum = { disk: 0, printer: 0 };
  const resume = room();
  for (let round = 0; round < 100; round += 1) {
    const buffer = room();
    const count = room();
    const status = await native.callService(
      'netapi32',
      'uint32 NetShareEnum(str16 server, uint32 level, void *buffer, uint32 size, void *count, void *total, void *resume)',
      null,
      1,
      buffer,
      0xffffffff,
      count,
      room(),
      resume,
    );
    if (status !== 0 && status !== moreData) throw nativeError(status);
    const address = pointerIn(buffer);
    const length = count.readUInt32LE(0);
    if (length > 0) {
      const found = countShares(native.read(address, 24 * length), length);
      sum.disk += found.disk;
      sum.printer += found.printer;
    }
    if (address !== 0n) native.call('netapi32', 'uint32 NetApiBufferFree(uintptr_t buffer)', address);
    if (status === 0) return sum;
  }
  throw nativeError(moreData);
}

const rowBytes = 1352;

/** MIB_IF_ROW2 of 1352 bytes. Rows of filter drivers repeat the adapter they sit on and are left out. */
export function decodeInterfaces(rows: Buffer, count: number) {
  return Array.from({ length: count }, (_, index) => rows.subarray(rowBytes * index, rowBytes * (index + 1)))
    .filter((row) => (row.readUInt8(1152) & 2) === 0)
    .map((row) => ({
      type: row.readUInt32LE(1128),
      operStatus: row.readUInt32LE(1156),
      hardware: (row.readUInt8(1152) & 1) !== 0,
    }));
}

/** W19: network adapters by kind and state. */
export function networkInterfaces(native: Native) {
  const table = room();
  expectSuccess(native.call('iphlpapi', 'uint32 GetIfTable2(void *table)', table));
  const address = pointerIn(table);
  try {
    const count = native.read(address, 4).readUInt32LE(0);
    const rows = count === 0 ? room() : native.read(address + 8n, rowBytes * count);
    return { interfaces: decodeInterfaces(rows, count) };
  } finally {
    native.call('iphlpapi', 'void FreeMibTable(uintptr_t table)', address);
  }
}

/** Ports of remote access: SSH, Remote Desktop, VNC, WinRM; no other is kept. */
const askedPorts = new Set([22, 3389, 5900, 5985, 5986]);

export interface Listener {
  readonly port: number;
  readonly loopback: boolean;
}

/** MIB_TCPTABLE_OWNER_PID: a count, then rows of 24 bytes; addresses and ports in network order. */
export function decodeListeners4(table: Buffer): Listener[] {
  return Array.from({ length: table.readUInt32LE(0) }, (_, index) => {
    const row = table.subarray(4 + 24 * index);
    return { port: row.readUInt16BE(8), loopback: row.readUInt8(4) === 127 };
  });
}

/** MIB_TCP6TABLE_OWNER_PID: a count, then rows of 56 bytes. ::1 and mapped 127.x are loopback. */
export function decodeListeners6(table: Buffer): Listener[] {
  return Array.from({ length: table.readUInt32LE(0) }, (_, index) => {
    const row = table.subarray(4 + 56 * index);
    const address = row.toString('hex', 0, 16);
    return {
      port: row.readUInt16BE(20),
      loopback: address === `${'0'.repeat(31)}1` || address.startsWith(`${'0'.repeat(20)}ffff7f`),
    };
  });
}

function tcpTable(native: Native, family: number): Buffer {
  let size = 4_096;
  for (let round = 0; round < 10; round += 1) {
    const buffer = room(size);
    const needed = room();
    needed.writeUInt32LE(size);
    const status = native.call(
      'iphlpapi',
      'uint32 GetExtendedTcpTable(void *table, void *size, int order, uint32 family, int class, uint32 reserved)',
      buffer,
      needed,
      0,
      family,
      // TCP_TABLE_OWNER_PID_LISTENER
      3,
      0,
    );
    if (status === 0) return buffer;
    if (status !== insufficientBuffer) throw nativeError(status);
    // Others may start to listen in between: ask with some room to spare.
    size = needed.readUInt32LE(0) + 4_096;
  }
  throw nativeError(insufficientBuffer);
}

/** W20: which ports of remote access are open, and whether only to this machine itself. */
export function tcpListeners(native: Native): { listeners: Listener[] } {
  const all = [...decodeListeners4(tcpTable(native, 2)), ...decodeListeners6(tcpTable(native, 23))];
  const kept = new Map(
    all.filter(({ port }) => askedPorts.has(port)).map((one) => [`${one.port} ${one.loopback}`, one]),
  );
  return { listeners: [...kept.values()].toSorted((a, b) => a.port - b.port) };
}
