import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runAgent, temporaryDirectory } from './run-agent.ts';

interface Finding {
  readonly check: string;
  readonly points: readonly { readonly point: string; readonly status: string; readonly observed?: string }[];
}

const verdicts = (stdout: string) =>
  (JSON.parse(stdout) as { findings: Finding[] }).findings.flatMap(({ check, points }) =>
    points.map(({ point, status, observed }) => `${check}/${point}: ${status}, ${observed}`),
  );

const isLinux = process.platform === 'linux';
const isRoot = process.geteuid?.() === 0;

describe.runIf(isLinux)('a recording of this very machine', () => {
  test('comes to the same when it is replayed, and names neither host nor person', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'recording.json');
    const live = await runAgent(['--check', '--format', 'json', '--record', path], {
      MUSTER_DATA: directory.path,
    });
    expect(live.stderr).toBe('');
    const replayed = await runAgent(['--check', '--format', 'json', '--replay', path], {
      MUSTER_DATA: directory.path,
    });
    expect(verdicts(replayed.stdout)).toEqual(verdicts(live.stdout));
    expect(replayed.code).toBe(live.code);
    const text = readFileSync(path, 'utf8');
    // A short name may stand in some word by chance.
    for (const secret of [hostname(), userInfo().username].filter((name) => name.length > 4))
      expect(text).not.toContain(secret);
    const { reads } = JSON.parse(text) as { reads: { command?: string[]; error?: string }[] };
    expect(reads.filter(({ command }) => command?.[0]?.endsWith('nft'))).toHaveLength(1);
  }, 60_000);
});

/** An account that exists for the length of one test. */
function temporaryAccount(): { readonly name: string; readonly uid: number; [Symbol.dispose](): void } {
  const name = `mustertest${process.pid}`;
  execFileSync('useradd', ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/sh', name]);
  const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
  return { name, uid, [Symbol.dispose]: () => execFileSync('userdel', [name], { stdio: 'ignore' }) };
}

const repository = join(import.meta.dirname, '../..');
const mayAdd = isLinux && isRoot && existsSync('/usr/sbin/useradd') && existsSync('/usr/sbin/runuser');

describe.runIf(mayAdd)('an ordinary person', () => {
  test('records what root alone may see with its refusal, and comes to the same', () => {
    using directory = temporaryDirectory();
    using account = temporaryAccount();
    chmodSync(directory.path, 0o777);
    // The person may not look into the folder the sources lie in.
    const copy = join(directory.path, 'sources');
    mkdirSync(copy);
    for (const name of ['agent', 'shared', 'package.json'])
      cpSync(join(repository, name), join(copy, name), { recursive: true });
    const modules = join(copy, 'node_modules');
    mkdirSync(modules);
    for (const name of ['zod', 'yaml', 'luxon'])
      cpSync(join(repository, 'node_modules', name), join(modules, name), {
        recursive: true,
        dereference: true,
      });
    const node = join(directory.path, 'node');
    cpSync(process.execPath, node);
    const path = join(directory.path, 'recording.json');
    const run = (...args: string[]) => {
      const argv = [
        '-u',
        account.name,
        '--',
        'env',
        '-i',
        `HOME=${tmpdir()}`,
        `MUSTER_DATA=${directory.path}`,
      ];
      try {
        return execFileSync(
          'runuser',
          [...argv, node, join(copy, 'agent/main.ts'), '--check', '--format', 'json', ...args],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
        );
      } catch (error) {
        // 1 and 2 are verdicts.
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        expect([1, 2], stderr).toContain(status);
        return stdout;
      }
    };
    const live = run('--record', path);
    expect(verdicts(run('--replay', path))).toEqual(verdicts(live));
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(account.name);
    const { elevated, reads } = JSON.parse(text) as {
      elevated: boolean;
      reads: { file?: string; error?: string }[];
    };
    expect(elevated).toBe(false);
    expect(reads.find(({ file }) => file === '/etc/shadow')).toEqual({
      file: '/etc/shadow',
      error: 'EACCES',
    });
  }, 60_000);
});
