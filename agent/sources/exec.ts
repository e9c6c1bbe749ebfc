import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { type CommandResult, SourceError } from '../probe.ts';

/** Where programs named without a path are looked up; never the caller's PATH. */
const systemPath = {
  linux: ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'],
  darwin: ['/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  win32: [join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32')],
} as Record<string, readonly string[]>;

/** Output beyond this is not an answer to any documented read. */
const maxOutputBytes = 16 * 1024 * 1024;
const maxChildren = 4;

let running = 0;
const waiting: (() => void)[] = [];
const children = new Set<ChildProcess>();

async function takeTurn(): Promise<void> {
  if (running < maxChildren) {
    running += 1;
    return;
  }
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function passTurn(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}

async function locate(program: string): Promise<string> {
  if (isAbsolute(program)) return program;
  for (const directory of systemPath[process.platform] ?? []) {
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this directory: look in the next.
    }
  }
  throw new SourceError('missing', `${program} is not installed`, 'ENOENT');
}

/** What a child inherits: nothing of the caller but where things are, and always plain English. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = [
    'HOME',
    'USER',
    'LOGNAME',
    'XDG_RUNTIME_DIR',
    'DBUS_SESSION_BUS_ADDRESS',
    'XDG_CURRENT_DESKTOP',
  ]
    .concat([
      'XDG_CONFIG_HOME',
      'XDG_CONFIG_DIRS',
      'XDG_DATA_DIRS',
      'DISPLAY',
      'WAYLAND_DISPLAY',
      'XAUTHORITY',
    ])
    .concat([
      'SystemRoot',
      'SystemDrive',
      'ProgramData',
      'TEMP',
      'TMP',
      'USERPROFILE',
      'windir',
      'PSModulePath',
    ])
    .flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
  return {
    ...Object.fromEntries(kept),
    PATH: (systemPath[process.platform] ?? []).join(process.platform === 'win32' ? ';' : ':'),
    LC_ALL: 'C',
    LANG: 'C',
    LANGUAGE: '',
    PAGER: '',
    SYSTEMD_PAGER: '',
    ...extra,
  };
}

export interface RunOptions {
  readonly stdin?: string | undefined;
  /** Milliseconds until the child and all it started are killed. */
  readonly timeoutMs?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Sees stdout as it arrives, so that what came before a timeout is not lost. */
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
}

/**
 * The one door to other programs: absolute path, no shell, closed or given stdin, bounded time and output, at most four
 * children at a time. Throws SourceError when the program is missing, may not be started or did not end in time; a refusal
 * is a result like any other.
 */
export async function runCommand(
  argv: readonly [program: string, ...args: string[]],
  { stdin, timeoutMs = 5_000, env = {}, onStdout }: RunOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = argv;
  const path = await locate(program);
  const name = basename(program);
  await takeTurn();
  try {
    return await new Promise<CommandResult>((resolve, reject) => {
      const child = spawn(path, args, {
        cwd: process.platform === 'win32' ? undefined : '/',
        env: environment(env),
        stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        windowsHide: true,
        detached: process.platform !== 'win32',
      });
      children.add(child);
      const output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
      let size = 0;
      let failure: SourceError | undefined;
      const stop = (error: SourceError) => {
        failure ??= error;
        killTree(child);
      };
      const timer = setTimeout(
        () => stop(new SourceError('timeout', `${name} took longer than ${timeoutMs} ms`, 'timeout')),
        timeoutMs,
      );
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream]?.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxOutputBytes) stop(new SourceError('failed', `${name} printed too much`, 'too-large'));
          else {
            output[stream].push(chunk);
            if (stream === 'stdout') onStdout?.(chunk);
          }
        });
      }
      child.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        children.delete(child);
        reject(startError(name, error));
      });
      child.on('close', (code) => {
        clearTimeout(timer);
        children.delete(child);
        if (failure !== undefined) return reject(failure);
        if (code === null) return reject(new SourceError('failed', `${name} was killed`, 'killed'));
        const stdoutBytes = Buffer.concat(output.stdout);
        resolve({
          stdout: stdoutBytes.toString('utf8'),
          stderr: Buffer.concat(output.stderr).toString('utf8'),
          exitCode: code,
          stdoutBytes,
        });
      });
      // A program that does not read its input closes the pipe early; its exit code tells what it thought of it.
      child.stdin?.on('error', () => {});
      if (stdin !== undefined) child.stdin?.end(stdin);
    });
  } finally {
    passTurn();
  }
}

function startError(name: string, error: NodeJS.ErrnoException): SourceError {
  if (error.code === 'ENOENT') return new SourceError('missing', `${name} is not installed`, 'ENOENT');
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new SourceError('denied', `${name} may not be started`, 'EACCES');
  }
  return new SourceError('failed', `${name} could not be started`, error.code ?? '');
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // The negative number is the process group: what a wrapper started must not outlive it.
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It had ended already.
  }
}

/** Ends every child still running; for an orderly stop of the agent. */
export function killChildren(): void {
  for (const child of children) killTree(child);
}
