import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryDirectory } from './run-agent.ts';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const main = join(import.meta.dirname, '../../agent/main.ts');
const hook = join(import.meta.dirname, 'loaded-modules.ts');

/** Runs the agent and returns every module it asked for. `stopAfterMs`: a command that would not end by itself. */
async function loaded(
  args: readonly string[],
  env: Record<string, string> = {},
  stopAfterMs?: number,
): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', hook, main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stdio[3]?.on('data', (chunk) => {
    text += chunk;
  });
  if (stopAfterMs !== undefined) setTimeout(() => child.kill('SIGTERM'), stopAfterMs);
  await new Promise((resolve) => child.once('close', resolve));
  return text.split('\n');
}

const heavy =
  /node_modules\/(axios|zod|systeminformation|pino|node-schedule|luxon|jose|yaml|koffi|@napi-rs\/[\w-]+)\/|^node:(sqlite|https?|tls|child_process)$/;

test.each([['--version'], ['--help'], ['--wrong']])('agent %s loads nothing heavy', async (flag) => {
  const modules = await loaded([flag]);
  expect(
    modules.some((url) => url.endsWith('agent/arguments.ts')),
    'the list is a real one',
  ).toBe(true);
  expect(modules.filter((url) => heavy.test(url))).toEqual([]);
});

test('the idle service holds the clock and nothing else that is heavy', async () => {
  using state = temporaryDirectory();
  writeFileSync(join(state.path, 'enrollment.json'), '{}');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  writeFileSync(
    join(state.path, 'schedule.json'),
    JSON.stringify({
      schema: 'muster.schedule/1',
      lastCheckAt: null,
      nextCheckAt: later,
      retryAt: null,
      longestMs: 86_400_000,
    }),
  );
  const modules = await loaded(['--service'], { MUSTER_STATE: state.path }, 2_500);
  expect(modules.some((url) => url.includes('node_modules/node-schedule/'))).toBe(true);
  expect(
    modules.filter((url) =>
      /node_modules\/(axios|zod|systeminformation|pino|jose)\/|^node:(sqlite|https?|tls)$/.test(url),
    ),
  ).toEqual([]);
});
