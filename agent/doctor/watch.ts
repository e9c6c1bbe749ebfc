import { type CommandResult, SourceError, type Sources } from '../probe.ts';

/**
 * Why a read gave nothing; what a person can do most about comes first, and a file that is not there is mostly a setting nobody made.
 * - not-installed: the program is not here
 * - not-there: the file, folder, key or query is not here
 * - denied: the right to it is missing
 * - blocked: an administrator's rule forbids the program
 * - constrained: PowerShell runs, but only in Constrained Language Mode
 * - unsupported: this version of the system does not have it
 * - no-systemd, no-bus, no-display: what the program talks to does not run
 * - timeout: no answer in time
 * - refused: the program ended with an error
 * - failed: the read broke
 */
export const troubles = [
  'denied',
  'blocked',
  'constrained',
  'no-systemd',
  'no-bus',
  'no-display',
  'timeout',
  'failed',
  'refused',
  'unsupported',
  'not-installed',
  'not-there',
] as const;
export type Trouble = (typeof troubles)[number];

/** At the end of a line about one read. */
const troubleWords: Record<Trouble, string> = {
  denied: 'no right to it',
  blocked: 'blocked by an administrator’s rule',
  constrained: 'in Constrained Language Mode',
  unsupported: 'not on this version of the system',
  'no-systemd': 'systemd does not run here',
  'no-bus': 'the message bus cannot be reached',
  'no-display': 'there is no screen',
  timeout: 'no answer in time',
  failed: 'broke',
  refused: 'ended with an error',
  'not-installed': 'not installed',
  'not-there': 'not there',
};

/** A read that gave nothing. `read` names it by stand-ins, as the probe asked: no names of people, no output. */
export interface FailedRead {
  readonly read: string;
  /** The program, for a command. */
  readonly program?: string;
  readonly trouble: Trouble;
}

/** More reads than this for one point tell a person nothing new; `--doctor --format json` has them all. */
const readsShown = 3;

/** The reads of a point that gave nothing, for a person: `loginctl list-sessions --no-legend (systemd does not run here)`. */
export function readWords(reads: readonly FailedRead[]): string {
  const shown = reads.slice(0, readsShown).map(({ read, trouble }) => `${read} (${troubleWords[trouble]})`);
  const more = reads.length > readsShown ? ` and ${reads.length - readsShown} more` : '';
  return shown.join('; ') + more;
}

/** Collects, while checks run, which reads of each point gave nothing: give `watch` to `runChecks`. */
export function failedReads() {
  const byPoint = new Map<string, FailedRead[]>();
  return {
    watch(sources: Sources, check: string, point: string): Sources {
      const reads: FailedRead[] = [];
      byPoint.set(`${check}/${point}`, reads);
      return watchReads(sources, (read) => reads.push(read));
    },
    /** Each once, in the order of `troubles`. */
    of(check: string, point: string): readonly FailedRead[] {
      const reads = byPoint.get(`${check}/${point}`) ?? [];
      const once = [...new Map(reads.map((read) => [read.read, read])).values()];
      return once.toSorted((a, b) => troubles.indexOf(a.trouble) - troubles.indexOf(b.trouble));
    },
  };
}

/** The same sources; every read that gives nothing is told. Answers and errors pass through unchanged. */
export function watchReads(sources: Sources, tell: (read: FailedRead) => void): Sources {
  async function watched<T>(read: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      tell({ read: shortened(read), trouble: troubleOf(error, 'not-there') });
      throw error;
    }
  }
  return {
    ...sources,
    async command(argv, options) {
      const program = baseName(argv[0]);
      const read = shortened([program, ...argv.slice(1)].join(' '));
      let result: CommandResult;
      try {
        result = await sources.command(argv, options);
      } catch (error) {
        tell({ read, program, trouble: troubleOf(error, 'not-installed') });
        throw error;
      }
      if (result.exitCode !== 0) tell({ read, program, trouble: complaint(result) });
      return result;
    },
    file: (path) => watched(path, sources.file(path)),
    fileBytes: (path) => watched(path, sources.fileBytes(path)),
    directory: (path) => watched(path, sources.directory(path)),
    registry: (key) => watched(key, sources.registry(key)),
    wmi: (query, namespace) => watched(query, sources.wmi(query, namespace)),
    async powershell(name) {
      const read = `PowerShell: ${name}`;
      const result = await watched(read, sources.powershell(name));
      if (result.exitCode !== 0) tell({ read, trouble: complaint(result) });
      else if (/\bConstrainedLanguage\b/.test(result.stdout)) tell({ read, trouble: 'constrained' });
      return result;
    },
    win32: (name, args) => watched(name, sources.win32(name, args)),
    systemInformation: (name) => watched(`system information: ${name}`, sources.systemInformation(name)),
  };
}

const baseName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** One line without anybody's account: a SID names a person as well as a name does. */
function shortened(read: string): string {
  const line = read.replace(/S-1-5-21(?:-\d+)+/g, 'SID').replace(/\s+/g, ' ');
  if (line.length <= 70) return line;
  // The end of a key or a path says what it is, the start of a command.
  return /^(HK|\/|%)/.test(line) ? `${line.slice(0, 4)}…${line.slice(-65)}` : `${line.slice(0, 69)}…`;
}

function troubleOf(error: unknown, missing: 'not-installed' | 'not-there'): Trouble {
  if (!(error instanceof SourceError)) return 'failed';
  if (error.reason === 'missing') return missing;
  if (error.code === 'blocked') return 'blocked';
  if (error.reason === 'denied') return 'denied';
  if (error.reason === 'unsupported') return 'unsupported';
  if (error.reason === 'timeout') return 'timeout';
  return 'failed';
}

/** What programs print, in plain English, when something they need is not there. Only whether it matches is kept. */
const complaints: readonly (readonly [RegExp, Trouble])[] = [
  [/has not been booted with systemd|systemd.*not running|Host is down/i, 'no-systemd'],
  [/cannot open display|no display|\$DISPLAY/i, 'no-display'],
  [
    /(connect|connection) to (the )?(system |session |message )?bus|system_bus_socket|autolaunch D-Bus/i,
    'no-bus',
  ],
  [
    /permission denied|operation not permitted|access denied|not authorized|must be root|need to be root/i,
    'denied',
  ],
];

function complaint({ stdout, stderr }: CommandResult): Trouble {
  const text = `${stderr}\n${stdout}`.slice(0, 4_000);
  return complaints.find(([pattern]) => pattern.test(text))?.[1] ?? 'refused';
}
