import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildMoment } from './build-moment.ts';
import { settle } from './stage.ts';
import type { Target } from './targets.ts';

const root = join(import.meta.dirname, '..');

/** A tar.gz whose bytes depend on what is in it only. */
export function archive(folder: string, entry: string, path: string, { epoch }: BuildMoment): void {
  const same = [
    '--sort=name',
    `--mtime=@${epoch}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=ustar',
  ];
  execFileSync('sh', ['-c', 'tar "$@" | gzip -n -6 > "$0"', path, ...same, '-C', folder, '-cf', '-', entry], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** What `agent --update` takes: one version, to be laid beside the one that runs. `npm run release` signs it. */
export function buildUpdateArchive(
  target: Target,
  staged: string,
  moment: BuildMoment,
  output: string,
): string {
  const path = join(output, `muster-agent-${moment.version}-${target.id}.tar.gz`);
  archive(staged, '.', path, moment);
  return path;
}

/**
 * For a Mac: the version, launchd's daemon, scripts that install and remove, and the root of trust for updates where one was
 * given.
 */
export function buildMacInstaller(
  target: Target,
  staged: string,
  moment: BuildMoment,
  output: string,
): string {
  const name = `muster-agent-installer-${moment.version}-${target.id}`;
  const work = join(root, '.cache/stage', `installer-${target.id}`);
  const folder = join(work, name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(folder, 'versions'), { recursive: true });
  cpSync(staged, join(folder, 'versions', moment.version), { recursive: true });
  for (const file of ['install', 'uninstall', 'org.muster.agent.plist']) {
    cpSync(join(import.meta.dirname, 'macos', file), join(folder, file));
  }
  const releaseRoot = process.env['MUSTER_RELEASE_ROOT'];
  if (releaseRoot !== undefined) {
    if (!existsSync(releaseRoot)) throw new Error('MUSTER_RELEASE_ROOT names no file');
    cpSync(releaseRoot, join(folder, 'release-root.json'));
  }
  settle(folder, moment.epoch);
  const path = join(output, `${name}.tar.gz`);
  archive(work, name, path, moment);
  return path;
}
