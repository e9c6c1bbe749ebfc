import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { integer, never, object } from './values.ts';

const secondsPerDay = 86_400;

/** Rules for the passwords of local accounts. */
export interface PasswordRules {
  readonly minLength: number;
  /** Whole days, rounded up; null = never. */
  readonly maxAgeDays: number | null;
  readonly history: number;
}

/** Wrong tries before a lock (null = no limit), and how long it holds (null = until an administrator unlocks it). */
export interface LockoutRules {
  readonly attempts: number | null;
  readonly lockSeconds?: number | null;
}

/** From NetUserModalsGet, level 0. */
export async function readPasswordRules(sources: Sources): Promise<PasswordRules> {
  const what = 'NetUserModalsGet 0';
  const rules = object(await sources.win32('NetUserModalsGet', [0]), what);
  const maxAge = integer(rules['usrmod0_max_passwd_age'], what, 1);
  return {
    minLength: integer(rules['usrmod0_min_passwd_len'], what, 0, 1_024),
    maxAgeDays: maxAge === never ? null : Math.ceil(maxAge / secondsPerDay),
    history: integer(rules['usrmod0_password_hist_len'], what, 0, 1_024),
  };
}

/** From NetUserModalsGet, level 3. */
export async function readLockoutRules(sources: Sources): Promise<LockoutRules> {
  const what = 'NetUserModalsGet 3';
  const rules = object(await sources.win32('NetUserModalsGet', [3]), what);
  const attempts = integer(rules['usrmod3_lockout_threshold'], what, 0, 65_535);
  if (attempts === 0) return { attempts: null };
  const duration = rules['usrmod3_lockout_duration'];
  // -1 and its unsigned form: until an administrator unlocks it.
  const seconds = duration === -1 ? never : integer(duration, what);
  return { attempts, lockSeconds: seconds === never ? null : seconds };
}

const utf16LittleEndian = [0xff, 0xfe];

function decodeUtf16(bytes: Uint8Array): string {
  if (bytes[0] !== utf16LittleEndian[0] || bytes[1] !== utf16LittleEndian[1])
    throw unparseable('secedit.inf');
  return new TextDecoder('utf-16le').decode(bytes);
}

/** Name and value of the lines in section [System Access]. */
function systemAccess(inf: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let inside = false;
  for (const line of inf.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line);
    if (section !== null) inside = section[1]?.toLowerCase() === 'system access';
    const value = inside ? /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) : null;
    if (value !== null) values.set(String(value[1]).toLowerCase(), String(value[2]));
  }
  return values;
}

/** What the security database holds; a key that is not exported says nothing. */
export interface SeceditRules {
  readonly minLength: number | undefined;
  readonly maxAgeDays: number | null | undefined;
  readonly history: number | undefined;
  readonly complexity: boolean | undefined;
  readonly lockout: LockoutRules | undefined;
}

/** The rules in an export of secedit.exe, as bytes of UTF-16 with its byte order mark. */
export function parseSecedit(bytes: Uint8Array): SeceditRules {
  const values = systemAccess(decodeUtf16(bytes));
  const number = (name: string, min: number, max: number) => {
    const written = values.get(name.toLowerCase());
    return written === undefined ? undefined : integer(written, `secedit.inf, ${name}`, min, max);
  };
  const maxAge = number('MaximumPasswordAge', -1, 100_000);
  const complexity = number('PasswordComplexity', 0, 1);
  const attempts = number('LockoutBadCount', 0, 65_535);
  const minutes = number('LockoutDuration', -1, 100_000);
  return {
    minLength: number('MinimumPasswordLength', 0, 1_024),
    maxAgeDays: maxAge === -1 || maxAge === 0 ? null : maxAge,
    history: number('PasswordHistorySize', 0, 1_024),
    complexity: complexity === undefined ? undefined : complexity === 1,
    lockout:
      attempts === undefined
        ? undefined
        : attempts === 0
          ? { attempts: null }
          : {
              attempts,
              ...(minutes !== undefined && { lockSeconds: minutes === -1 ? null : minutes * 60 }),
            },
  };
}

/** Exports the security database (administrators) and reads the file. A failed export says nothing, even if a file is there. */
export async function readFromSecedit(sources: Sources): Promise<SeceditRules> {
  const path = '%ProgramData%\\Muster\\secedit.inf';
  const { exitCode } = await sources.command([
    'secedit.exe',
    '/export',
    '/areas',
    'SECURITYPOLICY',
    '/cfg',
    path,
    '/quiet',
  ]);
  if (exitCode !== 0) {
    throw new SourceError(sources.elevated ? 'failed' : 'denied', 'secedit.exe: no export', String(exitCode));
  }
  return parseSecedit(await sources.fileBytes(path));
}

const netAccountsLines = 9;

/**
 * The rules in the output of `net.exe accounts`, told by position: its words are translated, its order is not. Lines 2, 7
 * and 8 are numbers on every machine; where they are not, this is some other text. A word instead of a number means none.
 */
export function parseNetAccounts(output: string): PasswordRules & { readonly lockout: LockoutRules } {
  const what = 'net.exe accounts';
  const values = output.split(/\r?\n/).flatMap((line) => /^\S.*?:\s+(\S.*?)\s*$/.exec(line)?.[1] ?? []);
  if (values.length !== netAccountsLines) throw unparseable(what);
  const [, minAge, maxAge, minLength, history, threshold, duration, window] = values;
  const number = (written: string | undefined) => integer(written, what, 0, 100_000);
  const numberOr = <T>(written: string | undefined, none: T) =>
    written !== undefined && /^\d+$/.test(written) ? number(written) : none;
  number(minAge);
  number(window);
  const attempts = numberOr(threshold, null);
  const minutes = numberOr(duration, null);
  if (minLength !== undefined && /\d/.test(minLength)) number(minLength);
  return {
    minLength: numberOr(minLength, 0),
    maxAgeDays: numberOr(maxAge, null),
    history: numberOr(history, 0),
    lockout:
      attempts === null || attempts === 0
        ? { attempts: null }
        : { attempts, lockSeconds: minutes === null ? null : minutes * 60 },
  };
}

/** From `net.exe accounts`. Its bytes are in the OEM code page; digits, colons and line ends are ASCII in all of them. */
export async function readFromNetAccounts(
  sources: Sources,
): Promise<PasswordRules & { readonly lockout: LockoutRules }> {
  const { stdoutBytes, exitCode } = await sources.command(['net.exe', 'accounts']);
  if (exitCode !== 0) throw new SourceError('failed', 'net.exe accounts: failed', String(exitCode));
  return parseNetAccounts(new TextDecoder('latin1').decode(stdoutBytes));
}
