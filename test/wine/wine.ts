import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';

export const repository = join(import.meta.dirname, '../..');
const home = process.env['MUSTER_WINE'] ?? '/var/tmp/muster-wine';
const shared = join(home, 'root/muster');

/** Whether there is a Wine to test on. */
export const ready = process.geteuid?.() === 0 && existsSync(join(shared, 'ready'));
/** Whether it has the libraries and programs that stand in for what Wine lacks; they need a compiler. */
export const hasStandIns = ready && existsSync(join(shared, 'stand-in.dll'));
/** Whether it has something that stands in for the tar.exe of Windows. */
export const hasTar = ready && existsSync(join(shared, 'tar.exe'));
/** For the titles of tests: skipping is said aloud. */
export const where = ready ? 'under Wine' : 'under Wine (skipped: run test/wine/prepare as root first)';

export interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
}
export interface RegistryOutcome {
  readonly values: Record<string, { type: string; data: unknown }>;
  readonly subkeys: readonly string[];
}

/** What a read answered; fails the test when it did not. */
export function answered<T>(outcome: Outcome | undefined): T {
  expect(outcome?.error).toBeUndefined();
  return outcome?.result as T;
}

/** Wine with a folder of its own for one test file; the registry and the services are the same for all, but for OwnWindows. */
export class Wine {
  /** The folder on this side. */
  readonly folder: string;
  readonly #windowsFolder: string;
  /** What `test/wine/run` is told. */
  protected environment: NodeJS.ProcessEnv = process.env;

  constructor(name: string) {
    this.folder = join(shared, name);
    this.#windowsFolder = `Z:\\muster\\${name}`;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** Where a file of the folder is for Windows programs. */
  path(name: string): string {
    return `${this.#windowsFolder}\\${name}`;
  }

  /** Builds `read.js` and `agent.js` into the folder. */
  async bundle(): Promise<void> {
    await build({
      absWorkingDir: repository,
      entryPoints: { read: 'test/wine/read.ts', agent: 'agent/main.ts' },
      outdir: this.folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node26',
      external: ['koffi', 'systeminformation', '@napi-rs/keyring'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'error',
      banner: {
        js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);",
      },
    });
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
  }

  /** Runs a Windows program, its output in files: Node for Windows cannot write to a pipe there. */
  run(name: string, ...command: string[]): { status: number | null; stdout: string; stderr: string } {
    const file = (kind: string) => join(this.folder, `${name}.${kind}`);
    const line = '"$0" "$@" >"$OUT" 2>"$ERR"';
    const { status } = spawnSync(
      'bash',
      ['-c', line, join(repository, 'test/wine/run'), 'wine', ...command],
      { env: { ...this.environment, OUT: file('out'), ERR: file('err') }, timeout: 120_000 },
    );
    return {
      status,
      stdout: readFileSync(file('out'), 'utf8'),
      stderr: readFileSync(file('err'), 'utf8'),
    };
  }

  /** Runs a bundled script by Node for Windows. */
  node(name: string, script: string, ...args: string[]) {
    return this.run(name, 'Z:\\muster\\node.exe', this.path(script), ...args);
  }

  /** Makes reads there, in order and in one process: door and arguments each, see read.ts. */
  reads(name: string, list: readonly (readonly unknown[])[]): Outcome[] {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(list));
    const run = this.node(name, 'read.js', this.path(`${name}.json`), this.path(`${name}.result`));
    expect(run.stderr).toBe('');
    return JSON.parse(readFileSync(join(this.folder, `${name}.result`), 'utf8'));
  }

  importRegistry(text: string): void {
    const file = `\uFEFFWindows Registry Editor Version 5.00\r\n${text.replaceAll('\n', '\r\n')}`;
    writeFileSync(join(this.folder, 'import.reg'), Buffer.from(file, 'utf16le'));
    expect(this.run('import', 'regedit', '/S', this.path('import.reg')).status).toBe(0);
  }
}

/** A Windows of its own, to install on: a copy of the prepared one, which runs until `stop`. */
export class OwnWindows extends Wine {
  /** Drive C: on this side. */
  readonly drive: string;
  readonly #prefix: string;
  readonly #holder: ChildProcess;

  constructor(name: string) {
    super(name);
    this.#prefix = join(this.folder, 'prefix');
    this.drive = join(this.#prefix, 'drive_c');
    // Others may be at work in it: files of theirs that come and go are not missed.
    spawnSync('cp', ['-a', '--reflink=auto', join(shared, 'prefix'), this.#prefix]);
    for (const needed of ['system.reg', 'drive_c/windows/system32/msiexec.exe']) {
      if (!existsSync(join(this.#prefix, needed))) throw new Error(`the copied Windows lacks ${needed}`);
    }
    this.environment = { ...process.env, MUSTER_WINE_PREFIX: `/muster/${name}/prefix` };
    for (const file of ['junctions.cjs', 'unix', 'untar'])
      cpSync(join(import.meta.dirname, file), join(this.folder, file));
    if (hasTar) cpSync(join(shared, 'tar.exe'), join(this.drive, 'windows/system32/tar.exe'));
    // Wine has no junctions; every Node that is started there gets their stand-in.
    this.#setVariable('NODE_OPTIONS', `--require Z:/muster/${name}/junctions.cjs`);
    this.#setVariable('MUSTER_UNTAR', `/muster/${name}/untar`);
    // Wine ends its services with the last program that is not one.
    this.#holder = spawn(
      join(repository, 'test/wine/run'),
      ['wine', 'Z:\\muster\\node.exe', '-e', 'setInterval(() => {}, 1000)'],
      { env: this.environment, stdio: 'ignore' },
    );
  }

  #setVariable(variable: string, value: string): void {
    const key = 'HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment';
    expect(this.run('variable', 'reg', 'add', key, '/v', variable, '/d', value, '/f').status).toBe(0);
  }

  /** What its registry says, as Wine keeps it on disk; complete after `stop` only. */
  registry(): string {
    return ['system.reg', 'user.reg', 'userdef.reg']
      .map((file) => readFileSync(join(this.#prefix, file), 'utf8'))
      .join('\n');
  }

  /** Ends everything that runs there; once is enough. */
  async stop(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#holder.once('exit', resolve));
    spawnSync(join(repository, 'test/wine/run'), ['wineserver', '-k'], { env: this.environment });
    spawnSync(join(repository, 'test/wine/run'), ['wineserver', '-w'], {
      env: this.environment,
      timeout: 20_000,
    });
    await ended;
  }

  /** Removes it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
