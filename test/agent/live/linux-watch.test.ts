import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../run-agent.ts';

const changes = join(import.meta.dirname, '../../../agent/watch/changes.ts');
const onDisk = () => / \/ \S+ .* - \S+ \/dev\//.test(readFileSync('/proc/self/mountinfo', 'utf8'));
const canMount =
  process.platform === 'linux' && process.geteuid?.() === 0 && existsSync('/usr/bin/unshare') && onDisk();

/**
 * As systemd starts the service: with a view of the mounts of its own, into which later mounts of the machine come (slave), and
 * nothing goes back.
 */
describe.skipIf(!canMount)(
  `Mounts of this machine${canMount ? '' : ' (skipped: needs root on a Linux that runs from a disk)'}`,
  () => {
    test('what is mounted after the service has started is noticed, and so is its end', async () => {
      using folder = temporaryDirectory();
      const [shared, stick] = [join(folder.path, 'media'), join(folder.path, 'media/stick')];
      mkdirSync(stick, { recursive: true });
      execFileSync('mount', ['--bind', shared, shared]);
      let service: ChildProcess | undefined;
      try {
        execFileSync('mount', ['--make-shared', shared]);
        const script = `import { watchForMedia } from ${JSON.stringify(changes)};
          await watchForMedia(() => process.stdout.write('changed\\n'));
          process.stdout.write('watching\\n');`;
        service = spawn('/usr/bin/unshare', [
          '--mount',
          '--propagation=slave',
          process.execPath,
          '--input-type=module',
          '--eval',
          script,
        ]);
        let said = '';
        service.stdout?.on('data', (chunk) => {
          said += chunk;
        });
        const until = async (words: string) => {
          const end = Date.now() + 30_000;
          while (said !== words) {
            if (Date.now() > end) throw new Error(`it said ${JSON.stringify(said)}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        };
        await until('watching\n');
        execFileSync('mount', ['--bind', stick, stick]);
        await until('watching\nchanged\n');
        execFileSync('umount', [stick]);
        await until('watching\nchanged\nchanged\n');
        expect(service.exitCode).toBeNull();
      } finally {
        service?.kill('SIGKILL');
        execFileSync('umount', ['--recursive', '--lazy', shared]);
      }
    }, 90_000);
  },
);
