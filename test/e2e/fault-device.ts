import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const fixtures = join(import.meta.dirname, '../fixtures/linux');

/** A laptop whose agent is a process of its own each time, and whose settings are a recording that can be changed. */
export class FaultDevice {
  readonly state: string;
  /** Every state of the machine that the agent has on its disk, in order. */
  readonly noted: string[] = [];
  readonly #program: string;
  readonly #machine: string;
  #version = 0;

  constructor(program: string, disk: string, folder: string) {
    this.#program = program;
    this.state = join(disk, 'state');
    this.#machine = join(folder, 'machine.json');
    mkdirSync(this.state, { recursive: true });
    this.change();
  }

  get version(): string {
    return String(this.#version);
  }

  /** Another setting from now on: a version no machine had before, and a firewall that is now on, now off. */
  change(): void {
    this.#version += 1;
    const firewall = JSON.parse(
      readFileSync(join(fixtures, 'firewall', this.#version % 2 === 0 ? 'on.json' : 'off.json'), 'utf8'),
    ) as { recording: { reads: object[] } };
    const release = { file: '/etc/os-release', content: `ID=debian\nVERSION_ID="${this.#version}"\n` };
    const recording = { ...firewall.recording, reads: [release, ...firewall.recording.reads] };
    writeFileSync(`${this.#machine}.new`, JSON.stringify(recording));
    renameSync(`${this.#machine}.new`, this.#machine);
  }

  /** Starts the agent. `clock`: how far ahead its machine's clock is, in milliseconds. `noFiles`: it can write no byte to any file. */
  start(
    args: readonly string[],
    {
      clock = 0,
      noFiles = false,
      interval,
      log,
    }: { clock?: number; noFiles?: boolean; interval?: string; log?: string } = {},
  ): {
    readonly child: ChildProcess;
    readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  } {
    const argv = [this.#program, ...args];
    const options = {
      env: {
        HOME: tmpdir(),
        MUSTER_STATE: this.state,
        MUSTER_MACHINE: this.#machine,
        MUSTER_CLOCK: String(clock),
        ...(interval !== undefined && { MUSTER_INTERVAL: interval }),
        ...(log !== undefined && { MUSTER_LOG: log }),
      },
      stdio: ['ignore' as const, 'pipe' as const, 'pipe' as const],
      // A group of its own, so that the service can be killed with all it started.
      detached: true,
    };
    const child = noFiles
      ? spawn('/bin/sh', ['-c', 'ulimit -f 0; exec "$@"', 'sh', process.execPath, ...argv], options)
      : spawn(process.execPath, argv, options);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    return {
      child,
      ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    };
  }

  /** Looks up what the agent has on its disk, and remembers a state that is new. Returns how many reports wait. */
  look(): number | undefined {
    const found = this.#outbox();
    if (found?.version !== undefined && found.version !== this.noted.at(-1)) this.noted.push(found.version);
    return found?.waiting;
  }

  #outbox(): { readonly version: string | undefined; readonly waiting: number } | undefined {
    const path = join(this.state, 'outbox.db');
    if (!existsSync(path)) return undefined;
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
      const last = db
        .prepare(
          "SELECT body FROM facts WHERE digest = (SELECT value FROM remembered WHERE name = 'lastDigest')",
        )
        .get() as { body: string } | undefined;
      const { waiting } = db.prepare('SELECT count(*) AS waiting FROM queue').get() as { waiting: number };
      const body = last && (JSON.parse(last.body) as { machine: { osVersion: string } });
      return { version: body?.machine.osVersion, waiting };
    } catch {
      // Torn, and no run has set it aside yet.
      return undefined;
    } finally {
      db?.close();
    }
  }

  /** Cuts a file of the state off somewhere, as a disk does that lost power. False where there is none. */
  tear(name: string, part: number): boolean {
    const path = join(this.state, name);
    if (!existsSync(path)) return false;
    const file = openSync(path, 'r+');
    ftruncateSync(file, Math.floor(fstatSync(file).size * part));
    closeSync(file);
    return true;
  }
}
