import { absentAsUndefined, SourceError, type Sources, unparseable } from '../../probe.ts';
import { parseAssignments, wholeNumber } from './configuration.ts';
import {
  argument,
  calls,
  endsOnRefusal,
  endsOnSuccess,
  isEnforced,
  type PamLine,
  type PamStack,
} from './pam.ts';

/** What PAM asks of a new password. */
export interface PasswordRules {
  /** Characters a password has at least, after what other classes earn it. */
  readonly minLength: number;
  readonly classes: number;
}

/** pam_pwquality's and libpwquality's own numbers. */
const quality = { minLength: 8, least: 6 };
/** pam_unix's `obscure` asks for so many. */
const unixLength = 6;

type Settings = ReadonlyMap<string, string>;

/**
 * pwquality's settings: drop-ins in ASCII order, then the main file, which is read last and beats them (libpwquality 1.4). No file
 * = its defaults. Throws SourceError.
 */
export async function readQualitySettings(sources: Sources): Promise<Settings> {
  const folder = '/etc/security/pwquality.conf.d';
  const names = (await absentAsUndefined(sources.directory(folder))) ?? [];
  const parts = await Promise.all(
    names
      .filter((name) => name.endsWith('.conf'))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => sources.file(`${folder}/${name}`)),
  );
  const main = await absentAsUndefined(sources.file('/etc/security/pwquality.conf'));
  const merged = new Map<string, string>();
  for (const text of [...parts, main ?? '']) {
    for (const [key, value] of parseAssignments(text)) merged.set(key, value);
  }
  return merged;
}

/**
 * The rules a password stack enforces: pam_pwquality's where it is called and can refuse, else pam_unix's length. Throws
 * SourceError for other modules of the kind, and for a stack that may call pwquality where nobody looked.
 */
export async function passwordRules(
  stack: PamStack,
  settings: () => Promise<Settings>,
): Promise<PasswordRules> {
  const line = effectiveQualityLine(stack);
  if (line !== undefined) {
    const values = await settings();
    if (values.get('enforcing') !== '0') return qualityRules(line, values);
  }
  const [cracklib] = calls(stack, 'pam_cracklib.so');
  if (cracklib !== undefined && isEnforced(cracklib)) return cracklibRules(cracklib);
  if (stack.lines.some(({ module }) => module === 'pam_passwdqc.so')) {
    throw new SourceError('unsupported', 'pam_passwdqc is not read');
  }
  if (stack.incomplete) throw new SourceError('missing', 'part of the PAM stack was not read');
  const [unix] = calls(stack, 'pam_unix.so');
  if (unix === undefined) throw new SourceError('managed-elsewhere', 'passwords are not kept here');
  const asked = argument(unix, 'minlen');
  return { minLength: asked === undefined ? unixLength : number(asked), classes: 0 };
}

/** pwquality counts only where its refusal is one, and nothing before it sets the password and ends the stack. */
function effectiveQualityLine(stack: PamStack): PamLine | undefined {
  for (const line of stack.lines) {
    if (line.module === 'pam_pwquality.so' && isEnforced(line)) return line;
    if (line.module === 'pam_unix.so' && endsOnSuccess(line)) return undefined;
  }
  return undefined;
}

const creditNames = ['dcredit', 'ucredit', 'lcredit', 'ocredit'];

/** A positive credit takes off up to its value; a negative one asks for so many characters of its class. */
function qualityRules(line: PamLine, settings: Settings): PasswordRules {
  const setting = (name: string, byDefault: number) => {
    const text = argument(line, name) ?? settings.get(name);
    return text === undefined ? byDefault : number(text);
  };
  const credits = creditNames.map((name) => setting(name, 0));
  const length = Math.max(setting('minlen', quality.minLength), quality.least);
  return rules(length, setting('minclass', 0), credits);
}

/** pam_cracklib's numbers: nine characters, and one credit a class unless told otherwise. */
function cracklibRules(line: PamLine): PasswordRules {
  const setting = (name: string, byDefault: number) => {
    const text = argument(line, name);
    return text === undefined ? byDefault : number(text);
  };
  const length = Math.max(setting('minlen', 9), quality.least);
  return rules(
    length,
    setting('minclass', 0),
    creditNames.map((name) => setting(name, 1)),
  );
}

