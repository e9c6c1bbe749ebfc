import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import { win32Source } from '../../../../agent/sources/win32/index.ts';
import type { Native } from '../../../../agent/sources/win32/native.ts';
import { FakeNative, out, structure } from './fake-native.ts';

const ask = (native: Native, name: string, args: unknown[] = []) =>
  win32Source(async () => native)(name, args);
const code = (native: Native, name: string, args: unknown[] = []) =>
  ask(native, name, args).then(
    (result) => `answered ${JSON.stringify(result)}`,
    (error) => (error instanceof SourceError ? error.code : `threw ${error}`),
  );

interface FakeDrive {
  readonly type: number;
  readonly bus?: number;
  readonly removable?: boolean;
  readonly open?: number;
  readonly verify?: number;
  readonly writable?: number;
}

function drives(byLetter: Record<string, FakeDrive>): FakeNative {
  const letters = Object.keys(byLetter);
  const drive = (root: unknown) => byLetter[/([A-Z]):/.exec(String(root))?.[1] ?? ''] as FakeDrive;
  const native: FakeNative = new FakeNative({
    GetSystemWindowsDirectoryW: (buffer) => {
      out(buffer).write('c:\\Windows', 'utf16le');
      return 10;
    },
    GetLogicalDrives: () => letters.reduce((mask, letter) => mask | (1 << (letter.charCodeAt(0) - 65)), 0),
    GetDriveTypeW: (root) => drive(root).type,
    CreateFileW: (name, access) => {
      expect(access).toBe(0);
      const { open = 0 } = drive(name);
      native.fail(open);
      return open === 0 ? BigInt(letters.findIndex((letter) => name === `\\\\.\\${letter}:`) + 1) : -1;
    },
    DeviceIoControl: (device, control, _input, _inputSize, output) => {
      const {
        bus,
        removable = false,
        verify = 0,
        writable = 0,
      } = byLetter[letters[Number(device) - 1] ?? ''] as FakeDrive;
      if (control === 0x2d1400) {
        if (bus === undefined) return native.fail(1);
        out(output).writeUInt8(removable ? 1 : 0, 10);
        out(output).writeUInt32LE(bus, 28);
        return 1;
      }
      const error = control === 0x2d0800 ? verify : writable;
      return error === 0 ? 1 : native.fail(error);
    },
    GetVolumeInformationW: () => 0,
    CloseHandle: () => 1,
  });
  return native;
}

describe('drives', () => {
  it('have letter, kind, bus and medium; network and optical drives are left out', async () => {
    const native = drives({
      C: { type: 3, bus: 17 },
      D: { type: 5, bus: 7, removable: true },
      E: { type: 2, bus: 7, removable: true, writable: 19 },
      H: { type: 4 },
    });
    expect(await ask(native, 'GetLogicalDrives')).toEqual({
      systemDrive: 'C:',
      drives: [
        { letter: 'C:', driveType: 3, busType: 17, removableMedia: false, readOnly: false, ready: true },
        { letter: 'E:', driveType: 2, busType: 7, removableMedia: true, readOnly: true, ready: true },
      ],
    });
    expect(native.called.filter((name) => name === 'CloseHandle')).toHaveLength(2);
  });
  it('an empty card slot is not ready, a drive that only fails to say so is', async () => {
    const { drives: found } = (await ask(
      drives({ C: { type: 3, bus: 11, verify: 50 }, F: { type: 2, bus: 12, removable: true, verify: 21 } }),
      'GetLogicalDrives',
    )) as { drives: { ready: boolean }[] };
    expect(found.map(({ ready }) => ready)).toEqual([true, false]);
  });
  it('leave out what their driver does not tell, instead of an internal-looking guess', async () => {
    expect(await ask(drives({ C: { type: 3 }, G: { type: 2, open: 5 } }), 'GetLogicalDrives')).toMatchObject({
      drives: [
        { letter: 'C:', driveType: 3, readOnly: false, ready: true },
        { letter: 'G:', driveType: 2, ready: true },
      ],
    });
  });
});

