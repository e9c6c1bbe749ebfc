import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile, type Plugin, stop } from 'esbuild';
import { writeCanaries } from './canaries.ts';

const root = join(import.meta.dirname, '..');
const output = join(root, 'dist');

/** Packages with compiled parts, or data files beside their code; they stay packages. */
export const external: readonly string[] = [
  'koffi',
  '@napi-rs/keyring',
  '@node-rs/argon2',
  'sodium-native',
  'systeminformation',
  'pino',
  'pdfkit',
];

/**
 * `import { z } from 'zod'` brings every locale and format along, because a namespace that is passed on cannot be shaken; the
 * same import as a namespace of its own can. Halves what the agent has to parse at every start.
 */
const shakeZod: Plugin = {
  name: 'shake-zod',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](agent|server|shared)[\\/].*\.tsx?$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }));
  },
};

/** Programs beside the one a person starts, and what they are called in the bundle. */
const furtherEntries: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  agent: { 'set-up': 'agent/windows/set-up.ts' },
};

/**
 * Puts a program together: one file a command, shared parts apart, so that nothing is parsed before it is needed. Bundled CommonJS
 * packages ask for `require`, which modules lack. `write: false` only tells what would come of it.
 */
async function compile(
  program: 'agent' | 'server',
  { write }: { readonly write: boolean },
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    write,
    entryPoints: { start: `${program}/start.ts`, ...furtherEntries[program] },
    outdir: join(output, program),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: [...external],
    // One copy of luxon for those who import it and those who require it: its settings hold for both.
    alias: { luxon: join(root, 'node_modules/luxon/build/node/luxon.js') },
    plugins: [shakeZod],
    minify: true,
    legalComments: 'none',
    sourcemap: false,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as muster_createRequire } from 'node:module'; const require = muster_createRequire(import.meta.url);",
    },
  });
  return metafile;
}

/** Those of `external` that a program's bundle imports: they have to be installed beside it. */
export async function packagesOutside(program: 'agent' | 'server'): Promise<readonly string[]> {
  const { outputs } = await compile(program, { write: false });
  await stop();
  const imported = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
  return external.filter((name) =>
    [...imported].some((path) => path === name || path.startsWith(`${name}/`)),
  );
}

/** Bundles the agent and the collector into dist/. */
export async function bundle(): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  for (const program of ['agent', 'server'] as const) {
    if (!existsSync(join(root, program, 'start.ts'))) continue;
    const metafile = await compile(program, { write: true });
    writeFileSync(join(output, program, 'bundled.json'), `${JSON.stringify(bundledPackages(metafile))}\n`);
  }
  // Its helper process would outlive the build, and with it whoever called.
  await stop();
  writeCanaries(join(root, 'test/fixtures'), join(output, 'agent'));
  warm();
}

/** The packages of which something went into a bundle, as folders of node_modules, sorted. */
function bundledPackages(metafile: Metafile): readonly string[] {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const found =
        /(?:^|\/)node_modules\/((?:(?:@[^/]+\/)?[^/]+\/node_modules\/)*(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found?.[1] !== undefined) folders.add(found[1]);
    }
  }
  return [...folders].sort();
}

/** How Node runs a check, and the service; as the launcher agent/agent has it. */
export const checkFlags = ['--max-semi-space-size=1', '--no-opt', '--no-maglev', '--v8-pool-size=1'];
export const serviceFlags = ['--max-semi-space-size=1', '--jitless', '--optimize-for-size'];

/** Runs each program once, so that V8's code cache is there before the first person waits for it; it is good for the same flags only. */
function warm(): void {
  const agent = join(output, 'agent/start.js');
  for (const args of [
    [agent, '--version'],
    [...checkFlags, agent, '--check'],
    [...serviceFlags, agent, '--check'],
  ]) {
    spawnSync(process.execPath, args, { stdio: 'ignore', timeout: 20_000 });
  }
}

if (process.argv[1] === import.meta.filename) await bundle();
