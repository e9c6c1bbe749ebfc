import {
  existsSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The agent as the installers for macOS and Windows lay it out: one folder a version below `versions/`, and `current`, which
 * leads to one of them (a link; on Windows a junction, which needs no special right).
 */
export interface Installation {
  /** The folder that holds `versions` and `current`. */
  readonly home: string;
  /** The root of trust for releases. */
  readonly root: string;
}

/** How `agent --update` ends when another version is in place: the service starts again with it. */
export const replacedExitCode = 76;

/** The installation this very program runs from; undefined where a package manager or a developer put it. */
export function ownInstallation(program = process.argv[1] ?? ''): Installation | undefined {
  if (!existsSync(program)) return undefined;
  // home/versions/0.1.0/dist/agent/start.js, however it was called.
  const version = dirname(dirname(dirname(realpathSync(program))));
  const versions = dirname(version);
  const home = dirname(versions);
  const root = join(home, 'release-root.json');
  return basename(versions) === 'versions' && existsSync(root) ? { home, root } : undefined;
}

export const versionFolder = ({ home }: Installation, version: string) => join(home, 'versions', version);

/** The version `current` leads to; undefined where it leads nowhere. */
export function currentVersion({ home }: Installation): string | undefined {
  try {
    return basename(readlinkSync(join(home, 'current')));
  } catch {
    return undefined;
  }
}

/** Makes `current` lead to a version. On macOS and Linux at once; on Windows with a moment in which it leads nowhere. */
export function switchTo(installation: Installation, version: string): void {
  const current = join(installation.home, 'current');
  const next = join(installation.home, 'current.next');
  removeLink(next);
  symlinkSync(versionFolder(installation, version), next, 'junction');
  if (process.platform === 'win32') removeLink(current);
  renameSync(next, current);
}

/** Never what it leads to. Nothing happens where there is none. */
function removeLink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Removes every version but these, and what was left half unpacked. */
export function keepOnly({ home }: Installation, versions: readonly string[]): void {
  for (const name of readdirSync(join(home, 'versions'))) {
    if (!versions.includes(name)) rmSync(join(home, 'versions', name), { recursive: true, force: true });
  }
}

/** What this machine's archives are called after: `darwin-arm64`, `win-x64`. Windows on ARM64 runs the x64 build. */
export function targetOf({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): string {
  return platform === 'win32' ? 'win-x64' : `${platform}-${arch}`;
}