function rules(length: number, minClasses: number, credits: readonly number[]): PasswordRules {
  const earned = credits.filter((credit) => credit > 0).reduce((sum, credit) => sum + credit, 0);
  const demanded = credits.filter((credit) => credit < 0).length;
  return {
    minLength: Math.min(Math.max(length - earned, 1), 1_024),
    classes: Math.min(Math.max(minClasses, demanded, 0), 4),
  };
}

/** How many old passwords a stack refuses; 0 = none. Throws SourceError. */
export async function remembered(stack: PamStack, sources: Sources): Promise<number> {
  const [history] = calls(stack, 'pam_pwhistory.so').filter(isEnforced);
  if (history !== undefined) {
    const text =
      argument(history, 'remember') ??
      parseAssignments((await absentAsUndefined(sources.file('/etc/security/pwhistory.conf'))) ?? '').get(
        'remember',
      );
    return Math.min(text === undefined ? 10 : number(text), 10_000);
  }
  const unix = calls(stack, 'pam_unix.so').map((line) => argument(line, 'remember'));
  const asked = unix.find((text) => text !== undefined);
  if (asked !== undefined) return Math.min(number(asked), 10_000);
  if (stack.incomplete) throw new SourceError('missing', 'part of the PAM stack was not read');
  return 0;
}

/** How wrong tries are limited; null = they are not. */
export interface Lockout {
  readonly attempts: number;
  /** null = until an administrator unlocks it. */
  readonly lockSeconds: number | null;
}

/**
 * pam_faillock of an auth stack: counts only with `preauth` in front of the password and `authfail` behind it. Arguments beat
 * faillock.conf; three tries and ten minutes unless set; `deny = 0` = no limit. Throws SourceError.
 */
export async function lockout(stack: PamStack, sources: Sources): Promise<Lockout | null> {
  const passwordAt = stack.lines.findIndex(({ module }) => module === 'pam_unix.so');
  const faillock = stack.lines.flatMap((line, at) =>
    line.module === 'pam_faillock.so' ? [{ line, at }] : [],
  );
  const before = faillock.find(
    ({ line, at }) =>
      line.args.includes('preauth') && isEnforced(line) && (passwordAt < 0 || at < passwordAt),
  );
  // A wrong password is only counted where the stack still gets there: not behind a refusal that ends it.
  const refusedAt = stack.lines.findIndex(
    (line, at) => at >= passwordAt && line.module !== 'pam_faillock.so' && endsOnRefusal(line),
  );
  const after = faillock.find(
    ({ line, at }) => line.args.includes('authfail') && at > passwordAt && (refusedAt < 0 || at < refusedAt),
  );
  if (before === undefined || after === undefined) {
    if (stack.incomplete) throw new SourceError('missing', 'part of the PAM stack was not read');
    return null;
  }
  const settings = await attemptSettings(sources, [before.line, after.line]);
  const values = [before.line, after.line].map((line) => ({
    deny: number(argument(line, 'deny') ?? settings.get('deny') ?? '3'),
    unlock: argument(line, 'unlock_time') ?? settings.get('unlock_time') ?? '600',
  }));
  if (values.some(({ deny }) => deny < 1)) return null;
  const seconds = values.map(({ unlock }) => (unlock === 'never' ? 0 : number(unlock)));
  return {
    attempts: Math.max(...values.map(({ deny }) => deny)),
    lockSeconds: seconds.every((each) => each === 0) ? null : Math.min(...seconds.filter((each) => each > 0)),
  };
}

/** faillock.conf; not needed where both lines say everything themselves. */
async function attemptSettings(sources: Sources, lines: readonly PamLine[]): Promise<Settings> {
  const complete = lines.every(
    (line) => argument(line, 'deny') !== undefined && argument(line, 'unlock_time') !== undefined,
  );
  if (complete) return new Map();
  return parseAssignments((await absentAsUndefined(sources.file('/etc/security/faillock.conf'))) ?? '');
}

function number(text: string): number {
  const negative = text.trim().startsWith('-');
  const value = wholeNumber(negative ? text.trim().slice(1) : text);
  if (value === undefined) throw unparseable('a number of the password rules');
  return negative ? -value : value;
}
