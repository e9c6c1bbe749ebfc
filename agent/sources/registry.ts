import type { RegistryData, RegistryValue, Sources } from '../probe.ts';
import { SourceError } from '../probe.ts';
import { codeError, registryKey } from './recording.ts';
import { hex, type Native, openNative, pointerIn, room } from './win32/native.ts';

const roots: Record<string, bigint> = { HKLM: 0x80000002n, HKU: 0x80000003n };
/** KEY_QUERY_VALUE, KEY_ENUMERATE_SUB_KEYS and KEY_WOW64_64KEY. */
const readAccess = 0x0109;
const errors = { notFound: 2, noPath: 3, denied: 5, moreData: 234, noMoreItems: 259 };
/** A key changing while it is read: after so many new starts it says nothing. */
const maxRounds = 10;

/** Values that hold a password: that they are there is all anybody may know, so their data is never fetched. */
const secret = new Set(['defaultpassword']);

const typeNames = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD',
  'REG_DWORD_BIG_ENDIAN',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENTS_LIST',
  'REG_QWORD',
];

/**
 * A value as recordings have it: DWORD an unsigned number, QWORD decimal text, MULTI_SZ a list, text without its end mark,
 * anything else lower-case hex, a number of the wrong length too: whoever expects a number then sees that it is none.
 */
export function decodeRegistryValue(type: number, bytes: Buffer): RegistryValue {
  return { type: typeNames[type] ?? `REG_${type}`, data: decodeData(type, bytes) };
}

function decodeData(type: number, bytes: Buffer): RegistryData {
  if (type === 4 && bytes.length === 4) return bytes.readUInt32LE(0);
  if (type === 5 && bytes.length === 4) return bytes.readUInt32BE(0);
  if (type === 11 && bytes.length === 8) return bytes.readBigUInt64LE(0).toString();
  if (type === 1 || type === 2 || type === 6) return wideText(bytes).split('\0')[0] ?? '';
  if (type === 7) {
    const parts = wideText(bytes).split('\0');
    const end = parts.indexOf('');
    return end === -1 ? parts : parts.slice(0, end);
  }
  return bytes.toString('hex');
}

function wideText(bytes: Buffer): string {
  return bytes.toString('utf16le', 0, bytes.length - (bytes.length % 2));
}

function registryError(code: number | bigint): SourceError {
  if (code === errors.notFound || code === errors.noPath) return codeError('not-found');
  if (code === errors.denied) return codeError('access-denied');
  return codeError(hex(code));
}

function expectRead(code: number | bigint): void {
  if (code !== 0) throw registryError(code);
}

/** Splits `HKLM\...` or `HKU\...` into the root's handle and the path below it. */
export function splitKey(key: string): { root: bigint; path: string } {
  const at = key.indexOf('\\');
  const root = roots[(at === -1 ? key : key.slice(0, at)).toUpperCase()];
  if (root === undefined) throw new SourceError('unsupported', 'keys start with HKLM or HKU', '0x57');
  return { root, path: at === -1 ? '' : key.slice(at + 1) };
}

interface Sizes {
  readonly nameCharacters: number;
  readonly subkeyCharacters: number;
  readonly dataBytes: number;
}

function querySizes(native: Native, handle: bigint): Sizes {
  const sizes = Array.from({ length: 3 }, () => room());
  const [subkey, name, data] = sizes as [Buffer, Buffer, Buffer];
  expectRead(
    native.call(
      'advapi32',
      'uint32 RegQueryInfoKeyW(uintptr_t key, void *class, void *classSize, void *reserved, void *subkeys, void *maxSubkey, void *maxClass, void *values, void *maxName, void *maxData, void *security, void *written)',
      handle,
      null,
      null,
      null,
      null,
      subkey,
      null,
      null,
      name,
      data,
      null,
      null,
    ),
  );
  return {
    nameCharacters: name.readUInt32LE(0) + 1,
    subkeyCharacters: subkey.readUInt32LE(0) + 1,
    dataBytes: data.readUInt32LE(0),
  };
}

interface ListedValue {
  readonly name: string;
  readonly type: number;
}