describe('services', () => {
  function manager(pages: readonly (readonly [name: string, state: number][])[], error = 0): FakeNative {
    const native: FakeNative = new FakeNative({
      OpenSCManagerW: () => (error === 0 ? 9n : native.fail(error)),
      EnumServicesStatusExW: (...args) => {
        const buffer = out(args[4]);
        const resume = out(args[8]);
        const page = resume.readUInt32LE(0);
        const base = native.address(buffer);
        let text = 4_096;
        for (const [index, [name, state]] of (pages[page] ?? []).entries()) {
          buffer.writeBigUInt64LE(base + BigInt(text), 56 * index);
          buffer.write(`${name}\0`, text, 'utf16le');
          buffer.writeUInt32LE(state, 56 * index + 20);
          text += 200;
        }
        out(args[7]).writeUInt32LE(pages[page]?.length ?? 0);
        if (page === pages.length - 1) return 1;
        resume.writeUInt32LE(page + 1);
        return native.fail(234);
      },
      CloseServiceHandle: () => 1,
    });
    return native;
  }
  it('keeps only those a check asks for, in one spelling, over several pages', async () => {
    const native = manager([
      [
        ['mpssvc', 4],
        ['SecretAgent', 4],
      ],
      [
        ['WLANSVC', 1],
        ['W32Time', 4],
      ],
    ]);
    expect(await ask(native, 'EnumServicesStatusEx')).toEqual({
      services: { MpsSvc: 4, wlansvc: 1, W32Time: 4 },
    });
    expect(native.called).toContain('CloseServiceHandle');
  });
  it('an unreadable service manager is an error, not an empty list', async () => {
    expect(await code(manager([[]], 5), 'EnumServicesStatusEx')).toBe('0x5');
  });
});

describe('shares', () => {
  it('counts those without the special mark', async () => {
    const types = [0x80000000, 0x80000003, 0, 0, 1, 0x40000000];
    const native: FakeNative = new FakeNative({
      NetShareEnum: (...args) => {
        const rows = Buffer.alloc(24 * types.length);
        for (const [index, type] of types.entries()) rows.writeUInt32LE(type, 24 * index + 8);
        out(args[2]).writeBigUInt64LE(native.hold(rows));
        out(args[4]).writeUInt32LE(types.length);
        return 0;
      },
      NetApiBufferFree: () => 0,
    });
    expect(await ask(native, 'NetShareEnum', [1])).toEqual({ disk: 3, printer: 1 });
  });
  it('a server service that is not started is its error', async () => {
    expect(await code(new FakeNative({ NetShareEnum: () => 2114 }), 'NetShareEnum', [1])).toBe('0x842');
  });
});

describe('network', () => {
  it('reads kind, state and hardware of adapters; filter drivers are none', async () => {
    const row = (type: number, status: number, flags: number) =>
      structure(1352, { 1128: type, 1152: flags, 1156: status });
    const native: FakeNative = new FakeNative({
      GetIfTable2: (table) => {
        out(table).writeBigUInt64LE(
          native.hold(
            Buffer.concat([structure(8, { 0: 3 }), row(71, 1, 1 | 4), row(71, 1, 2), row(53, 2, 0)]),
          ),
        );
        return 0;
      },
      FreeMibTable: () => 0,
    });
    expect(await ask(native, 'GetIfTable2')).toEqual({
      interfaces: [
        { type: 71, operStatus: 1, hardware: true },
        { type: 53, operStatus: 2, hardware: false },
      ],
    });
  });
  it('reads which remote access ports are open, growing the table until it fits', async () => {
    const four = (address: number, port: number) => {
      const row = Buffer.alloc(24);
      row.writeUInt8(address, 4);
      row.writeUInt16BE(port, 8);
      return row;
    };
    const six = (address: string, port: number) => {
      const row = Buffer.alloc(56);
      row.write(address, 'hex');
      row.writeUInt16BE(port, 20);
      return row;
    };
    const count = (rows: Buffer[]) => Buffer.concat([structure(4, { 0: rows.length }), ...rows]);
    const tables: Record<number, Buffer> = {
      2: count([
        four(0, 3389),
        four(127, 5900),
        four(0, 443),
        ...Array.from({ length: 300 }, () => four(0, 49_664)),
      ]),
      23: count([
        six('00'.repeat(16), 3389),
        six(`${'00'.repeat(15)}01`, 22),
        six(`${'00'.repeat(10)}ffff7f000001`, 5985),
      ]),
    };
    const native = new FakeNative({
      GetExtendedTcpTable: (buffer, size, _order, family) => {
        const table = tables[Number(family)] as Buffer;
        const given = out(size).readUInt32LE(0);
        out(size).writeUInt32LE(table.length);
        if (given < table.length) return 122;
        table.copy(out(buffer));
        return 0;
      },
    });
    expect(await ask(native, 'GetExtendedTcpTable')).toEqual({
      listeners: [
        { port: 22, loopback: true },
        { port: 3389, loopback: false },
        { port: 5900, loopback: true },
        { port: 5985, loopback: true },
      ],
    });
  });
});

