import { lstat, realpath } from 'node:fs/promises';
import type { CommandResult } from '../probe.ts';

const result = (stdout: string, exitCode: number): CommandResult => ({
  stdout,
  stderr: '',
  exitCode,
  stdoutBytes: Buffer.from(stdout, 'utf8'),
});

/**
 * What two programs of Linux would print that do nothing but ask the kernel one thing: `stat -c %Y PATH` and `readlink -e PATH`, word
 * for word, without starting them. Undefined for every other command.
 */
export async function ownAnswer(argv: readonly string[]): Promise<CommandResult | undefined> {
  const [program, ...args] = argv;
  const path = args.at(-1) ?? '';
  if (!path.startsWith('/')) return undefined;
  const line = args.slice(0, -1).join(' ');
  try {
    if (program === 'stat' && line === '-c %Y')
      return result(`${Math.floor((await lstat(path)).mtimeMs / 1000)}\n`, 0);
    if (program === 'readlink' && line === '-e') return result(`${await realpath(path)}\n`, 0);
  } catch {
    // Both programs end with 1, whatever the kernel did not like.
    return result('', 1);
  }
  return undefined;
}