/** Calls `next` with 0, 1, 2 ... until the registry says there is no more. */
function enumerate<T>(next: (index: number) => { code: number | bigint; item: () => T }): T[] {
  const items: T[] = [];
  for (let index = 0; ; index += 1) {
    const { code, item } = next(index);
    if (code === errors.noMoreItems) return items;
    expectRead(code);
    items.push(item());
  }
}

function listValues(native: Native, handle: bigint, { nameCharacters }: Sizes): ListedValue[] {
  const name = room(2 * nameCharacters);
  const length = room();
  const type = room();
  return enumerate((index) => {
    length.writeUInt32LE(nameCharacters);
    const code = native.call(
      'advapi32',
      'uint32 RegEnumValueW(uintptr_t key, uint32 index, void *name, void *length, void *reserved, void *type, void *data, void *size)',
      handle,
      index,
      name,
      length,
      null,
      type,
      null,
      null,
    );
    return {
      code,
      item: () => ({
        name: name.toString('utf16le', 0, 2 * length.readUInt32LE(0)),
        type: type.readUInt32LE(0),
      }),
    };
  });
}

function listSubkeys(native: Native, handle: bigint, { subkeyCharacters }: Sizes): string[] {
  const name = room(2 * subkeyCharacters);
  const length = room();
  return enumerate((index) => {
    length.writeUInt32LE(subkeyCharacters);
    const code = native.call(
      'advapi32',
      'uint32 RegEnumKeyExW(uintptr_t key, uint32 index, void *name, void *length, void *reserved, void *class, void *classSize, void *written)',
      handle,
      index,
      name,
      length,
      null,
      null,
      null,
      null,
    );
    return { code, item: () => name.toString('utf16le', 0, 2 * length.readUInt32LE(0)) };
  });
}

function readValue(
  native: Native,
  handle: bigint,
  value: ListedValue,
  { dataBytes }: Sizes,
): RegistryValue | undefined {
  if (secret.has(value.name.toLowerCase())) {
    return { type: typeNames[value.type] ?? `REG_${value.type}`, data: '<redacted>' };
  }
  const type = room();
  const size = room();
  // Never a buffer of no bytes: without one the registry answers the size only and calls that success.
  const data = room(Math.max(dataBytes, 8));
  size.writeUInt32LE(data.length);
  const code = native.call(
    'advapi32',
    'uint32 RegQueryValueExW(uintptr_t key, str16 name, void *reserved, void *type, void *data, void *size)',
    handle,
    value.name,
    null,
    type,
    data,
    size,
  );
  // Removed since it was listed: no longer set.
  if (code === errors.notFound) return undefined;
  expectRead(code);
  return decodeRegistryValue(type.readUInt32LE(0), data.subarray(0, size.readUInt32LE(0)));
}

function readOpenKey(native: Native, handle: bigint) {
  const sizes = querySizes(native, handle);
  const entries = listValues(native, handle, sizes).flatMap((listed) => {
    const value = readValue(native, handle, listed, sizes);
    return value === undefined ? [] : [[listed.name, value] as const];
  });
  return registryKey(Object.fromEntries(entries), listSubkeys(native, handle, sizes));
}

/** The key of the 64-bit view, whatever program asks. */
function readKey(native: Native, key: string) {
  const { root, path } = splitKey(key);
  const opened = room();
  expectRead(
    native.call(
      'advapi32',
      'uint32 RegOpenKeyExW(uintptr_t root, str16 path, uint32 options, uint32 access, void *key)',
      root,
      path,
      0,
      readAccess,
      opened,
    ),
  );
  const handle = pointerIn(opened);
  try {
    for (let round = 1; ; round += 1) {
      try {
        return readOpenKey(native, handle);
      } catch (error) {
        const grown = error instanceof SourceError && error.code === hex(errors.moreData);
        if (!grown || round === maxRounds) throw error;
      }
    }
  } finally {
    native.call('advapi32', 'uint32 RegCloseKey(uintptr_t key)', handle);
  }
}

/**
 * The registry of this Windows. Throws SourceError: `not-found`, `access-denied`, else the system's error number in hex. A value
 * known to hold a password comes as `<redacted>`, its data is never read.
 */
export function registrySource(open: () => Promise<Native> = openNative): Sources['registry'] {
  return async (key) => readKey(await open(), key);
}
