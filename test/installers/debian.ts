import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildMoment } from '../../installers/build-moment.ts';
import { type Target, targets } from '../../installers/targets.ts';

const home = process.env['MUSTER_DEBIAN'] ?? '/var/tmp/muster-debian';

/** What can be installed on, by the names of their releases. */
export type Release = 'bookworm' | 'trixie' | 'noble';
export const named: Readonly<Record<Release, string>> = {
  bookworm: 'Debian 12',
  trixie: 'Debian 13',
  noble: 'Ubuntu 24.04',
};

/** Whether there is such a system to install on. */
export const isReady = (release: Release): boolean =>
  process.geteuid?.() === 0 && existsSync(join(home, release, 'ready'));

/** Debian 12, whether it is there or not, and others where somebody prepared them. */
export const releases: readonly Release[] = ['bookworm', ...(['trixie', 'noble'] as const).filter(isReady)];

/** For the titles of tests: skipping is said aloud. */
export const where = (release: Release): string =>
  isReady(release)
    ? `on a real ${named[release]}`
    : `on a real ${named[release]} (skipped: run test/installers/prepare-debian ${release} as root first)`;

/** What the target of this machine is: its packages can be tried here. */
export const target: Target = (() => {
  const found = targets.find(({ id }) => id === (process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64'));
  if (found === undefined) throw new Error('no target for this processor');
  return found;
})();

/** A moment of which packages are, for a version. */
export const builtAs = (version: string): BuildMoment => ({ version, commit: 'test', epoch: 1_790_000_000 });

/** Asks until it is so, at most half a minute. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`not within half a minute: ${what}`);
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A Debian whose first process is systemd, on a layer that is thrown away; it shares the host's network. */
export class Debian {
  readonly #holder: ChildProcess;
  readonly #work: string;
  readonly #init: number;

  private constructor(holder: ChildProcess, work: string, init: number) {
    this.#holder = holder;
    this.#work = work;
    this.#init = init;
  }

  /** Starts it, and waits until systemd says it is up. Throws after a minute. */
  static async boot(release: Release = 'bookworm'): Promise<Debian> {
    const work = mkdtempSync(join(tmpdir(), 'muster-debian-'));
    const holder = spawn(join(import.meta.dirname, 'boot-debian'), [join(home, release, 'root'), work], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      const children = spawnSync('pgrep', ['-P', String(holder.pid)], { encoding: 'utf8' }).stdout.trim();
      const init = Number(children.split('\n')[0]);
      if (init > 0) {
        const debian = new Debian(holder, work, init);
        if (/^(?:running|degraded)/.test(debian.run('systemctl', 'is-system-running').output)) return debian;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    holder.kill('SIGKILL');
    throw new Error('the Debian did not start within a minute');
  }

  /** Runs a program in there to its end. */
  run(program: string, ...args: readonly string[]): Ran {
    const inside = ['-t', String(this.#init), '-m', '-p', '-u', '-i', '-C', '--'];
    const environment = ['env', '-i', 'HOME=/root', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'];
    const { status, stdout, stderr } = spawnSync('nsenter', [...inside, ...environment, program, ...args], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { code: status, output: `${stdout}${stderr}` };
  }

  /** The same; throws where it fails, with what it said. */
  must(program: string, ...args: readonly string[]): string {
    const { code, output } = this.run(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${code}: ${output}`);
    return output;
  }

  /** Puts a file in there. */
  copy(from: string, to: string): void {
    execFileSync('sh', ['-c', `nsenter -t ${this.#init} -m -- sh -c 'cat > "$0"' "$1" < "$0"`, from, to]);
  }

  /** Is there such a file? */
  has(path: string): boolean {
    return this.run('test', '-e', path).code === 0;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#holder.once('exit', resolve));
    this.#holder.kill('SIGKILL');
    await ended;
    rmSync(this.#work, { recursive: true, force: true });
  }
}
