import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { bundle, serviceFlags } from './bundle.ts';

/**
 * `npm start`: the collector on loopback with its database under data/, one organization, and this machine enrolled and
 * reported by the real agent. A second start finds all of that and changes nothing. Ctrl-C stops all of it.
 */
const root = join(import.meta.dirname, '..');
const data = process.env['MUSTER_DATA'] ?? join(root, 'data');
const port = process.env['PORT'] ?? '8443';
const url = `http://127.0.0.1:${port}`;
const admin = 'admin@localhost.example';
const organization = 'My company';

const environment = {
  ...process.env,
  MUSTER_DATA: data,
  MUSTER_STATE: join(data, 'agent'),
  HOST: '127.0.0.1',
  PORT: port,
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
};

const programs = {
  agent: [...serviceFlags, join(root, 'dist/agent/start.js')],
  collector: [join(root, 'dist/server/start.js')],
} as const;

const children = new Set<ChildProcess>();
let stopping = false;

type Output = 'pipe' | 'inherit';

function start(
  program: keyof typeof programs,
  args: readonly string[],
  stdout: Output,
  stderr: Output,
): ChildProcess {
  const child = spawn(process.execPath, [...programs[program], ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', stdout, stderr],
    // Ctrl-C reaches the whole group; the children are told once, by us.
    detached: process.platform !== 'win32',
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Runs a program to its end; resolves with the last line it printed. Throws when it fails, with what it said to people. */
async function run(
  program: keyof typeof programs,
  args: readonly string[],
  words: 'shown' | 'kept',
): Promise<string> {
  const child = start(program, args, 'pipe', words === 'shown' ? 'inherit' : 'pipe');
  let output = '';
  let said = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with exit code ${code}\n${said}`);
  return output.trim().split('\n').at(-1) ?? '';
}

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (server.exitCode !== null) throw new Error('the collector did not start');
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the collector did not answer on ${url} within 15 seconds`);
}

const say = (text: string) => process.stdout.write(`${text}\n`);

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const running = [...children];
  for (const child of running) child.kill('SIGTERM');
  const ended = Promise.all(running.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  // Unreferenced: once they have ended nobody waits for the rest of it.
  const patience = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
  await Promise.race([ended, patience]);
  for (const child of children) child.kill('SIGKILL');
}

async function main(): Promise<void> {
  await bundle();
  if (await isReady()) {
    throw new Error(
      `something answers on ${url} already: stop it, or choose another port with PORT=8444 npm start`,
    );
  }
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const isFirst = !existsSync(join(data, 'collector.db'));
  if (isFirst) {
    say('Setting up a collector for this machine ...');
    await run('collector', ['setup', '--organization', organization, '--admin', admin], 'kept');
  }
  const server = start('collector', ['serve'], 'inherit', 'inherit');
  await waitUntilReady(server);
  if (!existsSync(join(data, 'agent/enrollment.json'))) {
    say('Enrolling this machine ...');
    const token = await run(
      'collector',
      ['token', '--organization', organization, '--owner', 'company'],
      'kept',
    );
    await run('agent', ['--enroll', token, '--yes'], 'shown');
    say('Checking this machine and reporting it ...');
    await run('agent', ['--report'], 'kept');
  }
  // From now on the service reports when it is due.
  const service = start('agent', ['--service', '--log-level', 'warn'], 'inherit', 'inherit');
  const link = await run('collector', ['sign-in-link', '--email', admin], 'kept');
  const as = process.geteuid?.() === 0 ? 'root' : userInfo().username;
  say(`
Muster runs. Everything it keeps is under ${data}

  The fleet, signed in as ${admin}, once:
  ${link}

  In the terminal:   npm run -s collector -- status
  This machine:      npm run -s agent -- --check      (now checked as ${as})
  What it sends:     MUSTER_STATE=${environment.MUSTER_STATE} npm run -s agent -- --sent
                     (in place of --sent also --status, --privacy, --my-device)

Ctrl-C stops the collector and the agent.`);
  const ended = await new Promise<string>((resolve) => {
    server.once('exit', () => resolve('the collector'));
    service.once('exit', () => resolve('the agent'));
  });
  if (!stopping) throw new Error(`${ended} stopped by itself`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void stop();
  });
}
try {
  await main();
} catch (error) {
  if (!stopping) {
    process.stderr.write(`npm start: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
await stop();