describe('wireless', () => {
  const profile = (authentication: string, encryption: string) =>
    `<?xml version="1.0"?><WLANProfile><name>Casa Bianca</name><MSM><security><authEncryption><authentication>${authentication}</authentication><encryption>${encryption}</encryption><useOneX>false</useOneX></authEncryption><sharedKey><keyMaterial>01000000D08C</keyMaterial></sharedKey></security></MSM></WLANProfile>`;
  function wlan(states: number[], profiles: string[], refuse: Record<string, number> = {}): FakeNative {
    const give = (place: unknown, bytes: Buffer) => out(place as Buffer).writeBigUInt64LE(native.hold(bytes));
    const native: FakeNative = new FakeNative({
      WlanOpenHandle: (_version, _reserved, _negotiated, client) => {
        out(client).writeBigUInt64LE(5n);
        return refuse['WlanOpenHandle'] ?? 0;
      },
      WlanEnumInterfaces: (_client, _reserved, list) => {
        const rows = states.map((state) => structure(532, { 528: state }));
        give(list, Buffer.concat([structure(8, { 0: rows.length }), ...rows]));
        return 0;
      },
      WlanQueryInterface: (...args) => {
        out(args[4]).writeUInt32LE(604);
        give(args[5], structure(604, { 596: 9, 600: 4 }));
        return refuse['WlanQueryInterface'] ?? 0;
      },
      WlanGetProfileList: (_client, _guid, _reserved, list) => {
        const rows = profiles.map((_, index) => {
          const row = Buffer.alloc(516);
          row.write(`profile ${index}\0`, 'utf16le');
          return row;
        });
        give(list, Buffer.concat([structure(8, { 0: rows.length }), ...rows]));
        return 0;
      },
      WlanGetProfile: (_client, _guid, name, _reserved, xml) => {
        out(xml).writeBigUInt64LE(native.holdText(profiles[Number(String(name).slice(8))] ?? ''));
        return 0;
      },
      WlanFreeMemory: () => 0,
      WlanCloseHandle: () => 0,
    });
    return native;
  }
  it('tells how the connected network is protected', async () => {
    const native = wlan([4, 1], []);
    expect(await ask(native, 'WlanEnumInterfaces')).toEqual({ interfaces: [{ state: 4 }, { state: 1 }] });
    expect(await ask(native, 'WlanQueryInterface', [7])).toEqual({ connections: [{ auth: 9, cipher: 4 }] });
    expect(native.called.at(-1)).toBe('WlanCloseHandle');
  });
  it('says when the location consent is missing or the service is stopped', async () => {
    expect(await code(wlan([1], [], { WlanQueryInterface: 5 }), 'WlanQueryInterface', [7])).toBe('0x5');
    expect(await code(wlan([], [], { WlanOpenHandle: 1062 }), 'WlanEnumInterfaces')).toBe('0x426');
  });
  it('tells how saved networks are protected, without name and key', async () => {
    const result = await ask(
      wlan([4], [profile('WPA3SAE', 'AES'), profile('open', 'none')]),
      'WlanGetProfileList',
    );
    expect(result).toEqual({
      profiles: [
        { authentication: 'WPA3SAE', encryption: 'AES' },
        { authentication: 'open', encryption: 'none' },
      ],
    });
  });
  it('one profile that does not say how it is protected makes the whole list no answer', async () => {
    const native = wlan([1], [profile('WPA2PSK', 'AES'), '<WLANProfile><MSM/></WLANProfile>']);
    expect(await code(native, 'WlanGetProfileList')).toBe('0xd');
  });
});
