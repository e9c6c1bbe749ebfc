import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/**
 * Builds a file that leads to the collector's pages (Node reads TypeScript, but not TSX) the way the product is built, into
 * dist/bench; answers where it is.
 */
export async function bundled(name: string): Promise<string> {
  const outdir = join(root, 'dist/bench');
  await build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${name}.ts`],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: ['@node-rs/argon2', 'pino', '@tabler/core', 'esbuild'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
    minify: false,
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  return join(outdir, `${name}.js`);
}

/** Runs one exported function of such a file. */
export async function runBundled(name: string, exported: string): Promise<void> {
  const module = (await import(pathToFileURL(await bundled(name)).href)) as Record<
    string,
    () => Promise<void>
  >;
  await module[exported]?.();
}
