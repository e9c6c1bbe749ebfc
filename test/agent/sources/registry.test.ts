import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../agent/probe.ts';
import { registryKey } from '../../../agent/sources/recording.ts';
import { decodeRegistryValue, registrySource, splitKey } from '../../../agent/sources/registry.ts';
import { expandPath } from '../../../agent/sources/windows.ts';
import { FakeNative, out } from './win32/fake-native.ts';

const wide = (text: string) => Buffer.from(text, 'utf16le');

describe('values as recordings have them', () => {
  it.each([
    [4, Buffer.from('ffffffff', 'hex'), { type: 'REG_DWORD', data: 4_294_967_295 }],
    [5, Buffer.from('00000384', 'hex'), { type: 'REG_DWORD_BIG_ENDIAN', data: 900 }],
    [11, Buffer.from('ffffffffffffffff', 'hex'), { type: 'REG_QWORD', data: '18446744073709551615' }],
    [1, wide('1\0'), { type: 'REG_SZ', data: '1' }],
    [1, wide('no end mark'), { type: 'REG_SZ', data: 'no end mark' }],
    [1, wide('one\0left over'), { type: 'REG_SZ', data: 'one' }],
    [2, wide('%SystemRoot%\\x\0'), { type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\x' }],
    [7, wide('a\0b c\0\0'), { type: 'REG_MULTI_SZ', data: ['a', 'b c'] }],
    [7, wide('a\0b'), { type: 'REG_MULTI_SZ', data: ['a', 'b'] }],
    [7, Buffer.alloc(0), { type: 'REG_MULTI_SZ', data: [] }],
    [3, Buffer.from('00AbFF', 'hex'), { type: 'REG_BINARY', data: '00abff' }],
    [0, Buffer.alloc(0), { type: 'REG_NONE', data: '' }],
    [99, Buffer.from([1]), { type: 'REG_99', data: '01' }],
  ])('type %i', (type, bytes, expected) => {
    expect(decodeRegistryValue(type, bytes)).toEqual(expected);
  });
  it.each([4, 5, 11])('a number of the wrong length (type %i) is no number', (type) => {
    expect(decodeRegistryValue(type, Buffer.from([1]))).toMatchObject({ data: '01' });
    expect(decodeRegistryValue(type, Buffer.alloc(0))).toMatchObject({ data: '' });
  });
  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.uint8Array(), (type, bytes) => {
        expect(decodeRegistryValue(type, Buffer.from(bytes)).type).toMatch(/^REG_/);
      }),
    );
  });
});

describe('keys', () => {
  it('start with HKLM or HKU, in any case; HKU alone is a key', () => {
    expect(splitKey('hklm\\SOFTWARE\\X')).toEqual({ root: 0x80000002n, path: 'SOFTWARE\\X' });
    expect(splitKey('HKU')).toEqual({ root: 0x80000003n, path: '' });
    expect(() => splitKey('HKCU\\Software')).toThrow(SourceError);
  });
});

interface FakeKey {
  readonly values?: Record<string, [type: number, data: Buffer]>;
  readonly subkeys?: readonly string[];
}

/** `openError` is what opening answers; `grows` = how often a value is larger than it was a moment ago. */
function registry(key: FakeKey, { openError = 0, grows = 0 } = {}) {
  const values = Object.entries(key.values ?? {});
  let growing = grows;
  const fetched: string[] = [];
  const native = new FakeNative({
    RegOpenKeyExW: (root, path, _options, access, handle) => {
      expect([root, path]).toEqual([0x80000002n, 'SOFTWARE\\Muster']);
      // The 64-bit view, reading only.
      expect(access).toBe(0x0109);
      out(handle).writeBigUInt64LE(3n);
      return openError;
    },
    RegQueryInfoKeyW: (...args) => {
      out(args[5]).writeUInt32LE(64);
      out(args[8]).writeUInt32LE(64);
      out(args[9]).writeUInt32LE(16);
      return 0;
    },
    RegEnumValueW: (_key, index, name, length, _reserved, type, data) => {
      expect(data).toBeNull();
      const value = values[Number(index)];
      if (value === undefined) return 259;
      out(name).write(value[0], 'utf16le');
      out(length).writeUInt32LE(value[0].length);
      out(type).writeUInt32LE(value[1][0]);
      return 0;
    },
    RegQueryValueExW: (_key, name, _reserved, type, data, size) => {
      const [kind, bytes] = key.values?.[String(name)] ?? [0, Buffer.alloc(0)];
      fetched.push(String(name));
      growing -= 1;
      if (growing >= 0 || bytes.length > out(data).length) return 234;
      out(type).writeUInt32LE(kind);
      bytes.copy(out(data));
      out(size).writeUInt32LE(bytes.length);
      return 0;
    },
    RegEnumKeyExW: (_key, index, name, length) => {
      const subkey = key.subkeys?.[Number(index)];
      if (subkey === undefined) return 259;
      out(name).write(subkey, 'utf16le');
      out(length).writeUInt32LE(subkey.length);
      return 0;
    },
    RegCloseKey: () => 0,
  });
  return { native, fetched, read: () => registrySource(async () => native)('HKLM\\SOFTWARE\\Muster') };
}

