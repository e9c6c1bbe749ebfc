import { absentAsUndefined, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import { parseColumns, wholeNumber } from './configuration.ts';

/** An account of this machine. People of a domain are here only where the system lists them. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** Somebody can sign in with it: root or a person's UID, and a shell. */
  readonly interactive: boolean;
  /** The password field of passwd itself is empty: it signs in without one, whatever /etc/shadow says. */
  readonly passwordless: boolean;
  /** No password is kept in passwd itself (`x`, `*`); without a line in /etc/shadow either, the account comes from a directory. */
  readonly shadowed: boolean;
}

/** Which UIDs are people's. */
export interface UidRange {
  readonly min: number;
  readonly max: number;
}

/**
 * UID_MIN and UID_MAX of /etc/login.defs; 1000 and 60000 where they are not set, as shadow documents, or where the file is not there:
 * openSUSE ships it elsewhere, with the same numbers. Throws SourceError.
 */
export async function readUidRange(sources: Sources): Promise<UidRange> {
  const values = parseColumns((await absentAsUndefined(sources.file('/etc/login.defs'))) ?? '');
  return {
    min: wholeNumber(values.get('UID_MIN')) ?? 1_000,
    max: wholeNumber(values.get('UID_MAX')) ?? 60_000,
  };
}

/** `getent passwd`: `user:x:1000:1000::/home/user:/bin/bash`. Throws SourceError, also for an empty list. */
export async function readAccounts(sources: Sources): Promise<readonly Account[]> {
  const [{ stdout }, range] = await Promise.all([
    answered(sources, ['getent', 'passwd']),
    readUidRange(sources),
  ]);
  return parseAccounts(stdout, range);
}

const noShells = new Set(['nologin', 'false', 'sync']);
const nobody = 65_534;

/** See `readAccounts`. An empty shell field means /bin/sh. */
export function parseAccounts(stdout: string, range: UidRange): Account[] {
  const accounts = stdout.split('\n').flatMap((line): Account[] => {
    const fields = line.split(':');
    const uid = wholeNumber(fields[2]);
    if (fields.length < 7 || !fields[0] || uid === undefined) return [];
    const shell = fields[6]?.trim().split('/').at(-1) ?? '';
    const person = uid === 0 || (uid >= range.min && uid <= range.max && uid !== nobody);
    return [
      {
        name: fields[0],
        uid,
        interactive: person && !noShells.has(shell),
        passwordless: fields[1] === '',
        shadowed: /^(?:x|[*!].*)$/.test(fields[1] ?? ''),
      },
    ];
  });
  if (accounts.length === 0) throw unparseable('getent passwd');
  return accounts;
}

/** What /etc/shadow says of an account; never the hash. */
export interface ShadowEntry {
  readonly name: string;
  /** `none` = signs in without one; `locked` = no password opens it; `set`. */
  readonly password: 'none' | 'locked' | 'set';
  /** Days until a password expires; null = never. */
  readonly maxDays: number | null;
}

/** /etc/shadow, or `getent shadow` where there is no such file. Needs root. Throws SourceError, also for an empty list. */
export async function readShadow(sources: Sources): Promise<readonly ShadowEntry[]> {
  try {
    return parseShadow(await sources.file('/etc/shadow'));
  } catch (error) {
    if (!(error instanceof SourceError && error.code === 'ENOENT')) throw error;
    return parseShadow((await answered(sources, ['getent', 'shadow'])).stdout);
  }
}

/** A field of 99999 days and more is what the tools write for never. */
const neverDays = 99_999;

/** `user:$y$...:20400:0:99999:7:::`. Throws SourceError when no line has the form. */
export function parseShadow(text: string): ShadowEntry[] {
  const entries = text.split('\n').flatMap((line): ShadowEntry[] => {
    const fields = line.split(':');
    const [name, hash = ''] = fields;
    if (fields.length < 8 || !name) return [];
    const days = wholeNumber(fields[4]);
    return [
      {
        name,
        password: hash === '' ? 'none' : /^[!*]/.test(hash) ? 'locked' : 'set',
        maxDays: days === undefined || days >= neverDays ? null : days,
      },
    ];
  });
  if (entries.length === 0) throw unparseable('shadow');
  return entries;
}
