import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { LogFile } from './log-file.ts';

/** A run of the agent in a process of its own. */
export interface Run {
  readonly startedAt: number;
  /** Its exit code; null when it was stopped or could not be started. Never rejects. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop, and makes it after a second. */
  stop(): void;
}

/** What the service starts: everything that needs more than a clock. */
export type ServiceCommand = '--report' | '--deliver' | '--note-media' | '--update';

const graceMs = 1_000;

/** Starts this very program with another command, at low priority; its output goes into the log, or where ours goes. */
export function startRun(command: ServiceCommand, logLevel: string, log: LogFile | undefined): Run {
  const output = outputOf(log);
  const program = process.argv[1] ?? '';
  const child: ChildProcess = spawn(
    process.execPath,
    [...process.execArgv, program, command, '--log-level', logLevel],
    {
      stdio: ['ignore', output, output],
      windowsHide: true,
    },
  );
  if (child.pid !== undefined) {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // Politeness only; a sandbox may forbid it.
    }
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  return {
    startedAt: Date.now(),
    ended,
    stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      void ended.then(() => clearTimeout(timer));
    },
  };
}

/** A log that cannot be written must not keep a run from being made. */
function outputOf(log: LogFile | undefined): number | 'inherit' | 'ignore' {
  if (log === undefined) return 'inherit';
  try {
    return log.descriptor();
  } catch {
    return 'ignore';
  }
}
