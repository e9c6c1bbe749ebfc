import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseToken } from '../../shared/api.ts';

const root = join(import.meta.dirname, '../..');
const output = join(root, 'dist/test-collector');
let built: Promise<unknown> | undefined;

/** The collector as one program, with its packages beside it; built once a test run. */
function buildCollector(): Promise<unknown> {
  built ??= build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outdir: output,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    splitting: true,
    external: ['@node-rs/argon2', 'pino', 'pdfkit', '@tabler/core'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  return built;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real collector process with a folder of its own. */
export class CollectorProcess {
  readonly environment: NodeJS.ProcessEnv;
  readonly url: string;
  private server: ChildProcess | undefined;

  private constructor(folder: string, port: number, environment: NodeJS.ProcessEnv) {
    this.url = `http://127.0.0.1:${port}`;
    this.environment = {
      PATH: process.env['PATH'],
      MUSTER_DATA: folder,
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
      ...environment,
    };
  }

  /** Nothing runs yet. */
  static async at(folder: string, environment: NodeJS.ProcessEnv = {}): Promise<CollectorProcess> {
    await buildCollector();
    return new CollectorProcess(folder, await freePort(), environment);
  }

  /** Runs a command to its end. */
  run(args: readonly string[], input = ''): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [join(output, 'main.js'), ...args],
        { env: this.environment, maxBuffer: 64 * 1024 * 1024 },
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  /** Runs a command whose reader is gone before it says anything, like `head` that has seen enough. */
  runUnread(args: readonly string[]): Promise<Pick<Ended, 'code' | 'stderr'>> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(output, 'main.js'), ...args], {
        env: this.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.once('close', (code) => resolve({ code, stderr }));
    });
  }

  /** Runs a command and kills it after so many milliseconds, unless it has ended by itself. */
  runAndKill(args: readonly string[], afterMs: number): Promise<Ended> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [join(output, 'main.js'), ...args],
        { env: this.environment, timeout: Math.max(1, Math.round(afterMs)), killSignal: 'SIGKILL' },
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end();
    });
  }

  /** A one-time code, out of a token that the command line printed. */
  async code(): Promise<string> {
    const { stdout, stderr } = await this.run(['token', '--owner', 'company']);
    const token = parseToken(stdout);
    if (token === undefined) throw new Error(`no token: ${stderr}`);
    return token.code;
  }

  /** Starts serving; resolves when it answers. */
  async serve(): Promise<void> {
    const server = spawn(process.execPath, [join(output, 'main.js'), 'serve'], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    server.stderr.on('data', (chunk) => {
      said += chunk;
    });
    this.server = server;
    for (let tries = 0; tries < 400; tries += 1) {
      if (server.exitCode !== null) throw new Error(`the collector did not start: ${said}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the collector did not answer within ten seconds');
  }

  /** Ends it as the signal ends it; resolves with how long that took in milliseconds. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined || server.exitCode !== null) return 0;
    const startedAt = performance.now();
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
    return performance.now() - startedAt;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
