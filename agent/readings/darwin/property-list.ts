import { parseBuffer } from 'bplist-parser';
import { parse } from 'plist';
import { absentAsUndefined, type Sources, unparseable } from '../../probe.ts';

/** A value of a property list. Integers beyond 2^53 and archiver UIDs are left out. */
export type PropertyListValue =
  | string
  | number
  | boolean
  | Date
  | Uint8Array
  | readonly PropertyListValue[]
  | PropertyListDictionary;
/** Read it through `textIn`, `numberIn`, ...: they only see own keys and throw where the type is another. */
export interface PropertyListDictionary {
  readonly [key: string]: PropertyListValue | undefined;
}

const maxBytes = 8_000_000;
const maxDepth = 40;
const maxNodes = 200_000;
const what = 'property list';

const tag =
  /<(?:\?xml[^<>]*\?|!DOCTYPE[^<>[]*|!--[\s\S]*?--|plist(?: version="[\d.]+")?|(\/?)(plist|dict|array|key|string|integer|real|date|data|true|false)(\/?))>|</g;
const empty = new Set(['true', 'false']);
const numbers = /<(integer|real)>([^<]*)</g;
const numberForm = {
  integer: /^\s*[+-]?(?:\d{1,20}|0[xX][0-9a-fA-F]{1,16})\s*$/,
  real: /^\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*$/,
};

/**
 * Lets only well-formed, bounded XML through to the parser, which itself is lenient about both: known tags without
 * attributes, closed in order, numbers that are numbers, no entities of its own.
 */
function checkXml(text: string): void {
  const open: string[] = [];
  let nodes = 0;
  for (const match of text.matchAll(tag)) {
    const [whole, closing, name, alone] = match;
    if (whole === '<') throw unparseable(what);
    if (name === undefined) {
      if (whole.startsWith('<plist')) open.push('plist');
      continue;
    }
    nodes += 1;
    if (closing === '/') {
      if (alone === '/' || open.pop() !== name) throw unparseable(what);
    } else if (alone !== '/') {
      if (empty.has(name)) throw unparseable(what);
      open.push(name);
    }
    if (open.length > maxDepth || nodes > maxNodes) throw unparseable(what);
  }
  if (open.length > 0) throw unparseable(what);
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/.test(text)) throw unparseable(what);
  for (const [, kind, value] of text.matchAll(numbers)) {
    if (!numberForm[kind as 'integer' | 'real'].test(value ?? '')) throw unparseable(what);
  }
}

/**
 * Walks the objects of a binary list before the parser does: lists that point at themselves, share branches without
 * end or claim more than the file holds would keep it busy for ever.
 */
function checkBinary(bytes: Uint8Array): void {
  const trailer = bytes.length - 32;
  if (trailer < 8) throw unparseable(what);
  const integer = (at: number, size: number): number => {
    if (size < 1 || size > 8 || at < 0 || at + size > bytes.length) throw unparseable(what);
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] ?? 0);
    return value;
  };
  const offsetSize = integer(trailer + 6, 1);
  const referenceSize = integer(trailer + 7, 1);
  const count = integer(trailer + 8, 8);
  const table = integer(trailer + 24, 8);
  if (count < 1 || count > 32_768 || table + count * offsetSize > trailer) throw unparseable(what);
  let visits = 0;
  const visit = (object: number, depth: number): void => {
    visits += 1;
    if (object >= count || depth > maxDepth || visits > maxNodes) throw unparseable(what);
    let at = integer(table + object * offsetSize, offsetSize);
    const marker = integer(at, 1);
    const kind = marker >> 4;
    let length = marker & 15;
    at += 1;
    if (length === 15 && [4, 5, 6, 10, 13].includes(kind)) {
      const size = integer(at, 1);
      if (size >> 4 !== 1 || (size & 15) > 3) throw unparseable(what);
      length = integer(at + 1, 2 ** (size & 15));
      at += 1 + 2 ** (size & 15);
    }
    const wide = { 1: 2 ** length, 2: 2 ** length, 3: 8, 4: length, 5: length, 6: 2 * length, 8: length + 1 };
    const references = kind === 10 ? length : kind === 13 ? 2 * length : 0;
    const size = references * referenceSize + (wide[kind as keyof typeof wide] ?? 0);
    if (![0, 1, 2, 3, 4, 5, 6, 8, 10, 13].includes(kind) || at + size > table) throw unparseable(what);
    if (kind === 3 && length !== 3) throw unparseable(what);
    for (let index = 0; index < references; index++) {
      visit(integer(at + index * referenceSize, referenceSize), depth + 1);
    }
  };
  visit(integer(trailer + 16, 8), 0);
}

