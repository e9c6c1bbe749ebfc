import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The newest PostgreSQL of this machine: beside the other programs, or where Debian has it. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

const programs = findPrograms();
/** PostgreSQL refuses to run as root. */
const account = ['postgres', 'nobody'].find((name) => spawnSync('id', [name]).status === 0);
const asRoot = process.getuid?.() === 0;

/** Can a cluster be started here? */
export const postgresIsHere = programs !== undefined && (!asRoot || account !== undefined);

function command(program: string, args: readonly string[]): [string, string[]] {
  const path = join(programs ?? '', program);
  return asRoot ? ['runuser', ['-u', account ?? '', '--', path, ...args]] : [path, [...args]];
}

const addressOf = (folder: string, name: string) => `postgres:///${name}?host=${folder}&user=muster`;

/** Asks the cluster itself, not one of the databases in it. */
export async function asAdministrator(folder: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: addressOf(folder, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const answers = (folder: string) =>
  asAdministrator(folder, 'select 1').then(
    () => true,
    () => false,
  );

/**
 * A cluster of its own in a folder, with a socket in it and no port, and everything flushed to the disk as in earnest. Whoever
 * comes first starts it, the others wait for it. Throws when it does not start.
 */
export async function startCluster(folder: string): Promise<void> {
  let first = true;
  try {
    mkdirSync(join(folder, 'starting'));
  } catch {
    first = false;
  }
  if (first) {
    const data = join(folder, 'data');
    mkdirSync(data);
    chmodSync(folder, 0o755);
    if (asRoot) spawnSync('chown', [account ?? '', folder, data]);
    const [program, args] = command('initdb', [
      '-D',
      data,
      '-U',
      'muster',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
    ]);
    const made = spawnSync(program, args, { encoding: 'utf8', cwd: folder });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    const [server, options] = command('postgres', [
      '-D',
      data,
      '-k',
      folder,
      '-c',
      'listen_addresses=',
      '-c',
      'max_connections=300',
      '-c',
      'fsync=on',
    ]);
    const log = openSync(join(folder, 'log'), 'w');
    spawn(server, options, { detached: true, stdio: ['ignore', log, log], cwd: folder }).unref();
  }
  for (let tries = 0; tries < 600; tries += 1) {
    if (await answers(folder)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('PostgreSQL did not answer within half a minute');
}

/** Ends the cluster, when one was started, and removes its folder. */
export async function stopCluster(folder: string): Promise<void> {
  const file = join(folder, 'data/postmaster.pid');
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGINT');
    for (let tries = 0; tries < 200 && statSync(file, { throwIfNoEntry: false }) !== undefined; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

export { addressOf };
