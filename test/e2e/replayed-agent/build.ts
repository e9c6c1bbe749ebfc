import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
let built: Promise<string> | undefined;

/**
 * The agent as one program, as the installers bundle it, whose machine is a recording; built once for each file of tests, which
 * run side by side, and gone with it. Resolves with the file to start.
 */
export function buildReplayedAgent(): Promise<string> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<string> {
  // Below the project, so that packages are found.
  mkdirSync(join(root, 'dist'), { recursive: true });
  const output = mkdtempSync(join(root, 'dist/test-agent-'));
  process.once('exit', () => rmSync(output, { recursive: true, force: true }));
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
