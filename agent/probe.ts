import type { z } from 'zod';
import type { Answer, Platform, Reason } from '../shared/answer.ts';
import type { checks } from '../shared/checks/index.ts';

/** A read that gave no answer, and why. Messages name the read, never what it found. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: Reason;
  /** What the system said: `ENOENT`, `EACCES`, `not-found`, `0x80041003`, `not-recorded`. */
  readonly code: string;

  constructor(reason: Reason, message: string, code = '') {
    super(message);
    this.reason = reason;
    this.code = code;
  }
}

/** A finished command. A refusal with exit code 0 is not an answer: probes look at all three. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** stdout before decoding, where code pages or UTF-16 matter. */
  readonly stdoutBytes: Uint8Array;
}

export interface CommandOptions {
  /** Runs as the person at the screen, in that person's session, also when the agent is root. */
  readonly as?: 'user';
  readonly stdin?: string;
  /** Milliseconds; 5,000 unless told. */
  readonly timeoutMs?: number;
}

export type RegistryData = number | string | string[];

export interface RegistryValue {
  /** `REG_DWORD`, `REG_SZ`, ... */
  readonly type: string;
  readonly data: RegistryData;
}

/** A registry key: values by name as the recording format has them (QWORD and BINARY as text), and the names of its subkeys. */
export interface RegistryKey {
  /** Compared without case. `undefined` = the value is not set. */
  value(name: string): RegistryValue | undefined;
  /** All values by name, as written. */
  readonly values: Readonly<Record<string, RegistryValue>>;
  readonly subkeys: readonly string[];
}

/**
 * The person at the screen. Probes only know this stand-in: `/home/user`, `/Users/user`, `%PROFILE:<SID>%` and the
 * argument `user` mean that person, and the live sources put the real name in at the last moment.
 */
export interface Person {
  readonly name: string;
  readonly uid?: number;
  readonly sid?: string;
}

/** What this machine remembers between runs. A replay has none. */
export interface History {
  /** When each of these was first seen, by the day; what is new is first seen now. Ids stay on the machine, hashed. */
  firstSeen(ids: readonly string[]): Promise<readonly Date[]>;
  /**
   * On how many days since the last report an unencrypted, writable removable volume was mounted. undefined = nobody kept watch
   * all that time; days that were seen count all the same.
   */
  exposedDays(): Promise<number | undefined>;
}

/** Which removable media the organization lets this machine use. */
export interface Approvals {
  /**
   * How the media mounted at these devices, and those seen since the last report, stand to what waivers approve and what the policy
   * lists. `unknown` counts those of which nobody can tell. Throws SourceError.
   */
  of(
    devices: readonly string[],
    listed: readonly string[],
  ): Promise<{
    readonly unapproved: number;
    readonly unknown: number;
    /** The numbers of those mounted now that are approved. */
    readonly approved: readonly string[];
    readonly days: number | undefined;
  }>;
}

/**
 * The only doors to the machine. Every method throws SourceError and nothing else; the same read is made once a run, however
 * many probes ask. An absent file is an answer to some and an error to others: see `absentAsUndefined`.
 */
export interface Sources {
  readonly platform: Platform;
  /** `15.7.1`, `24.04`, `10.0.26200`; empty when it could not be read. */
  readonly osVersion: string;
  /** root, or an administrator's elevated token. */
  readonly elevated: boolean;
  /** null = nobody is signed in at the screen. */
  readonly user: Person | null;
  /** The moment of this run; on replay the moment of the recording. Probes never ask the clock. */
  readonly now: Date;
  /** The agent's own memory; left out on replay and where there is none yet. */
  readonly history?: History;
  /** Left out where nobody can tell, as on replay. */
  readonly approvals?: Approvals;
  /** Runs a program without a shell, `LC_ALL=C`. Throws only when it did not run to its end. */
  command(
    argv: readonly [program: string, ...args: string[]],
    options?: CommandOptions,
  ): Promise<CommandResult>;
  /** UTF-8 text of a file. */
  file(path: string): Promise<string>;
  fileBytes(path: string): Promise<Uint8Array>;
  directory(path: string): Promise<readonly string[]>;
  /** Windows, 64-bit view: `HKLM\...` or `HKU\<SID>\...`. */
  registry(key: string): Promise<RegistryKey>;
  /** Windows: rows of a WQL query. */
  wmi(query: string, namespace: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Windows: a named query of the one PowerShell process. */
  powershell(name: string): Promise<CommandResult>;
  /** Windows: a native call; the result as the recording format has it. */
  win32(name: string, args: readonly unknown[]): Promise<unknown>;
  systemInformation(name: string): Promise<unknown>;
}

type Catalogue = typeof checks;
type DeviceCheckId = {
  [Id in keyof Catalogue]: Catalogue[Id]['answeredBy'] extends 'collector' ? never : Id;
}[keyof Catalogue];

/** Reads one point: an answer, or a SourceError that becomes `unknown` with its reason. */
export type PointProbe<Value, Params> = (sources: Sources, params: Params) => Promise<Answer<Value>>;

/** How one check is read on one system, point by point. */
export type PointProbes<Id extends keyof Catalogue> = {
  // Without the index signature that every check's points also have.
  readonly [K in keyof Catalogue[Id]['points'] as string extends K
    ? never
    : K]: Catalogue[Id]['points'][K] extends {
    readonly value: infer V extends z.ZodType;
    readonly params: infer Q extends z.ZodType;
  }
    ? PointProbe<z.input<V>, z.output<Q>>
    : never;
};

/**
 * How every check that a device answers is read on one system. A check that is left out does not compile; one this agent cannot
 * read there yet says so, and is unknown, never not-applicable.
 */
export type PlatformProbes = { readonly [Id in DeviceCheckId]: PointProbes<Id> | 'unsupported' };

/** Which of several failures says most about what to do. */
const telling: readonly Reason[] = [
  'denied',
  'no-session',
  'timeout',
  'unparseable',
  'failed',
  'managed-elsewhere',
  'stale',
  'unsupported',
  'missing',
];

/**
 * Asks the readings in their documented order of trust; the first that answers wins. A reading says "nothing" by throwing
 * SourceError. When none answers, the most telling of their errors is thrown.
 */
export async function firstOf<T>(...readings: readonly (() => Promise<T>)[]): Promise<T> {
  const errors: SourceError[] = [];
  for (const reading of readings) {
    try {
      return await reading();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      errors.push(error);
    }
  }
  throw (
    errors.toSorted((a, b) => telling.indexOf(a.reason) - telling.indexOf(b.reason))[0] ??
    new SourceError('missing', 'no reading is documented for this')
  );
}

/** For reads where "not there" means "not set": undefined on ENOENT or not-found, any other error is thrown on. */
export async function absentAsUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError && (error.code === 'ENOENT' || error.code === 'not-found'))
      return undefined;
    throw error;
  }
}

/** A reading that answered something its documentation does not know. The message never quotes it. */
export function unparseable(what: string): SourceError {
  return new SourceError('unparseable', `${what}: unexpected answer`);
}
