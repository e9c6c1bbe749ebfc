import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Everything that can be said about the code without running it; side by side, one line each, output only where it failed. */
const tasks = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', []],
  ['import rules', 'depcruise', ['--output-type', 'err', 'agent', 'server', 'shared', 'installers', 'test']],
  ['unused code', 'knip', []],
  ['docs current', process.execPath, ['test/tools/docs.ts', '--check']],
] as const;

const root = join(import.meta.dirname, '../..');

function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string; seconds: number }> {
  const started = performance.now();
  const path = command.startsWith('/') ? command : join(root, 'node_modules/.bin', command);
  return new Promise((resolve) => {
    const child = spawn(path, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ code: 1, output: String(error), seconds: 0 }));
    child.on('close', (code) => resolve({ code, output, seconds: (performance.now() - started) / 1000 }));
  });
}

const results = await Promise.all(
  tasks.map(async ([name, command, args]) => ({ name, ...(await run(command, args)) })),
);
for (const { name, code, output, seconds } of results) {
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.toFixed(1)} s\n`);
  if (code !== 0) process.stdout.write(`${output.trim()}\n\n`);
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
