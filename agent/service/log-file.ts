import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** At most so many bytes a file, and so many files. */
export interface LogLimits {
  readonly maxBytes: number;
  readonly files: number;
}

const usual: LogLimits = { maxBytes: 1024 * 1024, files: 4 };

/**
 * The service's log where no journal keeps it: a file that is appended to, by the service and by the runs it starts. Each line is in
 * the file as soon as it is written, so that nothing is lost when somebody is killed. Between two runs a file that is full becomes
 * `.1`, that one `.2`, and the oldest is removed.
 */
export class LogFile {
  readonly #path: string;
  readonly #limits: LogLimits;
  #file: number | undefined;

  constructor(path: string, limits = usual) {
    this.#path = path;
    this.#limits = limits;
  }

  /** What a run may write to until the next one begins. Throws what the disk says. */
  descriptor(): number {
    if (this.#file !== undefined && fstatSync(this.#file).size >= this.#limits.maxBytes) {
      this.close();
      this.#shift();
    }
    if (this.#file === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      // Settings of this machine may be guessed from what cannot be read: only the service's own account reads along.
      this.#file = openSync(this.#path, 'a', 0o600);
    }
    return this.#file;
  }

  /** One line of the service itself. A disk that is full loses it. */
  write(line: string): void {
    try {
      writeSync(this.descriptor(), `${line}\n`);
    } catch {
      // There is nowhere to say so.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #shift(): void {
    const { files } = this.#limits;
    rmSync(`${this.#path}.${files - 1}`, { force: true });
    for (let number = files - 2; number >= 0; number -= 1) {
      const from = number === 0 ? this.#path : `${this.#path}.${number}`;
      if (existsSync(from)) renameSync(from, `${this.#path}.${number + 1}`);
    }
  }
}

/** Where the service writes its log: `MUSTER_LOG`, else a file where this system's services have no journal. Undefined = stderr. */
export function logPath(platform = process.platform, env = process.env): string | undefined {
  const given = env['MUSTER_LOG'];
  if (given !== undefined && given !== '') return given;
  // Somebody watches, or systemd keeps it.
  if (process.stderr.isTTY === true || platform === 'linux') return undefined;
  if (process.geteuid !== undefined && process.geteuid() !== 0) return undefined;
  return platform === 'darwin'
    ? '/Library/Logs/Muster/agent.log'
    : `${env['ProgramData'] ?? 'C:\\ProgramData'}\\Muster\\agent.log`;
}
