import { type CommandResult, SourceError, type Sources } from '../probe.ts';
import type { RunOptions } from './exec.ts';
import { queryNames, queryScript, wmiName } from './powershell-script.ts';
import { codeError } from './recording.ts';

/** All queries together; what has not answered by then is `timeout`, what has is kept. */
const processTimeoutMs = 60_000;

export interface PowerShellOptions {
  /** exec.ts: the one home of child processes. */
  readonly runCommand: (
    argv: readonly [program: string, ...args: string[]],
    options?: RunOptions,
  ) => Promise<CommandResult>;
  /** `C:\Windows\System32`, from the system and not from the environment. */
  readonly systemDirectory: () => Promise<string>;
  /** `10.0.19045`: some queries make sense on one build only. */
  readonly osVersion: string;
}

/** What one query came to: JSON, or the id of the error it ended with. */
export interface QueryRecord {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

/**
 * Takes the records out of PowerShell's output as it arrives: `@muster:<name>:<+ or ->:<text>@end`. Anything around them (banners,
 * warnings, line breaks of a narrow console) is passed over; half a record is none.
 */
export function recordSplitter(): (chunk: string) => QueryRecord[] {
  let rest = '';
  return (chunk) => {
    rest += chunk;
    const records: QueryRecord[] = [];
    for (;;) {
      const end = rest.indexOf('@end');
      if (end === -1) return records;
      const record = /.*@muster:([a-z0-9-]+):([+-]):(.*)$/.exec(rest.slice(0, end).replace(/[\r\n]/g, ''));
      rest = rest.slice(end + '@end'.length);
      if (record !== null) {
        const [, name = '', sign, text = ''] = record;
        records.push({ name, ok: sign === '+', text });
      }
    }
  };
}

/** The HRESULT in a FullyQualifiedErrorId (`HRESULT 0x80041003,Microsoft...`); without one the read has failed for no known reason. */
export function errorCode(errorId: string): string {
  const digits = /HRESULT (0x[0-9a-f]{8})\b/i.exec(errorId)?.[1];
  return digits === undefined ? 'failed' : digits.toLowerCase();
}

/**
 * PowerShell 5.1, started once for all named and all WMI queries, at the first that is asked for. Each answers as soon as its line
 * is there. `blocked` for every read when it could not start or was killed, `timeout` for those it did not get to in time.
 */
export function powershellSource(options: PowerShellOptions): Pick<Sources, 'powershell' | 'wmi'> {
  let started: Map<string, Promise<QueryRecord>> | undefined;
  const query = (name: string): Promise<QueryRecord> => {
    started ??= start(options);
    return started.get(name) ?? Promise.reject(undocumented(name));
  };
  return {
    async powershell(name) {
      const { ok, text } = await query(name);
      const stdout = ok ? text : '';
      return {
        stdout,
        stderr: ok ? '' : text,
        exitCode: ok ? 0 : 1,
        stdoutBytes: Buffer.from(stdout, 'utf8'),
      };
    },
    async wmi(wql, namespace) {
      const name = wmiName(wql, namespace);
      if (name === undefined) throw undocumented('this WMI query');
      const { ok, text } = await query(name);
      if (!ok) throw codeError(errorCode(text));
      return parseRows(text);
    },
  };
}

function undocumented(name: string): SourceError {
  return new SourceError('unsupported', `${name} is not a documented query here`, 'undocumented');
}

type Row = Readonly<Record<string, unknown>>;

/** Rows as PowerShell writes them: a list, one object instead of a list of one, nothing for none. */
export function parseRows(text: string): Row[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SourceError('unparseable', 'the WMI query did not answer in JSON', 'unparseable');
  }
  const rows: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return rows.map((row) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
    throw new SourceError('unparseable', 'the WMI query did not answer with rows', 'unparseable');
  });
}

function start({
  runCommand,
  systemDirectory,
  osVersion,
}: PowerShellOptions): Map<string, Promise<QueryRecord>> {
  const waiting = new Map<string, PromiseWithResolvers<QueryRecord>>();
  const names = queryNames(osVersion);
  for (const name of names) {
    const answer = Promise.withResolvers<QueryRecord>();
    // Nobody may ever ask for this one; its failure is no fault then.
    answer.promise.catch(() => {});
    waiting.set(name, answer);
  }
  const answers = new Map([...waiting].map(([name, { promise }]) => [name, promise]));
  const split = recordSplitter();
  const take = (chunk: string) => {
    for (const record of split(chunk)) waiting.get(record.name)?.resolve(record);
  };
  const giveUp = (code: string) => {
    for (const { reject } of waiting.values()) reject(codeError(code));
  };
  void run();
  return answers;

  async function run(): Promise<void> {
    try {
      const directory = `${await systemDirectory()}\\WindowsPowerShell\\v1.0`;
      const encoded = Buffer.from(queryScript(osVersion), 'utf16le').toString('base64');
      await runCommand(
        [
          `${directory}\\powershell.exe`,
          '-NoProfile',
          '-NonInteractive',
          '-NoLogo',
          '-EncodedCommand',
          encoded,
        ],
        {
          timeoutMs: processTimeoutMs,
          onStdout: (chunk) => take(chunk.toString('latin1')),
          // Only Windows' own modules: those of PowerShell 7 do not load here, and a person's are not ours to run.
          env: { PSModulePath: `${directory}\\Modules` },
        },
      );
      giveUp('blocked');
    } catch (error) {
      giveUp(error instanceof SourceError && error.code === 'timeout' ? 'timeout' : 'blocked');
    }
  }
}