/**
 * The parser prints what it does not understand, with the text around it, and goes on. Nothing that was read may reach a terminal
 * or a log, and what it does not understand is no list: it is kept from printing, and its complaint is a SourceError.
 */
function parseQuietly(list: string): unknown {
  const { error, warn } = console;
  let complained = false;
  const complain = () => {
    complained = true;
  };
  Object.assign(console, { error: complain, warn: complain });
  try {
    const parsed = parse(list);
    if (!complained) return parsed;
  } catch {
    // Told below, without its words.
  } finally {
    Object.assign(console, { error, warn });
  }
  throw unparseable(what);
}

/** Plain values only: what no reader knows (null, UID, big integers, invalid dates) counts as not there. */
function plain(value: unknown): PropertyListValue | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
  if (Array.isArray(value)) return value.map(plain).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return undefined;
  const dictionary: Record<string, PropertyListValue> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    const kept = plain(item);
    if (kept !== undefined) dictionary[key] = kept;
  }
  return dictionary;
}

/**
 * Reads a property list, XML or binary. Other text may stand before `<?xml` (`pwpolicy` always writes a header line). A
 * list without its end, or with anything in it that no such list has, throws SourceError; nothing else is ever thrown.
 */
export function parsePropertyList(bytes: Uint8Array): PropertyListValue {
  if (bytes.length > maxBytes) throw unparseable(what);
  let parsed: unknown;
  if (bytes[0] === 0x62 && new TextDecoder('latin1').decode(bytes.subarray(0, 8)) === 'bplist00') {
    checkBinary(bytes);
    try {
      [parsed] = parseBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch {
      throw unparseable(what);
    }
  } else {
    const text = new TextDecoder().decode(bytes);
    const start = text.search(/<\?xml|<plist/);
    const end = text.indexOf('</plist>', start);
    if (start < 0 || end < 0) throw unparseable(what);
    const list = text.slice(start, end + '</plist>'.length);
    checkXml(list);
    parsed = parseQuietly(list);
  }
  const value = plain(parsed);
  if (value === undefined) throw unparseable(what);
  return value;
}

/** The dictionary a value is. Throws SourceError when it is none. */
export function dictionaryOf(value: PropertyListValue | undefined): PropertyListDictionary {
  if (!isDictionary(value)) throw unparseable(what);
  return value;
}

export function isDictionary(value: PropertyListValue | undefined): value is PropertyListDictionary {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

/** A text of a dictionary; undefined = not set. Throws SourceError when the key holds something else. */
export function textIn(dictionary: PropertyListDictionary, key: string): string | undefined {
  const value = dictionary[key];
  if (value !== undefined && typeof value !== 'string') throw unparseable(what);
  return value;
}

/** A number of a dictionary; undefined = not set. Throws SourceError when the key holds something else. */
export function numberIn(dictionary: PropertyListDictionary, key: string): number | undefined {
  const value = dictionary[key];
  if (value !== undefined && typeof value !== 'number') throw unparseable(what);
  return value;
}

/** A switch of a dictionary: true and false, as several tools write them also 1 and 0; undefined = not set. */
export function switchIn(dictionary: PropertyListDictionary, key: string): boolean | undefined {
  const value = dictionary[key];
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  throw unparseable(what);
}

/** A moment of a dictionary; undefined = not set. Throws SourceError when the key holds something else. */
export function dateIn(dictionary: PropertyListDictionary, key: string): Date | undefined {
  const value = dictionary[key];
  if (value !== undefined && !(value instanceof Date)) throw unparseable(what);
  return value;
}

/** A list of a dictionary; undefined = not set. Throws SourceError when the key holds something else. */
export function listIn(
  dictionary: PropertyListDictionary,
  key: string,
): readonly PropertyListValue[] | undefined {
  const value = dictionary[key];
  if (value !== undefined && !Array.isArray(value)) throw unparseable(what);
  return value;
}

/** The dictionary in a property list file; undefined = there is no such file. Any other failure is thrown. */
export async function readPropertyList(
  sources: Sources,
  path: string,
): Promise<PropertyListDictionary | undefined> {
  const bytes = await absentAsUndefined(sources.fileBytes(path));
  return bytes && dictionaryOf(parsePropertyList(bytes));
}

/** The property list a command writes to stdout. The exit code is no answer. Throws SourceError. */
export async function commandPropertyList(
  sources: Sources,
  argv: readonly [string, ...string[]],
): Promise<PropertyListValue> {
  return parsePropertyList((await sources.command(argv)).stdoutBytes);
}