describe('reading a key', () => {
  it('brings values, names compared without case, and subkeys', async () => {
    const { native, read } = registry({
      values: { EnableFirewall: [4, Buffer.from('01000000', 'hex')], '': [1, wide('0\0')] },
      subkeys: ['Private', 'Öffentlich'],
    });
    const key = await read();
    expect(key.value('enablefirewall')).toEqual({ type: 'REG_DWORD', data: 1 });
    expect(key.value('')).toEqual({ type: 'REG_SZ', data: '0' });
    expect(key.value('Other')).toBeUndefined();
    expect(key.subkeys).toEqual(['Private', 'Öffentlich']);
    expect(native.called.at(-1)).toBe('RegCloseKey');
  });
  it.each([
    [2, 'not-found'],
    [3, 'not-found'],
    [5, 'access-denied'],
    [1018, '0x3fa'],
  ])('error %i is %s', async (openError, code) => {
    await expect(registry({}, { openError }).read()).rejects.toMatchObject({ name: 'SourceError', code });
  });
  it('never fetches a password, only that there is one', async () => {
    const { read, fetched } = registry({
      values: { DefaultPassword: [1, wide('hunter2\0')], AutoAdminLogon: [1, wide('1\0')] },
    });
    const key = await read();
    expect(key.value('DefaultPassword')?.data).toBe('<redacted>');
    expect(fetched).toEqual(['AutoAdminLogon']);
  });
  it('starts anew when a value grew in between, and gives up in the end', async () => {
    const values: FakeKey['values'] = { A: [4, Buffer.from('02000000', 'hex')] };
    expect((await registry({ values }, { grows: 3 }).read()).value('A')?.data).toBe(2);
    await expect(registry({ values }, { grows: 99 }).read()).rejects.toMatchObject({ code: '0xea' });
  });
});

describe('stand-ins for folders', () => {
  const profiles = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
  const keys: Record<string, ReturnType<typeof registryKey>> = {
    [profiles]: registryKey(
      { ProgramData: { type: 'REG_EXPAND_SZ', data: '%SystemDrive%\\ProgramData' } },
      [],
    ),
    [`${profiles}\\S-1-5-21-1-2-3-1001`]: registryKey(
      { ProfileImagePath: { type: 'REG_EXPAND_SZ', data: 'D:\\Users\\$1 anna' } },
      [],
    ),
  };
  const expand = (text: string) =>
    expandPath(
      text,
      async (key) => {
        const found = keys[key];
        if (found === undefined) throw new SourceError('missing', 'not there', 'not-found');
        return found;
      },
      async () => 'C:\\Windows',
    );
  it('become the real ones, text without them stays', async () => {
    expect(await expand('%ProgramData%\\Muster\\secedit.inf')).toBe('C:\\ProgramData\\Muster\\secedit.inf');
    expect(await expand('%PROFILE:S-1-5-21-1-2-3-1001%\\.ssh')).toBe('D:\\Users\\$1 anna\\.ssh');
    expect(await expand('/quiet')).toBe('/quiet');
  });
  it('of somebody without a profile here are an absent file', async () => {
    await expect(expand('%PROFILE:S-1-5-21-1-2-3-1009%\\.ssh')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
