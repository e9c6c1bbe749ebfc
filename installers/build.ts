import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMacInstaller, buildUpdateArchive } from './archives.ts';
import type { BuildMoment } from './build-moment.ts';
import { bundle } from './bundle.ts';
import { agentPackage } from './linux/agent-package.ts';
import { collectorPackage } from './linux/collector-package.ts';
import { buildDeb, buildRpm } from './linux/packages.ts';
import { provenance } from './provenance.ts';
import { stageAgent, stageCollector } from './stage.ts';
import { type Target, targets } from './targets.ts';
import { buildMsi } from './windows/package.ts';

/**
 * `npm run installers`: every installer from one command on Linux, into release/. Two runs from one commit make the same bytes.
 * A program that is missing skips what needs it, says so, and the exit code is 3.
 */
const root = join(import.meta.dirname, '..');

/** What turns a staged program into a file to hand out. */
interface Packager {
  readonly name: string;
  readonly os: Target['os'];
  readonly stage: typeof stageAgent;
  /** Programs it needs, and where Debian has them. */
  readonly needs: Readonly<Record<string, string>>;
  readonly build: (target: Target, staged: string, moment: BuildMoment, output: string) => string;
}

/** Another kind of installer is one entry here. */
const packagers: readonly Packager[] = [
  {
    name: 'deb',
    os: 'linux',
    stage: stageAgent,
    needs: { 'dpkg-deb': 'dpkg' },
    build: (...given) => buildDeb(agentPackage, ...given),
  },
  {
    name: 'rpm',
    os: 'linux',
    stage: stageAgent,
    needs: { rpmbuild: 'rpm' },
    build: (...given) => buildRpm(agentPackage, ...given),
  },
  {
    name: 'collector-deb',
    os: 'linux',
    stage: stageCollector,
    needs: { 'dpkg-deb': 'dpkg' },
    build: (...given) => buildDeb(collectorPackage, ...given),
  },
  {
    name: 'collector-rpm',
    os: 'linux',
    stage: stageCollector,
    needs: { rpmbuild: 'rpm' },
    build: (...given) => buildRpm(collectorPackage, ...given),
  },
  { name: 'mac', os: 'macos', stage: stageAgent, needs: {}, build: buildMacInstaller },
  { name: 'mac-update', os: 'macos', stage: stageAgent, needs: {}, build: buildUpdateArchive },
  {
    name: 'msi',
    os: 'windows',
    stage: stageAgent,
    needs: { wixl: 'wixl', msibuild: 'msitools' },
    build: buildMsi,
  },
  { name: 'windows-update', os: 'windows', stage: stageAgent, needs: {}, build: buildUpdateArchive },
];

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

function buildMoment(): BuildMoment {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const given = process.env['SOURCE_DATE_EPOCH'];
  const changed = git('status', '--porcelain') !== '';
  return {
    version,
    commit: `${git('rev-parse', 'HEAD')}${changed ? '-changed' : ''}`,
    epoch: given === undefined ? Number(git('log', '-1', '--format=%ct')) : Number(given),
  };
}

function missing(needs: Packager['needs']): readonly string[] {
  return Object.entries(needs).flatMap(([program, from]) => {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
      return [];
    } catch {
      return [`${program} (Debian: apt-get install ${from})`];
    }
  });
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Makes what was asked for; answers the exit code. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, output: { type: 'string', default: join(root, 'release') } },
  });
  const wanted = values.only?.split(',');
  const unknown = wanted?.filter(
    (word) => !targets.some(({ id }) => id === word) && !packagers.some(({ name }) => name === word),
  );
  if (unknown !== undefined && unknown.length > 0) {
    const known = [...targets.map(({ id }) => id), ...packagers.map(({ name }) => name)].join(', ');
    say(`installers: --only ${unknown[0]} is nothing known; there is ${known}`);
    return 64;
  }
  const asked = (kind: readonly string[], word: string) =>
    wanted === undefined || !wanted.some((one) => kind.includes(one)) || wanted.includes(word);
  const output = values.output;
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const moment = buildMoment();
  say(`Muster ${moment.version}, commit ${moment.commit.slice(0, 12)}`);
  await bundle();

  const made: string[] = [];
  let skipped = 0;
  const targetIds = targets.map(({ id }) => id);
  const packagerNames = packagers.map(({ name }) => name);
  for (const target of targets.filter(({ id }) => asked(targetIds, id))) {
    const fitting = packagers.filter(({ os, name }) => os === target.os && asked(packagerNames, name));
    let standing: Packager['stage'] | undefined;
    for (const { name, stage, needs, build } of fitting) {
      const absent = missing(needs);
      if (absent.length > 0) {
        say(`  ${target.id} ${name}: skipped, needs ${absent.join(', ')}`);
        skipped += 1;
        continue;
      }
      const staged = join(root, '.cache/stage', target.id);
      if (standing !== stage) await stage(target, moment, staged);
      standing = stage;
      const path = build(target, staged, moment, output);
      made.push(path);
      say(`  ${target.id} ${name}: ${basename(path)}`);
    }
  }
  const digests = made.map((path) => ({
    name: basename(path),
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  }));
  writeFileSync(
    join(output, 'SHA256SUMS'),
    digests.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''),
  );
  writeFileSync(
    join(output, 'provenance.intoto.json'),
    `${JSON.stringify(provenance(moment, digests), null, 1)}\n`,
  );
  say(`${made.length} installers in ${output}, with SHA256SUMS and provenance.intoto.json`);
  return skipped > 0 ? 3 : 0;
}

process.exitCode = await main();
