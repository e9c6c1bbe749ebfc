import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownAnswer } from '../../../agent/sources/own-answers.ts';
import { temporaryDirectory } from '../run-agent.ts';

/** What the program itself says. */
function said(argv: readonly [string, ...string[]]): { stdout: string; exitCode: number } {
  try {
    const stdout = execFileSync(argv[0], argv.slice(1), { encoding: 'utf8', stdio: 'pipe' });
    return { stdout, exitCode: 0 };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { stdout, exitCode: status };
  }
}

describe.runIf(process.platform === 'linux' && existsSync('/usr/bin/stat'))('asked of the kernel', () => {
  test('the answers are those of the programs', async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, 'file');
    const link = join(directory.path, 'link');
    const dangling = join(directory.path, 'dangling');
    writeFileSync(file, '');
    mkdirSync(join(directory.path, 'folder'));
    symlinkSync(file, link);
    symlinkSync(join(directory.path, 'gone', 'file'), dangling);
    for (const path of [
      file,
      link,
      dangling,
      join(directory.path, 'folder'),
      '/nowhere/at/all',
      join(file, 'x'),
    ]) {
      for (const argv of [
        ['stat', '-c', '%Y', path],
        ['readlink', '-e', path],
      ] as const) {
        const own = await ownAnswer(argv);
        expect({ stdout: own?.stdout, exitCode: own?.exitCode }, argv.join(' ')).toEqual(said(argv));
      }
    }
  });

  test('every other command is started', async () => {
    expect(await ownAnswer(['stat', '/etc'])).toBeUndefined();
    expect(await ownAnswer(['stat', '-c', '%Y', 'etc'])).toBeUndefined();
    expect(await ownAnswer(['readlink', '-f', '/etc'])).toBeUndefined();
    expect(await ownAnswer(['getenforce'])).toBeUndefined();
  });
});
