import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
/** No run of the tests takes longer. */
const hour = 3_600_000;
let built: Promise<string> | undefined;

/**
 * The agent as one program, as the installers bundle it, whose machine is a recording; built once for each file of tests, which
 * run side by side. Resolves with the file to start.
 */
export function buildReplayedAgent(): Promise<string> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<string> {
  // Below the project, so that packages are found, and not where bundles are made anew; a name of its own, because files of tests run side by side.
  const folder = join(root, '.cache');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith('test-agent-') && Date.now() - statSync(path).mtimeMs > hour)
      rmSync(path, { recursive: true });
  }
  const output = mkdtempSync(join(folder, 'test-agent-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/replayed-agent/start.ts'],
    outdir: output,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: ['koffi', '@napi-rs/keyring', 'systeminformation', 'pino'],
    plugins: [
      {
        name: 'replayed-machine',
        setup({ onResolve }) {
          onResolve({ filter: /\/sources\/live\.ts$/ }, () => ({
            path: join(import.meta.dirname, 'live.ts'),
          }));
        },
      },
    ],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return join(output, 'start.js');
}
