import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { BuildMoment } from '../build-moment.ts';
import type { Target } from '../targets.ts';
import { behaviorTables, importable, type Table, upgradeCode } from './tables.ts';

const root = join(import.meta.dirname, '../..');

/** A GUID out of a name, by RFC 9562's version 5: the same name, the same GUID, today and tomorrow. */
function guid(name: string): string {
  const digest = createHash('sha1').update(`muster-agent windows installer ${name}`).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const text = digest.toString('hex', 0, 16).toUpperCase();
  return `{${[0, 8, 12, 16, 20].map((from, index) => text.slice(from, [8, 12, 16, 20, 32][index])).join('-')}}`;
}

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Files below a folder, in an order that does not depend on the disk. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted();
}

interface Contents {
  readonly source: string;
  /** Ids of files by their path in the version's folder. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What is installed where, as wixl reads it. One component a file, as the Windows Installer wants it. */
function describe(
  { staged, work, releaseRoot }: { staged: string; work: string; releaseRoot: string | undefined },
  moment: BuildMoment,
): Contents {
  // wixl takes no absolute path.
  const from = (path: string) => xml(relative(work, path));
  const files = filesBelow(staged);
  const ids = new Map(files.map((path, index) => [path, `f${index + 1}`]));
  const component = (path: string, id: string, source: string) =>
    `<Component Id="c${id}" Guid="${guid(`${moment.version} ${path}`)}" Win64="yes"><File Id="${id}" Name="${xml(basename(path))}" Source="${from(source)}" KeyPath="yes"/></Component>`;
  let folders = 0;
  const folder = (path: string): string => {
    const here = files.filter((file) => dirname(file) === path);
    const below = [
      ...new Set(
        files
          .filter((file) => path === '.' || file.startsWith(`${path}/`))
          .map((file) => relative(path, file).split('/'))
          .filter((parts) => parts.length > 1)
          .map(([name = '']) => name),
      ),
    ];
    return [
      ...here.map((file) => component(file, ids.get(file) ?? '', join(staged, file))),
      ...below.map((name) => {
        folders += 1;
        return `<Directory Id="d${folders}" Name="${xml(name)}">${folder(join(path, name))}</Directory>`;
      }),
    ].join('\n');
  };
  const trust = releaseRoot === undefined ? '' : component('release-root.json', 'fRoot', releaseRoot);
  const all = [...ids.values(), ...(releaseRoot === undefined ? [] : ['fRoot'])];
  const source = `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="${guid(`product ${moment.version}`)}" Name="Muster agent" Language="1033" Version="${moment.version}" Manufacturer="Muster" UpgradeCode="${upgradeCode}">
<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"/>
<Media Id="1" Cabinet="muster.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="Home" Name="Muster">
${trust}
<Directory Id="Versions" Name="versions"><Directory Id="Version" Name="${moment.version}">
${folder('.')}
</Directory></Directory></Directory></Directory>
<Directory Id="System64Folder"/></Directory>
<Feature Id="Agent" Title="Muster agent" Level="1">
${all.map((id) => `<ComponentRef Id="c${id}"/>`).join('\n')}
</Feature>
</Product>
</Wix>
`;
  return { source, ids };
}

/** Windows wants a name of eight and three letters beside each longer one, and wixl leaves it out. */
function withShortNames(database: string, name: 'File' | 'Directory', column: number): string {
  const lines = execFileSync('msiinfo', ['export', database, name], { encoding: 'utf8' })
    .trimEnd()
    .split(/\r?\n/);
  let number = 0;
  return lines
    .map((line, index) => {
      if (index < 3) return line;
      const cells = line.split('\t');
      const long = cells[column] ?? '';
      const isShort = /^[A-Za-z0-9_]{1,8}(?:\.[A-Za-z0-9_]{1,3})?$/.test(long);
      if (long === '.' || long === 'SourceDir' || isShort) return line;
      number += 1;
      const extension = /\.([A-Za-z0-9]{1,3})[^.]*$/.exec(long)?.[1];
      const short = `${name[0]}${String(number).padStart(6, '0')}${extension === undefined ? '' : `.${extension}`}`;
      return cells.with(column, `${short.toUpperCase()}|${long}`).join('\t');
    })
    .map((line) => `${line}\r\n`)
    .join('');
}

/** FILETIME: tenths of microseconds since 1601. */
const fileTime = (seconds: number) => BigInt(Math.round(seconds) + 11_644_473_600) * 10_000_000n;

/** The package says when it was made, twice: that becomes when its source was committed. */
function settleTimes(path: string, since: number, epoch: number): void {
  const bytes = readFileSync(path);
  const [from, until] = [fileTime(since - 2), fileTime(Date.now() / 1_000 + 2)];
  let found = 0;
  for (let at = 0; at + 8 <= bytes.length; at += 4) {
    const value = bytes.readBigUInt64LE(at);
    if (value < from || value > until) continue;
    bytes.writeBigUInt64LE(fileTime(epoch), at);
    found += 1;
  }
  if (found < 2 || found > 8) throw new Error(`${basename(path)} says ${found} times when it was made`);
  writeFileSync(path, bytes);
}

/**
 * A package for the Windows Installer; answers its path. The version goes below Program Files\Muster\versions; the rest is done by
 * tables.ts and agent/windows/set-up.ts.
 */
export function buildMsi(target: Target, staged: string, moment: BuildMoment, output: string): string {
  if (!/^\d{1,3}\.\d{1,3}\.\d{1,5}$/.test(moment.version)) {
    throw new Error(`the Windows Installer knows versions such as 1.2.3 only, not ${moment.version}`);
  }
  const releaseRoot = process.env['MUSTER_RELEASE_ROOT'];
  if (releaseRoot !== undefined && !existsSync(releaseRoot)) {
    throw new Error('MUSTER_RELEASE_ROOT names no file');
  }
  const work = join(root, '.cache/stage', `msi-${target.id}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const { source, ids } = describe({ staged, work, releaseRoot }, moment);
  writeFileSync(join(work, 'package.wxs'), source);
  const path = join(output, `muster-agent-${moment.version}-${target.id}.msi`);
  rmSync(path, { force: true });
  const since = Date.now() / 1_000;
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  run('wixl', '--arch', 'x64', '--output', path, 'package.wxs');

  const node = ids.get('bin/node.exe');
  if (node === undefined) throw new Error('there is no bin/node.exe among what was staged');
  const tables: readonly (Pick<Table, 'name'> & { readonly text: string })[] = [
    { name: 'File', text: withShortNames(path, 'File', 2) },
    { name: 'Directory', text: withShortNames(path, 'Directory', 2) },
    ...behaviorTables({ node, component: `c${node}` }, guid(`product ${moment.version}`), moment).map(
      (table) => ({
        name: table.name,
        text: importable(table),
      }),
    ),
  ];
  // The package's own code: another one for other content.
  const digest = createHash('sha256').update(source).update(JSON.stringify(tables));
  for (const file of ids.keys()) digest.update(readFileSync(join(staged, file)));
  run('msibuild', path, '-s', 'Muster agent', 'Muster', 'x64;1033', guid(digest.digest('hex')));
  for (const { name, text } of tables) {
    writeFileSync(join(work, `${name}.idt`), text);
    run('msibuild', path, '-i', `${name}.idt`);
  }
  settleTimes(path, since, moment.epoch);
  return path;
}
