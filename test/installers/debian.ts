import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = process.env['MUSTER_DEBIAN'] ?? '/var/tmp/muster-debian';

/** Whether there is a Debian to install on. */
export const ready = process.geteuid?.() === 0 && existsSync(join(home, 'ready'));
/** For the titles of tests: skipping is said aloud. */
export const where = ready
  ? 'on a real Debian'
  : 'on a real Debian (skipped: run test/installers/prepare-debian as root first)';

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
  static async boot(): Promise<Debian> {
    const work = mkdtempSync(join(tmpdir(), 'muster-debian-'));
    const holder = spawn(join(import.meta.dirname, 'boot-debian'), [work], {
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
