import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder on a disk of its own that can be made full: a tmpfs, which takes root to mount. Elsewhere a folder that never is full;
 * `real` says which, and programs are then started with a limit on the size of files instead (`ulimit -f 0`).
 */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  readonly real: boolean;
  readonly #ballast = join(this.path, 'ballast');

  constructor(mebibytes: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', this.path], {
        stdio: 'ignore',
      });
      this.real = true;
    } catch {
      this.real = false;
    }
  }

  /** Leaves no byte free. */
  fill(): void {
    if (!this.real) return;
    const file = openSync(this.#ballast, 'w');
    for (const size of [1024 * 1024, 4096, 1]) {
      const bytes = Buffer.alloc(size);
      try {
        for (;;) writeSync(file, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
    closeSync(file);
  }

  /** Frees what `fill` took. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  remove(): void {
    if (this.real) execFileSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
    rmSync(this.path, { recursive: true, force: true });
  }
}
