import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

/** Real tools on this machine, as root and in namespaces of their own: nothing of the machine itself is changed. */

const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'];
const main = join(import.meta.dirname, '../../../agent/main.ts');

/** What is missing here for these tools and rights; undefined = nothing. */
function missing(tools: readonly string[], root: boolean): string | undefined {
  if (process.platform !== 'linux') return 'only on Linux';
  if (root && process.geteuid?.() !== 0) return 'needs root';
  const absent = tools.filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  if (absent.length > 0) return `not installed: ${absent.join(', ')}`;
  if (root && spawnSync('unshare', ['-n', '-m', 'true']).status !== 0) return 'namespaces are not allowed';
  return undefined;
}

/** A group of tests that needs these tools; skipped with the reason in its title where they are not there. */
export function describeWith(title: string, tools: readonly string[], tests: () => void, root = true): void {
  const reason = missing(tools, root);
  if (reason === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: ${reason})`, tests);
}

/** A directory for one test, removed when it is disposed of. */
export function folder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a script of the shell; fails the test when it fails. */
export function shell(script: string, env: Readonly<Record<string, string>> = {}): string {
  const result = spawnSync('bash', ['-euc', script], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { PATH: folders.join(':'), HOME: tmpdir(), LC_ALL: 'C', ...env },
  });
  expect(result.status, `${script}\n${result.stderr}`).toBe(0);
  return result.stdout;
}

/** Statuses by check and point, as the agent itself says them on this machine after the script, in namespaces of its own. */
export function agentAfter(script: string, only: string): Record<string, string> {
  const result = spawnSync(
    'unshare',
    [
      '-n',
      '-m',
      '--propagation',
      'private',
      'bash',
      '-euc',
      `${script}\nexec "$NODE" "$MAIN" --check --only "$ONLY" --format json`,
    ],
    {
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        PATH: folders.join(':'),
        HOME: '/root',
        LC_ALL: 'C',
        NODE: process.execPath,
        MAIN: main,
        ONLY: only,
      },
    },
  );
  expect(result.stdout, `${script}\n${result.stderr}`).toMatch(/^\{/);
  const report = JSON.parse(result.stdout) as {
    findings: { check: string; points: { point: string; status: string }[] }[];
  };
  return Object.fromEntries(
    report.findings.flatMap(({ check, points }) =>
      points.map(({ point, status }) => [`${check}/${point}`, status]),
    ),
  );
}
